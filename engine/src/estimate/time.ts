// How long a search will take, told before anything is loaded, as a range: what it does, counted, over how fast this was
// done in searches that were measured. It knows neither the machine nor the candles, and how often a variant trades
// decides more than anything a spec says; so the ends are a factor of ten or more apart, and no promise.
//
// Rates are of one core of two shared ones of an AMD EPYC, Node 24, with the compiled kernels: set by hand around whole runs of
// W1, W2, W4, the demo, the examples and searches made to be slow. bench/README.md has what came of them.

import { expectedBars } from '../bars/expected-bars.ts';
import { foldCount, searchedBars } from '../bars/folds.ts';
import { loadRange } from '../bars/timeline.ts';
import { MEMO_BYTES } from '../columns/memo.ts';
import { isRuled, needsPath } from '../fast/demand.ts';
import type { Grid } from '../grid/grid.ts';
import { luckPlan } from '../markets/plan.ts';
import { factorsDemand } from '../signals/factors.ts';
import { TIMEFRAMES, type Spec } from '../spec.ts';
import { comparedVariants } from '../verdict/trials.ts';
import { unitsOf } from './cost.ts';

/** From the first candle asked for to the result. A job waits for a worker and for its candles besides. */
export interface TimeEstimate {
  readonly low_seconds: number;
  readonly high_seconds: number;
  /** The part of it that the luck test takes. */
  readonly luck: { readonly low_seconds: number; readonly high_seconds: number };
}

/** How fast the parts of a search are, at one end of the range. */
interface Rates {
  /** Bars of variants that are scored, a second: from signal to signal, with exit rules; and where equity is followed, too. */
  readonly plain: number;
  readonly ruled: number;
  readonly path: number;
  /** Whatever its bars, for each variant. */
  readonly variantSeconds: number;
  /** Bytes of columns (indicators, conditions) that are computed, a second; a value (8) takes 2 to 160 ns, half of them below 21. */
  readonly columnBytes: number;
  /** Bars of kept variants that are re-run, reported and written, a second; and what each takes besides. */
  readonly rowBars: number;
  readonly rowSeconds: number;
  /** Of a variant compared by the verdict, whatever its bars: its part in 12,870 ways to cut the history in two. */
  readonly comparedSeconds: number;
  /** Base candles that are read, checked and rolled up, a second. */
  readonly candles: number;
  readonly startSeconds: number;
}

const FAST: Rates = {
  plain: 25e9,
  ruled: 800e6,
  path: 4e9,
  variantSeconds: 0.2e-6,
  columnBytes: 6e9,
  rowBars: 250e6,
  rowSeconds: 50e-6,
  comparedSeconds: 50e-6,
  candles: 5e6,
  startSeconds: 0.1,
};

const SLOW: Rates = {
  plain: 2.5e9,
  ruled: 80e6,
  path: 400e6,
  variantSeconds: 5e-6,
  columnBytes: 200e6,
  rowBars: 60e6,
  rowSeconds: 1e-3,
  comparedSeconds: 500e-6,
  candles: 1e6,
  startSeconds: 1,
};

/** What a search of the spec will take on so many threads, known without candles; `grid` is that of the spec. */
export function estimateTime(spec: Spec, grid: Grid, threads = 1): TimeEstimate {
  const { fewest, most } = expectedBars(spec);
  const { start, end } = loadRange(spec);
  // As `estimate` has it: where a market never closes candles may be stored by the minute.
  const minutes = (end - start) / TIMEFRAMES['1m'];
  const fewestCandles = fewest + spec.warmup_bars;
  const mostCandles = spec.runtime.calendar === 'continuous' ? minutes : most + spec.warmup_bars;
  const low = { rates: FAST, bars: fewest, candles: fewestCandles, threads, together: true };
  const high = { rates: SLOW, bars: most, candles: mostCandles, threads, together: false };
  const luck = { low_seconds: luckSeconds(spec, grid, low), high_seconds: luckSeconds(spec, grid, high) };
  return {
    low_seconds: searchSeconds(spec, grid, low) + luck.low_seconds,
    high_seconds: searchSeconds(spec, grid, high) + luck.high_seconds,
    luck,
  };
}

interface Circumstances {
  readonly rates: Rates;
  /** Of the target slice. */
  readonly bars: number;
  /** That are read. */
  readonly candles: number;
  readonly threads: number;
  /** Whether threads divide the columns among them; else each computes all, as where they depend on inner axes only. */
  readonly together: boolean;
}

/** What scoring takes of one thread, on the bars that are searched. */
function scoringOf(spec: Spec, grid: Grid, { rates, bars }: Circumstances) {
  const searched = searchedBars(spec, Math.round(bars)) + spec.warmup_bars;
  const ruled = isRuled(grid, spec.template.direction_mode);
  const way = ruled ? 1 / rates.ruled : 1 / rates.plain;
  return {
    searched,
    way,
    columns: (variants: number): number => (columnsOf(grid, variants, searched) * searched) / rates.columnBytes,
    perVariant: searched * (needsPath(spec) ? way + 1 / rates.path : way) + rates.variantSeconds,
  };
}

/** Of the luck test: each market has columns of its own, and a thread at a time. */
function luckSeconds(spec: Spec, grid: Grid, circumstances: Circumstances): number {
  const plan = luckPlan(spec, grid);
  if (plan === null) return 0;
  const { rates, threads } = circumstances;
  const { searched, columns, perVariant } = scoringOf(spec, grid, circumstances);
  const folds = plan.walk ? foldCount(spec) : 1;
  const market = plan.unitsOfMarket * perVariant + folds * (columns(plan.variants) + searched / rates.rowBars);
  return ((1 + plan.permutations) * market) / threads;
}

function searchSeconds(spec: Spec, grid: Grid, circumstances: Circumstances): number {
  const { rates, bars, candles, threads, together } = circumstances;
  const { folds, stage_a, stage_b, finalizing } = unitsOf(spec, grid);
  const { searched, way, columns, perVariant } = scoringOf(spec, grid, circumstances);
  const compared = comparedVariants(spec, grid);
  const scoring = (stage_a + stage_b) * perVariant;
  // Rows are of all bars: those held out are re-run as well.
  const rows = finalizing * ((bars + spec.warmup_bars) / rates.rowBars + rates.rowSeconds);
  // The verdict compares on one thread, follows a path, and computes the columns of what it compares once more.
  const comparing =
    columns(compared.bases) + compared.variants * (searched * (way + 1 / rates.path) + rates.comparedSeconds);
  return (
    rates.startSeconds +
    candles / rates.candles +
    (folds * columns(stage_a)) / (together ? threads : 1) +
    (folds * scoring) / threads +
    rows / threads +
    comparing
  );
}

/** Bytes for each bar of the columns of so many variants: each once, or for each variant where they do not fit. */
export function columnsOf({ strategy, baseTotal }: Grid, variants: number, bars: number): number {
  const { kept, met, always } = factorsDemand(strategy);
  const fits = kept(variants, baseTotal) * bars <= MEMO_BYTES;
  return fits ? met(variants, baseTotal) : variants * always;
}
