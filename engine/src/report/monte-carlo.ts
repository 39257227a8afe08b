// What else the trades of a variant could have come to: the same trades in another order, and as many trades drawn from them
// with replacement. Prices between entry and exit are not in it, so drawdowns are those of closed trades.

import { random } from '../grid/random.ts';
import { maxDrawdownPct } from '../simulate/metrics.ts';
import type { Setting } from '../simulate/setting.ts';
import type { Trades } from '../simulate/trades.ts';

/** Percents are human percents, quantiles are nearest-rank. Plain JSON. */
export interface MonteCarlo {
  readonly trades: number;
  readonly draws: number;
  /** The deepest fall of the closed trades in the order in which they came. */
  readonly closed_drawdown_pct: number;
  /** All trades in a random order: the same return, another drawdown. */
  readonly reordered: { readonly closed_drawdown_pct: Falls };
  /** As many trades, drawn with replacement. */
  readonly resampled: {
    readonly return_pct: { readonly p5: number; readonly p50: number; readonly p95: number };
    readonly closed_drawdown_pct: Falls;
    /** The share of draws that end below the initial cash. */
    readonly loss_probability: number;
  };
}

interface Falls {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Rows of a result that have it: the best ones. */
export const MONTE_CARLO_ROWS = 10;

const LEAST_TRADES = 10;
const DRAWS = 1000;
/** Of more trades than this there are fewer draws. */
const MANY_TRADES = 10_000;
const DRAWS_OF_MANY = 200;

/** Null: too few trades to draw from. `key` is the variant key, of which the draws are made: the same variant draws the same. */
export function monteCarlo(
  trades: Pick<Trades, 'count' | 'net'>,
  setting: Pick<Setting, 'initCash' | 'sizing'>,
  key: string,
): MonteCarlo | null {
  const { count } = trades;
  if (count < LEAST_TRADES) return null;
  const adds = setting.sizing === 'fixed_quote';
  const steps = stepsOf(trades, setting.initCash, adds);
  const draws = count > MANY_TRADES ? DRAWS_OF_MANY : DRAWS;
  const next = random(Number.parseInt(key.slice(0, 8), 16));
  const reordered = new Float64Array(draws);
  const returns = new Float64Array(draws);
  const resampled = new Float64Array(draws);
  const order = steps.slice();
  const equity = steps.slice();
  let losses = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    shuffle(order, next);
    reordered[draw] = pathOf(order, adds, equity).fallPct;
  }
  for (let draw = 0; draw < draws; draw += 1) {
    for (let at = 0; at < count; at += 1) order[at] = steps[Math.floor(next() * count)];
    const { returnPct, fallPct } = pathOf(order, adds, equity);
    returns[draw] = returnPct;
    resampled[draw] = fallPct;
    losses += Number(returnPct < 0);
  }
  const ofReturns = nearestRank(returns);
  return {
    trades: count,
    draws,
    closed_drawdown_pct: pathOf(steps, adds, equity).fallPct,
    reordered: { closed_drawdown_pct: fallsOf(reordered) },
    resampled: {
      return_pct: { p5: ofReturns(5), p50: ofReturns(50), p95: ofReturns(95) },
      closed_drawdown_pct: fallsOf(resampled),
      loss_probability: losses / draws,
    },
  };
}

/** What each trade does to equity: its net over the equity before it, or over the initial cash where amounts are fixed. */
function stepsOf({ count, net }: Pick<Trades, 'count' | 'net'>, initCash: number, adds: boolean): Float64Array {
  const steps = new Float64Array(count);
  let equity = initCash;
  for (let trade = 0; trade < count; trade += 1) {
    steps[trade] = net[trade] / (adds ? initCash : equity);
    equity += net[trade];
  }
  return steps;
}

/** Return and deepest fall of an equity of 1; at 0 it ends. `equity` is overwritten. */
function pathOf(
  steps: Float64Array,
  adds: boolean,
  equity: Float64Array,
): { readonly returnPct: number; readonly fallPct: number } {
  let value = 1;
  for (let at = 0; at < steps.length; at += 1) {
    value = adds ? value + steps[at] : value * (1 + steps[at]);
    if (!(value > 0)) return { returnPct: -100, fallPct: 100 };
    equity[at] = value;
  }
  return { returnPct: (value - 1) * 100, fallPct: maxDrawdownPct(equity, 1) };
}

/** R. A. Fisher, F. Yates, in place (Knuth, The Art of Computer Programming 2, 3.4.2, algorithm P). */
function shuffle(values: Float64Array, next: () => number): void {
  for (let last = values.length - 1; last > 0; last -= 1) {
    const at = Math.floor(next() * (last + 1));
    const value = values[last];
    values[last] = values[at];
    values[at] = value;
  }
}

function fallsOf(falls: Float64Array): Falls {
  const rank = nearestRank(falls);
  return { p50: rank(50), p95: rank(95), p99: rank(99) };
}

/** The least value that at least so many percent of the values do not exceed. */
function nearestRank(values: Float64Array): (percent: number) => number {
  const ascending = values.slice().sort();
  return (percent) => ascending[Math.max(1, Math.ceil((percent * ascending.length) / 100)) - 1];
}
