// The questions that a verdict answers, each by itself and with a mark of its own: they ask for different things and may
// disagree. The level is not made of marks; it has rules of its own (level.ts).

import { shortHistoryText } from '../grid/short-history.ts';
import { formatNumber } from '../report/format.ts';
import type { ValidationResult } from '../validation/validate.ts';
import { chanceOf, LITTLE_LOSS, MOST_LOSS } from './level.ts';
import type { VerdictCheck } from './questions.ts';
import {
  edgeTexts,
  grouped,
  lossText,
  luckText,
  moneyText,
  percentText,
  pText,
  signedText,
  usableP,
  wasCut,
} from './texts.ts';
import type { Judged, Verdict } from './verdict.ts';

type Answer = Omit<VerdictCheck, 'id'>;

/** Nine checks; a tenth where most of the grid never trades. */
export function checksOf(verdict: Judged, validation: ValidationResult | null): readonly VerdictCheck[] {
  const idle = idleCheck(verdict);
  return [
    { id: 'luck', ...luckCheck(verdict, validation) },
    { id: 'halves', ...halvesCheck(verdict) },
    { id: 'oos', ...unseenCheck(validation) },
    { id: 'holding', ...holdingCheck(verdict) },
    { id: 'family', ...familyCheck(verdict) },
    { id: 'years', ...yearsCheck(verdict) },
    { id: 'room', ...roomCheck(verdict) },
    { id: 'edge', ...edgeCheck(verdict) },
    { id: 'trades', ...tradesCheck(verdict) },
    ...(idle === null ? [] : [{ id: 'idle', ...idle } as const]),
  ];
}

function luckCheck(verdict: Judged, validation: ValidationResult | null): Answer {
  const p = usableP(verdict);
  const { deflated_sharpe, reasons, permuted, flags } = verdict;
  const chance = chanceOf(p, deflated_sharpe);
  if (chance === null || flags.few_trades === null) {
    return untold(reasons['deflated_sharpe'] ?? permuted?.reason ?? 'it cannot be told');
  }
  const more = [
    ...(p === null ? [whyFormula(verdict)] : []),
    ...(wasCut(permuted) ? ['the luck test was cancelled'] : []),
    ...(flags.unequal_hours?.raised ? [unequalText(flags.unequal_hours)] : []),
  ];
  // What keeps the level from `unlikely` and has no check of its own is a caution here.
  const clean = !wasCut(permuted) && !flags.unequal_hours?.raised;
  const mark = chance === 'high' ? 'bad' : chance === 'low' && clean ? 'good' : 'caution';
  return {
    mark,
    value: p ?? deflated_sharpe,
    reason: [luckText(verdict, validation) + pText(verdict), ...more].join('; '),
  };
}

/** Why there is no p to judge by. */
function whyFormula({ permuted, reasons }: Judged): string {
  if (!permuted) return reasons['permuted'] ?? 'no markets were permuted';
  return permuted.reason ?? `${permuted.done} permuted markets are too few`;
}

function unequalText({ clock, ratio }: NonNullable<Verdict['flags']['unequal_hours']>): string {
  const more =
    ratio === null
      ? 'nothing moves at some of them'
      : `moves are ${formatNumber(ratio, 1)} times as large at some as at others`;
  return `its rules read the ${clock}, and ${more}: in shuffled markets all are alike`;
}

function halvesCheck({ loss_probability: loss, compared, reasons }: Judged): Answer {
  if (loss === null || loss === undefined) return untold(reasons['loss_probability']);
  if (!compared.with_best) return { mark: null, value: loss, reason: drawnText(compared) + lossText(loss) };
  const mark = loss <= LITTLE_LOSS ? 'good' : loss > MOST_LOSS ? 'bad' : 'caution';
  return { mark, value: loss, reason: lossText(loss) };
}

/** Value: the share of parts that made money. */
function unseenCheck(validation: ValidationResult | null): Answer {
  if (validation === null) return untold('nothing was held out');
  const { mode, folds, out_of_sample } = validation;
  const earned = folds.filter(({ best }) => Number(best?.out_of_sample.total_return_pct ?? 0) > 0).length;
  const mark = earned === folds.length ? 'good' : earned > folds.length / 2 ? 'caution' : 'bad';
  const money = moneyText(out_of_sample.metrics);
  const reason =
    mode === 'holdout'
      ? `on the bars held out the best made ${money}`
      : `${earned} of ${folds.length} periods after a search made money; together ${money}`;
  return { mark, value: earned / folds.length, reason };
}

