// What the luck test of a search has found: the same search on markets in which the past says nothing. The verdict reads it.

import type { MetricJson } from '../simulate/metrics-json.ts';

/** The search on permuted markets beside the same search on the real one; plain JSON. */
export interface Permuted {
  /** Permuted markets that were searched, and as many as were asked for: fewer in a search that was cancelled. */
  readonly done: number;
  readonly asked: number;
  /** Base variants of that search, and of the whole grid: fewer where the whole does not fit. */
  readonly variants: number;
  readonly grid_variants: number;
  /** Bars of a run that keep their order; null: each bar moves by itself. */
  readonly blocks: number | null;
  /** Whether all folds of a walk forward ran, and the statistic is the stitched metric out of sample. */
  readonly walk: boolean;
  /** (1 + as_good) / (1 + done); null: see `reason`. */
  readonly p: number | null;
  /** Permuted markets whose best is at least as good as the real best. */
  readonly as_good: number;
  /** Primary metric and daily Sharpe ratio of the best of that search on the real market; null: nothing was ranked. */
  readonly best: MetricJson;
  readonly best_sharpe_daily: number | null;
  /** Index of that variant in the grid; null of a walk, too, where each fold has its own. */
  readonly best_variant: number | null;
  /** The same of the best in each permuted market, in the order of the permutations. */
  readonly bests: readonly MetricJson[];
  readonly sharpes: readonly (number | null)[];
  /** Why `p` is null. */
  readonly reason: string | null;
}
