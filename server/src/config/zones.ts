// Time zones, as this machine knows them. The engine knows none: it gets the offsets of the zones that it has to know.

import type { Defaults } from '@backtest-jobs/engine';

type ZoneOffset = NonNullable<Defaults['markets'][string]['day']>['offsets'][number];

/** Reports whether a text is a name of the IANA: an offset like +02:00, which Intl takes too, knows no summer time. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    clockOf(name);
    return true;
  } catch {
    return false;
  }
}

const known = new Map<string, readonly ZoneOffset[]>();

/** Two changes of a zone lie further apart: a summer time is set out for the month of Ramadan at least. */
const STEP_MS = 7 * 86_400_000;
const FIRST_MS = Date.UTC(1900, 0);
const END_MS = Date.UTC(2100, 0);

/** Lists the offsets of a zone from 1900 to 2100, each from the instant on at which it begins. */
export function zoneOffsets(zone: string): readonly ZoneOffset[] {
  const found = known.get(zone) ?? findOffsets(clockOf(zone));
  known.set(zone, found);
  return found;
}

function findOffsets(secondsAt: (time: number) => number): readonly ZoneOffset[] {
  let seconds = secondsAt(FIRST_MS);
  const offsets = [{ from: new Date(FIRST_MS).toISOString(), seconds }];
  for (let time = FIRST_MS; time < END_MS; time += STEP_MS) {
    const next = secondsAt(time + STEP_MS);
    if (next === seconds) continue;
    const from = changeIn(secondsAt, time, time + STEP_MS);
    offsets.push({ from: new Date(from).toISOString(), seconds: next });
    seconds = next;
  }
  return offsets;
}

/** Finds the second at which the offset that holds at `before` ends, by halving. */
function changeIn(secondsAt: (time: number) => number, before: number, after: number): number {
  const seconds = secondsAt(before);
  let [low, high] = [before, after];
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000;
    if (secondsAt(middle) === seconds) low = middle;
    else high = middle;
  }
  return high;
}

/** Makes what returns the seconds that the clock of a zone is ahead of UTC; throws RangeError for no zone. */
function clockOf(zone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  return (time) => {
    const [, sign, hours = 0, minutes = 0, seconds = 0] =
      /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(format.format(time)) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
  };
}
