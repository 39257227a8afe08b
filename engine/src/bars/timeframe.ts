// Buckets of time. They are aligned to the epoch in UTC: a 4h bar opens at 00:00, 04:00, ... whatever the candles do. In a
// session market whose day is not the UTC day they are aligned to the open of its day: a 1d bar is that day, and the last
// bar within a day ends with it, if need be before its time is over.

import { DAY_MS, TIMEFRAMES, type Spec, type Timeframe } from '../spec.ts';
import { openDayClock, type DayClock } from './market-day.ts';

/** Bars of a timeframe. */
export interface Buckets {
  /** Length of a bar, of the last one of a day at most. */
  readonly timeframeMs: number;
  /** Only where bars follow the day of a market. */
  readonly clock?: DayClock;
}

/** Returns the buckets of a spec. */
export function bucketsOf({ template, runtime }: Pick<Spec, 'template' | 'runtime'>): Buckets {
  return marketBuckets(template.timeframe, runtime);
}

/** Returns the buckets of a timeframe in a market. */
export function marketBuckets(
  timeframe: Timeframe,
  { calendar, day }: Pick<Spec['runtime'], 'calendar' | 'day'>,
): Buckets {
  const timeframeMs = TIMEFRAMES[timeframe];
  return calendar === 'session' && day ? { timeframeMs, clock: openDayClock(day) } : { timeframeMs };
}

/** Returns the open of the bar that `time` lies in. */
export function barOpen(time: number, { timeframeMs, clock }: Buckets): number {
  if (clock === undefined) return bucketOf(time, timeframeMs);
  const open = clock.open(time);
  return timeframeMs === DAY_MS ? open : open + bucketOf(time - open, timeframeMs);
}

/** Returns when the bar that opens at `open` closes, which is when the next one opens. */
export function barEnd(open: number, { timeframeMs, clock }: Buckets): number {
  if (clock === undefined) return open + timeframeMs;
  const end = clock.end(open);
  return timeframeMs === DAY_MS ? end : Math.min(open + timeframeMs, end);
}

/** Returns the open of the first bar that opens at `time` or later. */
export function barFrom(time: number, buckets: Buckets): number {
  if (buckets.clock === undefined) return bucketFrom(time, buckets.timeframeMs);
  const open = barOpen(time, buckets);
  return open < time ? barEnd(open, buckets) : open;
}

/** Returns the first multiple of an interval that is `time` or later. */
function bucketFrom(time: number, interval: number): number {
  return Math.ceil(time / interval) * interval;
}

/** Returns the last multiple of an interval that is `time` or earlier. */
export function bucketOf(time: number, interval: number): number {
  return Math.floor(time / interval) * interval;
}
