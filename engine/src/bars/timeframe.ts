// Buckets of time, aligned to the epoch in UTC: a 4h bar opens at 00:00, 04:00, ... whatever the candles do.

/** Returns the first bucket that opens at `time` or later. */
export function bucketFrom(time: number, timeframeMs: number): number {
  return Math.ceil(time / timeframeMs) * timeframeMs;
}

/** Returns the bucket that `time` lies in. */
export function bucketOf(time: number, timeframeMs: number): number {
  return Math.floor(time / timeframeMs) * timeframeMs;
}
