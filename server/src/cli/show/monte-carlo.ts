// What else the trades of a variant could have come to, in the words of somebody who has to live through it.

import type { MonteCarlo } from '@backtest-jobs/engine/internal';
import { count, wrap } from './table.ts';
import { percent } from './variants.ts';

const NARROW = 80;

/** Nothing where too few trades were made, or a version before 0.5.0 made the result. */
export function monteCarloLines(found: MonteCarlo | null | undefined): string[] {
  if (!found) return [];
  const { trades, draws, closed_drawdown_pct: real, reordered, resampled } = found;
  const { p50, p95, p99 } = reordered.closed_drawdown_pct;
  const { return_pct: ends, loss_probability } = resampled;
  const [fall, deep, deepest] = [p50, p95, p99].map((value) => percent(value, 1));
  const asTheyCame = `drawdown on closed trades ${percent(real, 1)} as they came`;
  const other = `${fall} in the middle, above ${deep} in 5% and above ${deepest} in 1% of the orders`;
  const low = `${percent(ends.p5, 1)} or less in 5%, ${percent(ends.p50, 1)} in the middle`;
  const high = `${percent(ends.p95, 1)} or more in 5%, a loss in ${percent(100 * loss_probability, 1)}`;
  return [
    ...row('reordered', `${asTheyCame}; ${count(trades)} trades in ${count(draws)} random orders: ${other}`),
    ...row('resampled', `as many trades drawn from them, ${count(draws)} times: return ${low}, ${high} of the draws`),
  ];
}

function row(name: string, text: string): string[] {
  return wrap(text, NARROW - 11).map((line, at) => (at === 0 ? name : '').padEnd(11) + line);
}
