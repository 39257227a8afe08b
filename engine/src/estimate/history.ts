// What the verdict will say about history, told before the search: how many years so many trials need, how many there are,
// and whether the warm-up is long enough.

import { expectedBars } from '../bars/expected-bars.ts';
import { searchedBars } from '../bars/folds.ts';
import type { Grid } from '../grid/grid.ts';
import { shortHistory, type ShortHistory } from '../grid/short-history.ts';
import type { Spec } from '../spec.ts';
import { countTrials } from '../verdict/count-trials.ts';
import { minimumBacktestYears } from '../verdict/sharpe.ts';
import { unitsOf } from './cost.ts';

export interface HistoryEstimate {
  /** Different variants that are scored, at most: those that do not trade or are filtered out are in no later stage. */
  readonly trials: number;
  /** See `minimumBacktestYears`; 0 for one trial, which chooses nothing. */
  readonly minimum_backtest_years: number;
  /**
   * Days that are searched on, over `periods_per_year`: of the time range, whether or not candles reach over all of it,
   * without what a validation holds out. In a session market as many of its days as the market is open in a year.
   */
  readonly years: number;
  /** Whether the warm-up is too short for a variant, if candles reach over all of it. */
  readonly short_history: ShortHistory;
}

/** Counts as the verdict does, which is on the last fold where there are several; `grid` is that of the spec. */
export function estimateHistory(spec: Spec, grid: Grid): HistoryEstimate {
  const { most, days } = expectedBars(spec);
  const bars = Math.round(most);
  const searched = bars === 0 ? 0 : (days * searchedBars(spec, bars)) / bars;
  const trials = countTrials(unitsOf(spec, grid), grid);
  return {
    trials,
    minimum_backtest_years: minimumBacktestYears(Math.max(1, trials)),
    years: searched / spec.runtime.periods_per_year,
    short_history: shortHistory(grid, {
      asked_bars: spec.warmup_bars,
      warmup_bars: spec.warmup_bars,
      target_bars: bars,
    }),
  };
}
