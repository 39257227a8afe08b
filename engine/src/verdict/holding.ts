// The best variant beside buy and hold: a strategy that is long most of the time earns what the market earns, whatever its
// rules are worth.

import { deviation, meanOf } from '../simulate/metrics.ts';
import type { Trades } from '../simulate/trades.ts';
import { momentsOf, type Moments } from './moments.ts';

/** Buy and hold over the same target days, from the first close on and without costs, beside the best. Plain JSON. */
export interface Holding {
  readonly return_pct: number;
  /** The return of the best less that of holding. */
  readonly excess_return_pct: number;
  readonly sharpe_annual: number;
  /** The Sharpe ratio of the best less that of holding, and the standard error of this difference. */
  readonly excess_sharpe_annual: number;
  readonly error_annual: number;
  /** The deflated Sharpe ratio, by formula, of the daily returns in excess of holding; null: it cannot be told. */
  readonly deflated_sharpe: number | null;
  /** Bars that the best holds long, of those that it holds. */
  readonly long_share: number;
}

/** Strategies that are long on fewer of the bars that they hold are not compared with holding. */
const LEAST_LONG = 0.8;

/** Bars between entry and exit that are long, of all such bars; NaN without any. */
export function longShare({ count, side, entryBar, exitBar }: Trades): number {
  let long = 0;
  let all = 0;
  for (let trade = 0; trade < count; trade += 1) {
    const bars = exitBar[trade] - entryBar[trade];
    all += bars;
    if (side[trade] > 0) long += bars;
  }
  return long / all;
}

/** The best variant, as far as it is compared with holding. */
export interface Held {
  readonly returns: Float64Array;
  readonly moments: Moments;
  readonly returnPct: number;
  readonly longShare: number;
  readonly holding: Float64Array;
  readonly periodsPerYear: number;
  /** Deflates the moments of the daily returns in excess of holding. */
  readonly deflate: (excess: Moments) => number;
}

/** A text says why the two cannot be compared. */
export function compareHolding(best: Held): Holding | string {
  const { returns, moments, holding, longShare: long_share, periodsPerYear } = best;
  if (Number.isNaN(long_share)) return 'the best ends its trades on the bars that it begins them on';
  if (long_share < LEAST_LONG) {
    return `the best is long on ${Math.floor(100 * long_share)}% of the bars that it holds: on fewer than ${100 * LEAST_LONG}% holding is no measure`;
  }
  const held = momentsOf(holding);
  if (!Number.isFinite(moments.sharpe)) return 'the daily returns of the best have no Sharpe ratio';
  if (!Number.isFinite(held.sharpe)) return 'the daily returns of the market have no Sharpe ratio';
  const deflated = best.deflate(momentsOf(returns.map((value, day) => value - holding[day])));
  const year = Math.sqrt(periodsPerYear);
  const return_pct = returnOf(holding);
  return {
    return_pct,
    excess_return_pct: best.returnPct - return_pct,
    sharpe_annual: held.sharpe * year,
    excess_sharpe_annual: (moments.sharpe - held.sharpe) * year,
    error_annual: errorOf(best, held) * year,
    deflated_sharpe: Number.isFinite(deflated) ? deflated : null,
    long_share,
  };
}

function returnOf(returns: Float64Array): number {
  return (returns.reduce((value, one) => value * (1 + one), 1) - 1) * 100;
}

/**
 * The standard error of the difference of two Sharpe ratios of one day: J. D. Jobson, B. M. Korkie (1981) as corrected by
 * C. Memmel, Performance Hypothesis Testing with the Sharpe Ratio, Finance Letters 1 (2003).
 */
function errorOf({ returns, moments: { sharpe: a }, holding }: Held, { sharpe: b, count }: Moments): number {
  const alike = correlation(returns, holding);
  const variance = 2 - 2 * alike + (a * a + b * b - 2 * a * b * alike * alike) / 2;
  return Math.sqrt(Math.max(0, variance) / count);
}

function correlation(a: Float64Array, b: Float64Array): number {
  const { length } = a;
  const [meanA, meanB] = [meanOf(a, length), meanOf(b, length)];
  let sum = 0;
  for (let at = 0; at < length; at += 1) sum += (a[at] - meanA) * (b[at] - meanB);
  return sum / (length - 1) / (deviation(a, length, meanA) * deviation(b, length, meanB));
}
