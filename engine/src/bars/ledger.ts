// The data ledger: what a result was computed from, so that nobody mistakes a hole in the candles for a quiet market.

import { sha256Of } from '../identity/sha256.ts';
import { specError } from '../problems.ts';
import type { Spec, Timeframe } from '../spec.ts';
import { COLUMNS, type Candles } from './candles.ts';
import { splitJumps, type SplitJumps } from './split-jumps.ts';
import { barEnd, barOpen, bucketOf, type Buckets } from './timeframe.ts';

/**
 * Base candles are counted over the requested range and as much of its warm-up as there is, in slots: a market that
 * never closes should have a candle in every stretch of `base_interval_ms` from the epoch on. In a session market only those candles count that
 * bars were made of.
 */
export interface Ledger {
  readonly base_interval_ms: number;
  /** Slots of the range; null in a session market, whose calendar is not known. */
  readonly base_expected: number | null;
  /** Candles used, without duplicates; with `base_missing` they are those expected, unless two lie in one slot. */
  readonly base_present: number;
  /** Slots without a candle, and in how many gaps they lie: stretches of them, at both ends of the range too. */
  readonly base_missing: number | null;
  readonly base_gaps: number | null;
  /** The longest time without a candle where one could be: in a session market also from close to open. */
  readonly longest_gap_ms: number;
  /** Candles dropped because another has the same time. */
  readonly duplicates: number;
  /** Share of the base candles present. */
  readonly zero_volume_share: number;
  /** Bars of the timeframe, warm-up included. */
  readonly bars: number;
  /** Bars of the target slice, and those of them that had no candle and carry the close before. */
  readonly target_bars: number;
  readonly carried_bars: number;
  /** Open of the first bar and close of the last bar of the target slice. */
  readonly first_target: string;
  readonly last_target: string;
  /** Jumps of the price between candles used that look like splits nobody has adjusted for; missing where there is none. */
  readonly split_jumps?: SplitJumps;
  /**
   * Intervals of the series that could have served, and their bars of the range that have a candle; the one that was read
   * stands first. Whoever has read the candles adds it; missing where there was no choice.
   */
  readonly series?: readonly { readonly interval: Timeframe; readonly bars: number }[];
  /** sha256 over the six base columns of the candles used, one after the other, little-endian float64. */
  readonly digest: string;
}

export interface Loaded {
  /** Base candles used, without duplicates. */
  readonly rows: Candles;
  /** Bars that they were rolled up to. */
  readonly bars: Candles;
  /** First bar of the target slice. */
  readonly first: number;
  /** Times of the candles that were dropped, of those not used too. */
  readonly duplicates: readonly number[];
  readonly base: number;
  readonly buckets: Buckets;
  /** Range in which a continuous market should have a candle every `base` milliseconds. */
  readonly range: { readonly start: number; readonly end: number };
}

/** Makes the ledger of what was loaded. */
export function ledgerOf({ rows, bars, first, duplicates, base, buckets, range }: Loaded, spec: Spec): Ledger {
  const { time } = rows;
  const continuous = spec.runtime.calendar === 'continuous';
  const expected = continuous ? (range.end - range.start) / base : null;
  // Before the first and after the last candle is a gap too, where candles can be expected.
  const edges = continuous ? ([range.start - base, range.end] as const) : ([time[0], time[time.length - 1]] as const);
  const slots = time.map((open) => bucketOf(open, base));
  const present = distinct(slots);
  const gaps = gapsOf(slots, edges, base);
  const targetBars = bars.time.length - first;
  const opens = bars.time[first];
  const jumps = splitJumps(rows);
  const traded = distinct(time.filter((open) => open >= opens).map((open) => barOpen(open, buckets)));
  return {
    base_interval_ms: base,
    base_expected: expected,
    base_present: time.length,
    base_missing: expected === null ? null : expected - present,
    base_gaps: continuous ? gaps.count : null,
    longest_gap_ms: gaps.longest,
    duplicates: duplicates.filter((open) => open >= time[0]).length,
    zero_volume_share: rows.volume.reduce((count, volume) => count + Number(volume === 0), 0) / time.length,
    bars: bars.time.length,
    target_bars: targetBars,
    carried_bars: continuous ? targetBars - traded : 0,
    first_target: new Date(opens).toISOString(),
    last_target: new Date(barEnd(bars.time[bars.time.length - 1], buckets)).toISOString(),
    ...(jumps.count > 0 && { split_jumps: jumps }),
    digest: sha256Of(COLUMNS.map((name) => bytesOf(rows[name]))),
  };
}

/** Throws SpecError for a target slice most of whose bars have no candle: its trades would be made of closes from before. */
export function requireCandles({ carried_bars, target_bars }: Ledger, { template: { timeframe } }: Spec): void {
  if (carried_bars * 2 <= target_bars) return;
  const message =
    `${carried_bars} of ${target_bars} bars of ${timeframe} have no candle and would carry the close before: ` +
    'choose a larger timeframe or another range, or import the candles that are missing';
  throw specError('time_range', 'too_few_candles', message);
}

/** Counts the different values of an ascending column. */
function distinct(column: Float64Array): number {
  return column.reduce((count, value, at) => count + Number(at === 0 || value !== column[at - 1]), 0);
}

/** Counts the gaps between ascending slots and the edges around them. */
function gapsOf(slots: Float64Array, [before, after]: readonly [number, number], base: number) {
  let count = 0;
  let longest = 0;
  for (let at = 0; at <= slots.length; at += 1) {
    const gap = (slots[at] ?? after) - (slots[at - 1] ?? before) - base;
    if (gap > 0) count += 1;
    longest = Math.max(longest, gap);
  }
  return { count, longest };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
