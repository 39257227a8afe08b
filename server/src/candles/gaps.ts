// What is odd in a series: holes in the candles of a market that never closes, jumps of the price that look like splits;
// and the ledger that counts them.

import { TIMEFRAMES } from '@backtest-jobs/engine';
import { joinSplitJumps, splitJumps, type SplitJumps } from '@backtest-jobs/engine/internal';
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
  /** Jumps of the price that look like splits nobody has adjusted for; null where they were not looked for. */
  readonly split_jumps: SplitJumps | null;
}

export interface Checked {
  readonly present: number;
  readonly gaps: Gaps;
  readonly splitJumps: SplitJumps;
}

/** Looks at every bar of a series. */
export async function checkSeries(source: CandleSource, series: Coverage, keep: number): Promise<Checked> {
  const times = await source.times(series);
  const gaps = gapsOf(times, TIMEFRAMES[series.interval], keep);
  return { present: times.length, gaps, splitJumps: await findSplitJumps(source, series, times) };
}

/** Bars that are in memory at once: 10 MB. */
const PART_BARS = 200_000;
/** Bars beside a part that its jumps are compared with. */
const MARGIN_BARS = 20;

/** Reads prices a part at a time, each with a few bars before and after it. */
async function findSplitJumps(source: CandleSource, series: Coverage, times: Float64Array): Promise<SplitJumps> {
  let found: SplitJumps = { count: 0, first: [] };
  for (let from = 0; from < times.length; from += PART_BARS) {
    const to = Math.min(times.length, from + PART_BARS);
    const last = at(times, to - 1);
    const range = {
      start: at(times, Math.max(0, from - MARGIN_BARS)),
      end: at(times, Math.min(times.length, to + MARGIN_BARS) - 1) + 1,
    };
    found = joinSplitJumps(found, splitJumps(await source.bars(series, range), at(times, from), last + 1));
  }
  return found;
}

/**
 * Makes the ledger of a series.
 * @param named number of the longest gaps to name
 */
export function seriesLedger(
  series: Coverage,
  checked: Checked | null,
  calendar: 'continuous' | 'session',
  named: number,
): SeriesLedger {
  const span = Date.parse(series.end) - Date.parse(series.start);
  const present = checked?.present ?? null;
  const split_jumps = checked?.splitJumps ?? null;
  const counts = { ...series, present, split_jumps };
  if (calendar === 'session') return { ...counts, expected: null, gaps: null };
  const expected = Math.round(span / TIMEFRAMES[series.interval]);
  if (checked === null) return { ...counts, expected, gaps: null };
  const { count, missing, most, longest } = checked.gaps;
  const shown = longestOf([...longest], named).sort((a, b) => a.start - b.start);
  const gaps = shown.map(({ start, end, missing: absent }) => ({ start: iso(start), end: iso(end), missing: absent }));
  return { ...counts, expected, gaps: { count, missing, longest_missing: most, longest: gaps } };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
