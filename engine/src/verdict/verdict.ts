// What a search has to say about its own best variant, as numbers and as one sentence.

import type { Flags } from './flags.ts';

/**
 * How far to believe the best variant. Ratios are of daily returns (as the report's Sharpe ratio), `_daily` of one day,
 * `_annual` times sqrt(periods_per_year); probabilities are from 0 to 1. Sources are named at the functions of verdict/.
 */
export interface Verdict {
  /**
   * `likely`: the deflated ratio is below 0.5, or the probability of overfitting above it, and a variant that was compared
   * does better in some block of the history. `unlikely`: at least 0.95, at
   * most 0.05, and neither few trades nor an isolated peak. `unknown`: there is neither number.
   */
  readonly luck: 'likely' | 'possible' | 'unlikely' | 'unknown';
  readonly sentence: string;
  /** Different variants scored; one that stage_b scores with all stops off is the base variant that stage_a has scored. */
  readonly trials: number;
  /** Variants whose daily returns were compared: the best kept ones and other base variants drawn, without idle ones. */
  readonly compared: { readonly kept: number; readonly drawn: number };
  /** Daily returns, and the same as years of `periods_per_year`. */
  readonly days: number;
  readonly years: number;
  readonly periods_per_year: number;
  readonly sharpe_daily: number | null;
  readonly sharpe_annual: number | null;
  /** Of the daily returns of the best; raw kurtosis, normal is 3. */
  readonly skewness: number | null;
  readonly kurtosis: number | null;
  /** The probability that its true ratio is above 0. */
  readonly probabilistic_sharpe: number | null;
  /** Of the daily ratios of the variants compared. */
  readonly sharpe_variance_daily: number | null;
  /** What the best of so many trials would be expected to have without any skill, and the probability to be above it. */
  readonly lucky_sharpe_annual: number | null;
  readonly deflated_sharpe: number | null;
  /** History below which the best of so many trials is expected to reach an annual ratio of 1 by luck; compare `years`. */
  readonly minimum_backtest_years: number | null;
  /** That the best in one half of the history does worse than most in the other half, over all halves of 16 blocks. */
  readonly overfitting_probability: number | null;
  readonly flags: Flags;
  /** Why a number or a flag is null, by its name. */
  readonly reasons: Readonly<Record<string, string>>;
}