/** Value: the Sharpe ratio of a year in excess of that of holding. */
function holdingCheck({ holding, reasons }: Judged): Answer {
  if (!holding) return untold(reasons['holding']);
  const { excess_sharpe_annual: value, error_annual, sharpe_annual, return_pct, excess_return_pct } = holding;
  const mark = value < 0 ? 'bad' : value > error_annual ? 'good' : 'caution';
  const own = `${signedText(return_pct + excess_return_pct)} at a Sharpe ratio of ${formatNumber(sharpe_annual + value, 2)}`;
  const held = `buy and hold ${signedText(return_pct)} at ${formatNumber(sharpe_annual, 2)}`;
  const near = mark === 'caution' ? `, within the error of ${formatNumber(error_annual, 2)}` : '';
  return { mark, value, reason: `it made ${own}, ${held}${near}` };
}

/** What a share is of where the best is not among the variants that were compared. */
function drawnText({ drawn }: Judged['compared']): string {
  return `of ${grouped(drawn)} variants drawn, without the best, `;
}

function familyCheck({ overfitting_probability: value, compared, reasons }: Judged): Answer {
  if (value === null) return untold(reasons['overfitting_probability']);
  const of = compared.with_best ? '' : drawnText(compared);
  const reason = `${of}what wins in one half does worse than most in the other ${percentText(value)} of the time`;
  return { mark: value <= LITTLE_LOSS ? 'good' : 'caution', value, reason };
}

/** Value: years of history. */
function yearsCheck({ years, minimum_backtest_years: least, flags, reasons }: Judged): Answer {
  const short = flags.short_history?.raised ? shortHistoryText(flags.short_history) : null;
  if (least === null) {
    const reason = reasons['minimum_backtest_years'];
    return short === null ? { ...untold(reason), value: years } : { mark: 'caution', value: years, reason: short };
  }
  const there = `${formatNumber(years, 1)} years searched; so many variants need ${formatNumber(least, 1)}`;
  const mark = years >= least && short === null ? 'good' : 'caution';
  return { mark, value: years, reason: short === null ? there : `${there}; ${short}` };
}

/** Value: what is left of the lead one step away. */
function roomCheck({ flags: { isolated_peak: peak }, reasons }: Judged): Answer {
  if (peak === null) return untold(reasons['isolated_peak']);
  const { raised, left_share, score, neighbour_median, neighbour_worst } = peak;
  const worst = neighbour_worst === undefined ? '' : `, the worst ${formatNumber(neighbour_worst, 4)}`;
  const around = `variants one step away have ${formatNumber(neighbour_median, 4)} in the middle${worst}`;
  const reason = `${percentText(left_share)} of its lead is left: it has ${formatNumber(score, 4)}, ${around}`;
  return { mark: raised ? 'caution' : 'good', value: left_share, reason };
}

/** Value: axes at whose end it lies. */
function edgeCheck({ flags: { edge_of_grid: edge }, reasons }: Judged): Answer {
  if (edge === null) return untold(reasons['edge_of_grid']);
  const value = edge.axes.length;
  if (!edge.raised) return { mark: 'good', value, reason: 'it lies at the end of no axis' };
  return { mark: 'caution', value, reason: `at the end of what was searched: ${edgeTexts(edge.axes).join('; ')}` };
}

function tradesCheck({ flags: { few_trades: few }, reasons }: Judged): Answer {
  if (few === null) return untold(reasons['few_trades']);
  const { raised, trades, least } = few;
  const reason = `${grouped(trades)} ${trades === 1 ? 'trade' : 'trades'}; ${least} or more say something`;
  return { mark: raised ? 'caution' : 'good', value: trades, reason };
}

/** Value: the share of base variants that never trade. */
function idleCheck({ flags: { zero_trades_share: idle } }: Judged): Answer | null {
  if (!idle?.raised) return null;
  return { mark: 'caution', value: idle.share, reason: `${percentText(idle.share)} of the grid never trades` };
}

function untold(reason: string | undefined): Answer {
  return { mark: null, value: null, reason: reason ?? 'it cannot be told' };
}
