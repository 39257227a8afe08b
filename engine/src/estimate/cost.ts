// What a spec will cost, counted before anything is loaded: the variants of each stage, exactly, and the bytes that the
// columns of a search with its threads take, within 20 % where the candles are what is assumed of them.

import { foldCount } from '../bars/folds.ts';
import { loadRange } from '../bars/timeline.ts';
import { MEMO_BYTES } from '../columns/memo.ts';
import { tradesKept } from '../defaults.ts';
import { ENDS_BYTES, needsPath, traderDemand } from '../fast/demand.ts';
import type { Grid } from '../grid/grid.ts';
import { sampleSize } from '../grid/sample.ts';
import { luckPlan } from '../markets/plan.ts';
import { NEAR_BYTES, whyNoNear } from '../scoring/best-near.ts';
import { POINT_BYTES } from '../scoring/plateau.ts';
import { AHEAD } from '../scoring/pool.ts';
import { factorsDemand } from '../signals/factors.ts';
import { TIMEFRAMES, type Spec } from '../spec.ts';
import { comparedVariants, VERDICT_SHARERS } from '../verdict/trials.ts';

/** Variants, over all folds, and units of progress as counts, memory in bytes. */
export interface Estimate {
  readonly stage_a_variants: number;
  readonly stage_b_variants: number;
  /** Of progress: both stages, the variants that are re-run at the end, and those scored by the luck test. */
  readonly total_units: number;
  /** Variants that the luck test scores, on the real market and on permuted ones; and the bytes of `bytes` that it takes. */
  readonly luck_variants: number;
  readonly luck_bytes: number;
  readonly bytes: number;
}

const COLUMNS_OF_CANDLES = 6 * 8;
/** Of a bar of a permuted market, in each thread: five columns of prices and volume, a mark, the places of bar and gap. */
const PERMUTED = 5 * 8 + 1 + 2 * 8;
/** Of a variant that is re-run: a trade (64 bytes) on every eighth bar, equity, the strategy's signal and exits. */
const SIMULATION = 64 / 8 + 8 + 3;
/** An index and two scores, in the heap of the search and in that of each chunk. */
const RANKED = 3 * 8;
/** A variant as it is kept: payload, metrics, report. */
const KEPT = 8 * 1024;
/** A trade as it is kept, as JSON or as an object alike: 21 fields, three of them times. */
export const KEPT_TRADE = 600;
const SCORE = 4;
/** A base index of a sample, in the search and on its way to a thread. */
const SAMPLED = 2 * 8;
/** A value of an axis, as a list that also has a word in it keeps numbers. */
const AXIS_VALUE = 24;

/**
 * Units of progress, at most: variants that do not trade or are filtered out are in no later stage. Both stages are gone
 * through once for each fold, and once for each market of the luck test.
 */
export function unitsOf(spec: Spec, grid: Grid) {
  const stage_a = sampleSize(grid, spec.sample);
  const stage_b = Math.min(spec.preselect, stage_a) * grid.riskTotal;
  const folds = foldCount(spec);
  // By plateaus one risk setting of each base is ranked.
  const ranked = spec.ranking.plateau === undefined ? stage_b : stage_b / grid.riskTotal;
  const finalizing = Math.min(spec.top_k, ranked);
  const { units: luck, unitsOfMarket: market } = luckPlan(spec, grid) ?? { units: 0, unitsOfMarket: 0 };
  return { folds, stage_a, stage_b, finalizing, luck, market, total: folds * (stage_a + stage_b) + finalizing + luck };
}

/** Trades that the rows of a result keep, at most: one a bar, and of each row no more than are stored. */
export function keptTrades(spec: Spec, grid: Grid): { readonly rows: number; readonly perRow: number } {
  const { start, end } = loadRange(spec);
  const bars = Math.ceil((end - start) / TIMEFRAMES[spec.template.timeframe]);
  return {
    rows: Math.min(spec.top_trades_n, unitsOf(spec, grid).finalizing),
    perRow: Math.min(bars, tradesKept(spec)),
  };
}

/** What a search of the spec will cost on so many threads, known without candles; `grid` is that of the spec. */
export function estimate(spec: Spec, grid: Grid, threads = 1): Estimate {
  const units = unitsOf(spec, grid);
  const shortlisted = Math.min(spec.preselect, units.stage_a);
  const { start, end } = loadRange(spec);
  const timeframeMs = TIMEFRAMES[spec.template.timeframe];
  const bars = (end - start) / timeframeMs;
  // Markets that never close are stored by the minute, exchanges by the day or what the timeframe asks for.
  const baseBars = spec.runtime.calendar === 'continuous' ? (end - start) / TIMEFRAMES['1m'] : bars;
  const { kept, always } = factorsDemand(grid.strategy);
  const scored = kept(units.stage_a, grid.baseTotal);
  const compared = kept(comparedVariants(spec, grid).bases, grid.baseTotal);
  const scoring = traderDemand(spec, grid, needsPath(spec));
  const judging = traderDemand(spec, grid, true);
  const marks = grid.groups.reduce((sum, { valid }) => sum + valid.length, 0);
  const surface = spec.sample === null ? grid.rawTotal : units.stage_a;
  const reruns = threads === 1 ? 1 : threads + 1; // in each thread, and beside them for snapshots
  // Risk settings are made from these when they are scored: none is kept.
  const axes = [...grid.axes.map(({ values }) => values), ...Object.values(grid.risks)];
  const trades = keptTrades(spec, grid);
  const tradesUnderWay = Math.min(trades.rows, threads === 1 ? 1 : AHEAD * threads) + trades.rows;
  const axisValues = axes.reduce((sum, { length }) => sum + length, 0);
  const plateau = spec.ranking.plateau === undefined ? 0 : surface * POINT_BYTES;
  const luck_bytes = units.luck === 0 ? 0 : threads * (bars * PERMUTED + plateau);
  const bytes =
    luck_bytes +
    (baseBars + bars) * COLUMNS_OF_CANDLES +
    (threads + 1 + reruns) * bars * always +
    threads * bars * scoring.always +
    bars * judging.always +
    reruns * bars * SIMULATION +
    Math.min(threads * scored * bars, MEMO_BYTES) +
    Math.min(compared * bars, MEMO_BYTES / VERDICT_SHARERS) +
    Math.min(threads * scoring.kept * bars, ENDS_BYTES) +
    Math.min(judging.kept * bars, ENDS_BYTES / VERDICT_SHARERS) +
    threads * marks +
    (threads + 1) * axisValues * AXIS_VALUE +
    surface * SCORE +
    (whyNoNear(grid, spec) === null ? surface * NEAR_BYTES : 0) +
    plateau +
    (spec.sample === null ? 0 : units.stage_a * SAMPLED) +
    (shortlisted + spec.top_k) * RANKED * (1 + (threads === 1 ? 1 : AHEAD * threads)) +
    units.finalizing * KEPT +
    tradesUnderWay * trades.perRow * KEPT_TRADE;
  return {
    stage_a_variants: units.folds * units.stage_a,
    stage_b_variants: units.folds * units.stage_b,
    total_units: units.total,
    luck_variants: units.luck,
    luck_bytes: Math.ceil(luck_bytes),
    bytes: Math.ceil(bytes),
  };
}
