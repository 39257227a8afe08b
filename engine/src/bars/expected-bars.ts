// How many bars a spec will trade on, without a look at candles: exactly where the market never closes, between a short
// and a long session a day where it does.

import { DAY_MS, TIMEFRAMES, type Spec } from '../spec.ts';
import { barFrom, barOpen, bucketsOf } from './timeframe.ts';

/** Bars of the target slice, if candles reach over all of it. */
export interface ExpectedBars {
  readonly fewest: number;
  readonly most: number;
  /** Days with bars, with a fraction where the range has one. */
  readonly days: number;
}

const DAYS_A_YEAR = 365.25;

/** Shortest session: New York trades six hours and a half, currencies around the clock. */
const SHORT_SESSION_MS = 6.5 * TIMEFRAMES['1h'];

/**
 * Counts the bars of the timeframe that open and close within the range. Where the day of a market has 23 or 25 hours, bars of
 * that hour more or less are not counted.
 */
export function wholeBars({ time_range, ...spec }: Pick<Spec, 'time_range' | 'template' | 'runtime'>): number {
  const buckets = bucketsOf(spec);
  const end = barOpen(Date.parse(time_range.end), buckets);
  const length = end - barFrom(Date.parse(time_range.start), buckets);
  return length > 0 ? Math.max(1, Math.round(length / buckets.timeframeMs)) : 0;
}

/** Estimates the bars of a spec. */
export function expectedBars(spec: Spec): ExpectedBars {
  const { runtime } = spec;
  const timeframeMs = TIMEFRAMES[spec.template.timeframe];
  const bars = wholeBars(spec);
  const length = bars * timeframeMs;
  if (runtime.calendar === 'continuous') return { fewest: bars, most: bars, days: length / DAY_MS };
  // periods_per_year is how many days of a year the exchange is open.
  const open = Math.min(1, runtime.periods_per_year / DAYS_A_YEAR);
  const days = (length / DAY_MS) * open;
  const shortest = Math.max(1, Math.floor(SHORT_SESSION_MS / timeframeMs));
  const longest = Math.max(1, DAY_MS / timeframeMs);
  return { fewest: Math.round(days * shortest), most: Math.round(days * longest), days };
}
