// What a judge has found, told: numbers, or null with a reason; the level they lead to; checks and sentence.

import type { BestNear } from '../scoring/best-near.ts';
import { deviation, meanOf } from '../simulate/metrics.ts';
import type { ValidationResult } from '../validation/validate.ts';
import { checksOf } from './checks.ts';
import type { Flags } from './flags.ts';
import { binHalves } from './halves.ts';
import type { Holding } from './holding.ts';
import { levelOf } from './level.ts';
import type { PermutedTold } from './measured-sharpe.ts';
import type { Moments } from './moments.ts';
import type { Neighbour } from './neighbours.ts';
import type { Overfitting } from './overfitting.ts';
import { sentenceOf } from './sentence.ts';
import { deflatedSharpe, luckySharpe, minimumBacktestYears, probabilisticSharpe } from './sharpe.ts';
import { usableP, wasCut } from './texts.ts';
import { BLOCKS, type Ran, type Trial } from './trials.ts';
import type { Judged, Verdict } from './verdict.ts';

const NOT_RANKED = 'no variant was ranked';
const ONE_TRIAL = 'only one variant was scored';

export interface Findings {
  /** Null: nothing was ranked. */
  readonly best: Ran | null;
  readonly days: number;
  readonly periodsPerYear: number;
  readonly trials: number;
  /** Compared. */
  readonly all: readonly Trial[];
  /** Where the best stands among them; -1: it is not there. */
  readonly place: number;
  readonly split: Overfitting | null;
  readonly winsEveryBlock: boolean;
  readonly permuted: PermutedTold | null;
  /** Why there was no luck test, where there was none. */
  readonly untested: string;
  readonly validation: ValidationResult | null;
  /** A text says why the best is not compared with holding. */
  readonly holding: Holding | string | null;
  readonly neighbours: readonly Neighbour[];
  readonly near: BestNear | null;
  /** Why the search did not look for the best neighbourhood; null: it did. */
  readonly noNear: string | null;
  readonly benchmark: number;
  /** Why the flag of an isolated peak is null. */
  readonly peak: string | null;
  readonly flags: Flags;
}

export function tellVerdict(findings: Findings): Verdict {
  const { best, trials, days, periodsPerYear, all, place, permuted, flags, validation } = findings;
  const reasons: Record<string, string> = reasonsOf(findings);
  const holding = typeof findings.holding === 'string' ? null : findings.holding;
  const numbers = {
    trials,
    compared: { drawn: all.length, with_best: place >= 0 },
    days,
    years: days / periodsPerYear,
    periods_per_year: periodsPerYear,
    ...numbersOf(findings, reasons),
  };
  const { deflated_sharpe: deflated, loss_probability: loss } = numbers;
  const luck = levelOf({
    ranked: best !== null,
    p: usableP({ permuted }),
    complete: !wasCut(permuted),
    deflated,
    loss,
    amongCompared: place >= 0,
    winsEveryBlock: findings.winsEveryBlock,
    doubted: [flags.few_trades, flags.short_history, flags.worse_than_holding, flags.unequal_hours].some(
      (flag) => flag?.raised,
    ),
  });
  const { neighbours, near: plateau, benchmark } = findings;
  const around = { neighbours, plateau, benchmark_return_pct: benchmark };
  const judged: Judged = { luck, ...numbers, ...around, permuted, holding, flags, reasons };
  return { sentence: sentenceOf(judged, validation), checks: checksOf(judged, validation), ...judged };
}

/** Why flags, holding and luck test are null. */
function reasonsOf({ best, peak, permuted, untested, holding, near, noNear, flags }: Findings): Record<string, string> {
  const ranked = best !== null;
  const reasons: Record<string, string> = {};
  const say = (name: string, missing: boolean, reason: string): void => {
    if (missing) reasons[name] = ranked ? reason : NOT_RANKED;
  };
  const noHolding = typeof holding === 'string' ? holding : NOT_RANKED;
  say('isolated_peak', flags.isolated_peak === null, peak ?? NOT_RANKED);
  say('edge_of_grid', flags.edge_of_grid === null, NOT_RANKED);
  say('few_trades', flags.few_trades === null, NOT_RANKED);
  say('worse_than_holding', flags.worse_than_holding === null, noHolding);
  say('holding', flags.worse_than_holding === null, noHolding);
  if (flags.zero_trades_share === null) reasons['zero_trades_share'] = 'no variant was scored';
  if (permuted === null) reasons['permuted'] = untested;
  if (near === null) reasons['plateau'] = noNear ?? 'no score of stage_a is a number';
  return reasons;
}

