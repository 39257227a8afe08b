// The share of permuted markets in which the same search finds something at least as good: the p-value of the best.

import { orderOf } from '../scoring/rank.ts';
import { metricNumber, type MetricJson } from '../simulate/metrics-json.ts';
import type { Ranking } from '../spec.ts';

/** Values this close, as a part of the larger one, are equal: markets are rebuilt from rounded moves. */
const EQUAL = 1e-9;

/** Counts the values that are at least as good as the best; null, where nothing was ranked, is the worst. */
export function countAsGood(ranking: Ranking, best: MetricJson, others: readonly MetricJson[]): number {
  const sign = orderOf(ranking).primary === 'asc' ? -1 : 1;
  const goodness = (value: MetricJson): number => (value === null ? NaN : sign * metricNumber(value));
  const real = goodness(best);
  return others.filter((other) => isAsGood(goodness(other), real)).length;
}

/** `p = (1 + count) / (1 + markets)`: the real market is one of those that could have been. */
export function pValue(asGood: number, markets: number): number {
  return (1 + asGood) / (1 + markets);
}

function isAsGood(value: number, real: number): boolean {
  if (Number.isNaN(real)) return true;
  if (Number.isNaN(value)) return false;
  if (value >= real) return true;
  const apart = real - value; // of an infinity infinite, which is not near to anything
  return apart < Infinity && apart <= EQUAL * Math.max(Math.abs(value), Math.abs(real));
}
