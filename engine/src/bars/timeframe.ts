// Buckets of time, aligned to the epoch in UTC: a 4h bar opens at 00:00, 04:00, ... whatever the candles do.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Milliseconds of each timeframe. */
export const TIMEFRAMES = {
  '1m': MINUTE,
  '3m': 3 * MINUTE,
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '30m': 30 * MINUTE,
  '1h': HOUR,
  '2h': 2 * HOUR,
  '4h': 4 * HOUR,
  '6h': 6 * HOUR,
  '8h': 8 * HOUR,
  '12h': 12 * HOUR,
  '1d': 24 * HOUR,
} as const;

/** A bar's length by name, from `1m` to `1d`. */
export type Timeframe = keyof typeof TIMEFRAMES;

export function isTimeframe(text: string): text is Timeframe {
  return Object.hasOwn(TIMEFRAMES, text);
}

/** The first bucket that opens at `time` or later. */
export function bucketFrom(time: number, timeframeMs: number): number {
  return Math.ceil(time / timeframeMs) * timeframeMs;
}

/** The bucket `time` lies in. */
export function bucketOf(time: number, timeframeMs: number): number {
  return Math.floor(time / timeframeMs) * timeframeMs;
}