function numbersOf(findings: Findings, reasons: Record<string, string>) {
  const { best, days, periodsPerYear, trials, all, split } = findings;
  const known = (name: string, value: number, reason: string): number | null => {
    if (Number.isFinite(value)) return value;
    reasons[name] = best !== null ? reason : NOT_RANKED;
    return null;
  };
  const year = Math.sqrt(periodsPerYear);
  const moments = best?.found?.moments ?? null;
  const variance = varianceOf(all.map((trial) => trial.sharpe));
  const sharpe = moments?.sharpe ?? NaN;
  const lucky = trials < 2 ? 0 : luckySharpe(trials, variance);
  const noSharpe = days < 2 ? 'there are fewer than two daily returns' : 'its daily returns have no Sharpe ratio';
  const noVariance = trials < 2 ? ONE_TRIAL : 'fewer than two of the variants compared have a Sharpe ratio';
  const noChoice = trials < 2 ? ONE_TRIAL : 'fewer than two of the variants compared traded';
  const choice = trials >= 2 && all.length >= 2;
  const noLoss = all.length === 0 ? 'none of the variants compared traded' : noBlocks(days);
  const chosen = choice ? split : null;
  const overfitting_probability = known(
    'overfitting_probability',
    chosen?.probability ?? NaN,
    choice ? noBlocks(days) : noChoice,
  );
  if (overfitting_probability === null) reasons['halves'] = reasons['overfitting_probability'];
  return {
    total_return_pct: known('total_return_pct', best?.returnPct ?? NaN, NOT_RANKED),
    sharpe_daily: known('sharpe_daily', sharpe, noSharpe),
    sharpe_annual: known('sharpe_annual', sharpe * year, noSharpe),
    skewness: known('skewness', moments?.skewness ?? NaN, noSharpe),
    kurtosis: known('kurtosis', moments?.kurtosis ?? NaN, noSharpe),
    probabilistic_sharpe: known('probabilistic_sharpe', moments ? probabilisticSharpe(moments) : NaN, noSharpe),
    sharpe_variance_daily: known('sharpe_variance_daily', variance, noVariance),
    lucky_sharpe_annual: known('lucky_sharpe_annual', best === null ? NaN : lucky * year, noVariance),
    deflated_sharpe: known(
      'deflated_sharpe',
      moments ? deflate(moments, trials, variance) : NaN,
      Number.isFinite(lucky) ? noSharpe : noVariance,
    ),
    minimum_backtest_years: known('minimum_backtest_years', trials < 2 ? NaN : minimumBacktestYears(trials), ONE_TRIAL),
    loss_probability: known('loss_probability', split?.loss ?? NaN, noLoss),
    overfitting_probability,
    halves: chosen && binHalves(chosen.logits),
  };
}

function noBlocks(days: number): string {
  return `${BLOCKS} blocks need ${2 * BLOCKS} daily returns, there are ${days}`;
}

/** The deflated ratio of so many trials; of one trial nothing is to be deflated. */
export function deflate(moments: Moments, trials: number, variance: number): number {
  return trials < 2 ? probabilisticSharpe(moments) : deflatedSharpe(moments, trials, variance);
}

/** Of the ratios that are numbers (ddof 1); NaN for fewer than two. */
export function varianceOf(ratios: readonly number[]): number {
  const known = Float64Array.from(ratios).filter(Number.isFinite);
  return known.length < 2 ? NaN : deviation(known, known.length, meanOf(known, known.length)) ** 2;
}
