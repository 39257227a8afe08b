// What a number cannot say about a winner: that it lies where the grid ends, that it has hardly traded, that it stands
// alone among its neighbours, that most of its grid never trades.

import type { SplitJumps } from '../bars/split-jumps.ts';
import type { ShortHistory } from '../grid/short-history.ts';
import { orderOf } from '../scoring/rank.ts';
import type { Ranking } from '../spec.ts';
import type { Holding } from './holding.ts';
import type { UnequalHours } from './hours.ts';
import type { Edge } from './neighbours.ts';

export interface Flags {
  /** Axes of at least three numbers on which the best variant has the lowest or the highest. */
  readonly edge_of_grid: { readonly raised: boolean; readonly axes: readonly Edge[] } | null;
  readonly few_trades: { readonly raised: boolean; readonly trades: number; readonly least: number } | null;
  /** The primary metric of the best variant against that of variants one step away on one axis. */
  readonly isolated_peak: IsolatedPeak | null;
  /** Base variants that made no trade, of those scored. */
  readonly zero_trades_share: { readonly raised: boolean; readonly share: number } | null;
  /** Whether the bars before the time range are too few for a variant; verdicts of before 0.4.0 do not have it. */
  readonly short_history?: ShortHistory;
  /** Jumps of the price that look like splits nobody has adjusted for; missing where there is none. */
  readonly split_jumps?: SplitJumps & { readonly raised: true };
  /** Buy and hold has the higher Sharpe ratio. Verdicts of before 0.5.0 have neither this nor the next. */
  readonly worse_than_holding?: {
    readonly raised: boolean;
    readonly sharpe_annual: number;
    readonly holding_sharpe_annual: number;
  } | null;
  /** Rules on the hour, in a market that moves more at some hours than at others. */
  readonly unequal_hours?: UnequalHours;
}

export interface IsolatedPeak {
  readonly raised: boolean;
  readonly score: number;
  /** How many of them trade. */
  readonly neighbours: number;
  readonly neighbour_median: number;
  /** The worst of them; verdicts of before 0.4.0 do not have it. */
  readonly neighbour_worst?: number;
  /** The median of the variants drawn at random. */
  readonly typical: number;
  /** What a step away is left of what the best has over a typical variant: 1 all, 0 nothing. */
  readonly left_share: number;
}

/** As many as a mean needs before its distribution is about normal: the usual rule of thumb. */
const LEAST_TRADES = 30;
const MOST_IDLE = 0.5;
const LEAST_LEFT = 0.5;
/** A neighbour that has this much of the best score stands beside it, however small the advantage of both. */
const BESIDE = 0.9;
/** Base variants that differ in score: among fewer each best stands alone. */
const LEAST_BASES = 4;

export function edgeFlag(axes: readonly Edge[]): Flags['edge_of_grid'] {
  return { raised: axes.length > 0, axes };
}

export function tradesFlag(trades: number): Flags['few_trades'] {
  return { raised: trades < LEAST_TRADES, trades, least: LEAST_TRADES };
}

export function idleFlag(idle: number, scored: number): Flags['zero_trades_share'] {
  return scored === 0 ? null : { raised: idle / scored > MOST_IDLE, share: idle / scored };
}

export function holdingFlag(holding: Holding | null): NonNullable<Flags['worse_than_holding']> | null {
  if (holding === null) return null;
  const { sharpe_annual, excess_sharpe_annual } = holding;
  return {
    raised: excess_sharpe_annual < 0,
    sharpe_annual: sharpe_annual + excess_sharpe_annual,
    holding_sharpe_annual: sharpe_annual,
  };
}

/** Scores of variants that did not trade are NaN and do not count. A text says why it cannot be told. */
export function peakFlag(
  ranking: Ranking,
  score: number,
  around: readonly number[],
  drawn: readonly Drawn[],
): IsolatedPeak | string {
  const neighbours = around.filter((value) => !Number.isNaN(value));
  if (neighbours.length === 0) return 'no variant one step away trades';
  const neighbour_median = median(neighbours);
  const traded = drawn.filter((one) => !Number.isNaN(one.score));
  const typical = median(traded.map((one) => one.score));
  const left_share = (neighbour_median - typical) / (score - typical);
  if (Number.isNaN(typical)) return 'no other variant trades';
  if (distinctBases(traded) < LEAST_BASES) return `fewer than ${LEAST_BASES} base variants that trade differ in score`;
  if (!Number.isFinite(score) || !Number.isFinite(left_share)) return 'scores are equal or infinite';
  const desc = orderOf(ranking).primary === 'desc';
  if (score < typical === desc) return 'the best is no better than a typical variant';
  const beside = Math.abs(score - neighbour_median) <= (1 - BESIDE) * Math.abs(score);
  return {
    raised: left_share < LEAST_LEFT && !beside,
    score,
    neighbours: neighbours.length,
    neighbour_median,
    neighbour_worst: neighbours.reduce((a, b) => (desc ? Math.min(a, b) : Math.max(a, b))),
    typical,
    left_share,
  };
}

/** A variant that was drawn. */
interface Drawn {
  readonly base: number;
  readonly score: number;
}

/** Each by the first of its variants. */
function distinctBases(drawn: readonly Drawn[]): number {
  const scores = new Map<number, number>();
  for (const { base, score } of drawn) if (!scores.has(base)) scores.set(base, score);
  return new Set(scores.values()).size;
}

/** NaN of nothing. */
function median(values: readonly number[]): number {
  const ascending = [...values].sort((a, b) => a - b);
  const middle = (ascending.length - 1) / 2;
  return (ascending[Math.floor(middle)] + ascending[Math.ceil(middle)]) / 2;
}
