// What a search has to say about its own best variant, as numbers, as checks and in words.

import type { BestNear } from '../scoring/best-near.ts';
import type { Flags } from './flags.ts';
import type { Halves } from './halves.ts';
import type { Holding } from './holding.ts';
import type { PermutedTold } from './measured-sharpe.ts';
import type { Neighbour } from './neighbours.ts';
import type { VerdictCheck } from './questions.ts';

/**
 * How far to believe the best variant. Ratios are of daily returns (as the report's Sharpe ratio), `_daily` of one day,
 * `_annual` times sqrt(periods_per_year); probabilities are from 0 to 1. Sources are named at the functions of verdict/.
 * Optional members are those that verdicts of before 0.5.0 do not have, those named so of before 0.6.0.
 */
export interface Verdict {
  /**
   * The first that holds. `unknown`: nothing was ranked, or there is neither p nor a deflated ratio. `likely`: p above 0.2, or
   * p above 0.05 and the best of one half of the history loses in the other more often than not; never where no variant that
   * was compared does better in any block of the history. `unlikely`: p and that loss at most 0.05, and neither few trades, a
   * short history, a market that was better held, nor unequal hours. Without p of at least 19 permutations a deflated ratio
   * below 0.5 stands for p above 0.2, one of at least 0.95 for p up to 0.05. The loss counts where the best is among the
   * variants that were compared.
   */
  readonly luck: 'likely' | 'possible' | 'unlikely' | 'unknown';
  readonly sentence: string;
  /** The questions that it answers, each by itself, in a fixed order. */
  readonly checks?: readonly VerdictCheck[];
  /** Different variants scored; one that stage_b scores with all stops off is the base variant that stage_a has scored. */
  readonly trials: number;
  /**
   * Variants whose daily returns were compared, without idle ones: drawn at random from the grid, whatever their scores.
   * `with_best`: whether the best is among them. `kept`: of verdicts of before 0.5.0, the best ones that were added.
   */
  readonly compared: { readonly drawn: number; readonly with_best?: boolean; readonly kept?: number };
  /** Daily returns, and the same as years of `periods_per_year`. */
  readonly days: number;
  readonly years: number;
  readonly periods_per_year: number;
  /** Of the best, as in its report. */
  readonly total_return_pct?: number | null;
  readonly sharpe_daily: number | null;
  readonly sharpe_annual: number | null;
  /** Of the daily returns of the best; raw kurtosis, normal is 3. */
  readonly skewness: number | null;
  readonly kurtosis: number | null;
  /** The probability that its true ratio is above 0. */
  readonly probabilistic_sharpe: number | null;
  /** Of the daily ratios of the variants compared. */
  readonly sharpe_variance_daily: number | null;
  /** By formula: what the best of so many trials would be expected to have without any skill, and the probability to be above it. */
  readonly lucky_sharpe_annual: number | null;
  readonly deflated_sharpe: number | null;
  /** History below which the best of so many trials is expected to reach an annual ratio of 1 by luck; compare `years`. */
  readonly minimum_backtest_years: number | null;
  /** That the best in one half of the history loses in the other half, over all halves of 16 blocks. */
  readonly loss_probability?: number | null;
  /** That it does worse than most in the other half: whether the choice among variants carries over. */
  readonly overfitting_probability: number | null;
  /** The halves that it counts, by where the best of the other half stands in each; verdicts of before 0.6.0 do not have it. */
  readonly halves?: Halves | null;
  /** Variants one step away from the best on one axis; none where nothing was ranked. From 0.6.0 on. */
  readonly neighbours?: readonly Neighbour[];
  /** The base variant in the middle of the best neighbourhood of stage_a, and its mean. From 0.6.0 on. */
  readonly plateau?: BestNear | null;
  /** Of buy and hold over the bars that were searched, as in reports. From 0.6.0 on. */
  readonly benchmark_return_pct?: number;
  /** What the same search finds in permuted markets. */
  readonly permuted?: PermutedTold | null;
  readonly holding?: Holding | null;
  readonly flags: Flags;
  /** Why a number or a flag is null, by its name. */
  readonly reasons: Readonly<Record<string, string>>;
}

/** A verdict before its words. */
export type Judged = Omit<Verdict, 'sentence' | 'checks'>;
