// The days of a session market: each begins when the clock of a zone shows a time of day. Where summer time begins a day has
// 23 hours, where it ends 25. The offsets of the zone come with the market, because the engine knows no zones.

import { DAY_MS, HOUR_MS, MINUTE_MS, type MarketDay } from '../spec.ts';

/** Answers in epoch milliseconds; fast where times come in order, because it remembers the last day. */
export interface DayClock {
  /** Returns the open of the day that `time` lies in. */
  readonly open: (time: number) => number;
  /** Returns the open of the day after it. */
  readonly end: (time: number) => number;
  /** Returns the date of the day that `time` lies in, written as its midnight in UTC. */
  readonly dateOf: (time: number) => number;
  /** Returns the open of the day of a date, which is written as its midnight in UTC. */
  readonly openOfDate: (midnight: number) => number;
  /** Returns what the clock of the zone shows at `time`, written as if it were UTC. */
  readonly local: (time: number) => number;
}

const NOON_MS = 12 * HOUR_MS;

/** Opens the clock of a market's day. */
export function openDayClock({ begins, offsets }: MarketDay): DayClock {
  const [hours, minutes] = begins.split(':').map(Number);
  const beginsMs = hours * HOUR_MS + minutes * MINUTE_MS;
  const from = offsets.map((offset, at) => (at === 0 ? -Infinity : Date.parse(offset.from)));
  const ahead = offsets.map(({ seconds }) => seconds * 1000);
  let [open, end, date] = [Infinity, -Infinity, NaN];
  const later = beginsMs >= NOON_MS ? 1 : 0; // an evening belongs to the next date

  const local = (time: number): number => time + ahead[positionOf(from, time)];

  /** Finds the first instant at which the clock shows the local time or more: where it jumps over it, that of the jump. */
  const instantOf = (wanted: number): number => {
    let at = positionOf(from, wanted - DAY_MS); // a clock is less than a day ahead of or behind UTC
    while (wanted - ahead[at] >= from[at + 1]) at += 1;
    return Math.max(from[at], wanted - ahead[at]);
  };
  const openOf = (day: number): number => instantOf(day * DAY_MS + beginsMs);

  const moveTo = (time: number): void => {
    if (time >= open && time < end) return;
    let day = Math.floor((local(time) - beginsMs) / DAY_MS);
    while (openOf(day) > time) day -= 1;
    while (openOf(day + 1) <= time) day += 1;
    [open, end, date] = [openOf(day), openOf(day + 1), (day + later) * DAY_MS];
  };

  return {
    open(time) {
      moveTo(time);
      return open;
    },
    end(time) {
      moveTo(time);
      return end;
    },
    dateOf(time) {
      moveTo(time);
      return date;
    },
    openOfDate: (midnight) => openOf(midnight / DAY_MS - later),
    local,
  };
}

/** Returns the position of the last instant at or before `time`; 0 before the first one. */
function positionOf(from: readonly number[], time: number): number {
  let [low, high] = [0, from.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (from[middle] <= time) low = middle;
    else high = middle;
  }
  return low;
}

/** Returns a day with the offsets that hold from `start` to `end` only. */
export function dayWithin(day: MarketDay, { start, end }: { readonly start: number; readonly end: number }): MarketDay {
  const from = day.offsets.map((offset) => Date.parse(offset.from));
  const first = positionOf(from, start);
  return { ...day, offsets: day.offsets.filter((_, at) => at >= first && (at === first || from[at] < end)) };
}
