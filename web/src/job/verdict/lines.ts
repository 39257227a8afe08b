// Where the dot of a check stands on its line, and where the ticks that matter: all checks are drawn alike.

import { numberOf } from '../../words/format.ts';
import type { LuckPicture } from './luck-picture.ts';
import type { Check, CheckContext } from './words.ts';

/** A line from 0 to 1. */
export interface Line {
  readonly at: number;
  readonly ticks: readonly number[];
  /** Whether the line is drawn from its start to the dot: for amounts, not for places. */
  readonly isFilled: boolean;
  /** What stands behind the dot: a small histogram, heights from 0 to 1. */
  readonly bars?: readonly Bar[];
}

export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly height: number;
}

/** A bar for each fold, from -1 to 1. */
export interface FoldBars {
  readonly folds: readonly number[];
}

export interface LineContext extends CheckContext {
  readonly picture: LuckPicture | null;
}

const MARGIN = 1.12;
const clamp = (value: number): number => (Number.isNaN(value) ? 0 : Math.max(0, Math.min(1, value)));

/** Returns the drawing of a check; null: a dotted line. */
export function lineOf(check: Check, context: LineContext): Line | FoldBars | null {
  const { value } = check;
  if (value === null || !Number.isFinite(value)) return null;
  switch (check.id) {
    case 'luck':
      return luckLine(context);
    case 'oos':
      return unseenLine(context);
    case 'halves':
      return { at: clamp(value), ticks: [0.05, 0.5], isFilled: false };
    case 'family':
      return { at: clamp(value), ticks: [0.05, 0.5], isFilled: false };
    case 'room':
      return { at: clamp(value), ticks: [0.5], isFilled: true };
    case 'idle':
      return { at: clamp(value), ticks: [], isFilled: true };
    case 'holding':
      return holdingLine(value, context.verdict.holding?.error_annual ?? 0);
    case 'years':
      return amount(value, context.verdict.minimum_backtest_years);
    case 'trades':
      return amount(Math.log10(1 + value), Math.log10(1 + (context.verdict.flags.few_trades?.least ?? 0)), 3);
    case 'edge':
      return edgeLine(context);
  }
}

function amount(value: number, tick: number | null, least = 0): Line {
  const most = Math.max(least, MARGIN * Math.max(value, tick ?? 0)) || 1;
  return { at: clamp(value / most), ticks: tick === null ? [] : [clamp(tick / most)], isFilled: true };
}

function holdingLine(value: number, error: number): Line {
  const most = MARGIN * Math.max(Math.abs(value), 2 * error) || 1;
  const at = (one: number): number => clamp((one + most) / (2 * most));
  return { at: at(value), ticks: [at(0), at(error)], isFilled: false };
}

function luckLine({ picture, verdict }: LineContext): Line | null {
  if (picture === null) return null;
  const at = (value: number): number => clamp((value - picture.from) / (picture.to - picture.from));
  if (picture.bars !== null) {
    const top = Math.max(1, ...picture.bars.map((bar) => bar.count));
    const bars = picture.bars.map(({ from, to, count }) => ({ from: at(from), to: at(to), height: count / top }));
    return { at: at(picture.own.at), ticks: [], isFilled: false, bars };
  }
  const { sharpe_annual: own, lucky_sharpe_annual: luck } = verdict;
  return own === null ? null : between(own, luck);
}

/** A ratio beside the one that it is held against. */
function between(own: number, other: number | null): Line {
  const low = Math.min(0, own, other ?? 0);
  const high = MARGIN * Math.max(own, other ?? 0, 0.4);
  const at = (one: number): number => clamp((one - low) / (high - low));
  return { at: at(own), ticks: other === null ? [] : [at(other)], isFilled: true };
}

function unseenLine({ validation }: LineContext): Line | FoldBars | null {
  if (validation === null) return null;
  if (validation.mode === 'holdout') {
    const unseen = numberOf(validation.out_of_sample.metrics.sharpe);
    const searched = numberOf(validation.folds.at(-1)?.best?.in_sample.sharpe);
    return Number.isFinite(unseen) ? between(unseen, Number.isFinite(searched) ? searched : null) : null;
  }
  const returns = validation.folds.map(({ best }) => numberOf(best?.out_of_sample.total_return_pct));
  const finite = returns.map((one) => (Number.isFinite(one) ? one : 0));
  const most = Math.max(1e-9, ...finite.map(Math.abs));
  return { folds: finite.map((one) => one / most) };
}

function edgeLine({ verdict: { flags } }: LineContext): Line {
  const [first] = flags.edge_of_grid?.axes ?? [];
  const at = first === undefined ? 0.5 : first.end === 'highest' ? 1 : 0;
  return { at, ticks: [0, 1], isFilled: false };
}
