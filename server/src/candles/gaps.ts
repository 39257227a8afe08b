// Holes in the candles of a market that never closes, and the ledger of a series that counts them.

import { TIMEFRAMES } from '@backtest-jobs/engine';
import { at } from './at.ts';
import type { CandleSource, Coverage } from './source.ts';

export interface Gap {
  /** Open of the first bar that is missing, and of the first one that is there again; epoch milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly missing: number;
}

export interface Gaps {
  readonly count: number;
  /** Bars missing in all of them. */
  readonly missing: number;
  /** Bars missing in the longest. */
  readonly most: number;
  /** The longest ones, in order of time. */
  readonly longest: readonly Gap[];
}

/**
 * Counts the gaps between bars.
 * @param keep number of gaps to name
 */
export function gapsOf(times: Float64Array, step: number, keep = 0): Gaps {
  let count = 0;
  let missing = 0;
  let most = 0;
  let longest: Gap[] = [];
  for (let i = 1; i < times.length; i += 1) {
    const [before, after] = [at(times, i - 1), at(times, i)];
    if (after - before === step) continue;
    const absent = Math.round((after - before) / step) - 1;
    count += 1;
    missing += absent;
    most = Math.max(most, absent);
    if (keep > 0) longest.push({ start: before + step, end: after, missing: absent });
    if (longest.length > 2 * keep + 1000) longest = longestOf(longest, keep);
  }
  return { count, missing, most, longest: longestOf(longest, keep).sort((a, b) => a.start - b.start) };
}

function longestOf(gaps: Gap[], keep: number): Gap[] {
  return gaps.sort((a, b) => b.missing - a.missing || a.start - b.start).slice(0, keep);
}

/** The bars that a series has and those that it lacks. */
export interface SeriesLedger extends Coverage {
  /** Different candles; null where they were not counted. */
  readonly present: number | null;
  /** Candles that should be there from start to end; null in a session market, whose calendar is not known. */
  readonly expected: number | null;
  /** Null in a session market, and where they were not counted. */
  readonly gaps: {
    readonly count: number;
    readonly missing: number;
    readonly longest_missing: number;
    readonly longest: readonly { readonly start: string; readonly end: string; readonly missing: number }[];
  } | null;
}

export interface Counted {
  readonly present: number;
  readonly gaps: Gaps;
}

/** Reads the time of every bar of a series and counts its gaps. */
export async function countGaps(source: CandleSource, series: Coverage, keep: number): Promise<Counted> {
  const times = await source.times(series);
  return { present: times.length, gaps: gapsOf(times, TIMEFRAMES[series.interval], keep) };
}

/**
 * Makes the ledger of a series.
 * @param named number of the longest gaps to name
 */
export function seriesLedger(
  series: Coverage,
  counted: Counted | null,
  calendar: 'continuous' | 'session',
  named: number,
): SeriesLedger {
  const span = Date.parse(series.end) - Date.parse(series.start);
  const present = counted?.present ?? null;
  if (calendar === 'session') return { ...series, present, expected: null, gaps: null };
  const expected = Math.round(span / TIMEFRAMES[series.interval]);
  if (counted === null) return { ...series, present, expected, gaps: null };
  const { count, missing, most, longest } = counted.gaps;
  const shown = longestOf([...longest], named).sort((a, b) => a.start - b.start);
  const gaps = shown.map(({ start, end, missing: absent }) => ({ start: iso(start), end: iso(end), missing: absent }));
  return { ...series, present, expected, gaps: { count, missing, longest_missing: most, longest: gaps } };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
