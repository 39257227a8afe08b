// Local times as UTC. An hour that comes twice where summer time ends is told apart by the row before it: times of a file
// go up, or down, so each row takes the one of both hours that goes on.

import { specError } from '@backtest-jobs/engine/internal';
import { parseTime } from '../files/time.ts';

/** Turns a local time, written as if it were UTC, into UTC; NaN for one that the clock jumps over. Rows come in order. */
export type ToUtc = (local: number) => number;

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;

/** Opens a zone for the rows of one file; throws SpecError for what is no zone. */
export function openZone(name: string): ToUtc {
  const localOf = clockOf(name);
  const offsets = new Map<number, readonly number[]>();
  let before = Number.NaN;
  let down = false; // the newest row first
  return (local) => {
    const quarter = Math.floor(local / QUARTER_MS) * QUARTER_MS;
    let found = offsets.get(quarter);
    if (found === undefined) {
      found = offsetsOf(localOf, quarter);
      offsets.set(quarter, found);
    }
    const [early, late] = found.map((offset) => local - offset);
    if (early === undefined) return Number.NaN;
    // Rows go down when neither instant goes up, and up when neither goes down.
    if ((late ?? early) < before) down = true;
    else if (early > before) down = false;
    const lateFirst = down ? !(late !== undefined && late >= before) : early <= before;
    before = late !== undefined && lateFirst ? late : early;
    return before;
  };
}

/** Offsets that a local time may have, that of the earlier instant first. */
function offsetsOf(localOf: ToUtc, local: number): readonly number[] {
  const around = [local - DAY_MS, local + DAY_MS].map((time) => localOf(time) - time);
  const offsets = [...new Set(around)].filter((offset) => localOf(local - offset) === local);
  return offsets.sort((a, b) => b - a);
}

/** Makes what returns the local time at an instant, written as if it were UTC. */
function clockOf(name: string): ToUtc {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  } catch {
    const message = `must be a zone of the IANA, like America/New_York or UTC, not ${JSON.stringify(name.slice(0, 40))}`;
    throw specError('timezone', 'invalid_value', message);
  }
  return (time) => {
    const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const { year, month, day, hour, minute, second } = parts;
    return parseTime(`${year}-${month}-${day} ${hour}:${minute}:${second}`);
  };
}

/** Reports whether a text has a time of day and no zone; a date alone is a day, whatever the zone. */
export function isLocal(text: string): boolean {
  return /\d:?\d{2}/.test(text) && /[T ]\d/.test(text) && !/\d ?(?:Z|UTC|[+-]\d{2}(?::?\d{2})?)$/i.test(text);
}
