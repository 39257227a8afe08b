// How far a Sharpe ratio can be believed. D. H. Bailey, M. Lopez de Prado, The Deflated Sharpe Ratio, Journal of Portfolio
// Management 40 (2014); the same and J. Borwein, Q. J. Zhu, Pseudo-Mathematics and Financial Charlatanism, Notices of the
// AMS 61 (2014). Ratios are those of one return (daily returns: daily ratios) unless a name says annual.

import type { Moments } from './moments.ts';
import { normalCdf, normalInverse } from './normal.ts';

const EULER_MASCHERONI = 0.5772156649015329;

/**
 * The probability that the true ratio is above `benchmark`, from the measured ratio, its number of returns, their skewness
 * and their raw kurtosis (normal: 3): the cdf of (SR - SR*) sqrt(T - 1) / sqrt(1 - skew SR + (kurtosis - 1) / 4 SR^2).
 * Ratio and benchmark of one return. NaN where a moment is.
 */
export function probabilisticSharpe(
  { sharpe, count, skewness, kurtosis }: Pick<Moments, 'sharpe' | 'count' | 'skewness' | 'kurtosis'>,
  benchmark = 0,
): number {
  const spread = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
  return normalCdf(((sharpe - benchmark) * Math.sqrt(count - 1)) / Math.sqrt(spread));
}

/**
 * The expected maximum of `trials` independent standard normal numbers, approximately: (1 - g) Z^-1(1 - 1/N) +
 * g Z^-1(1 - 1/(N e)), g the Euler-Mascheroni constant; 0 for one trial.
 * @throws RangeError for fewer than one.
 */
export function expectedMaximum(trials: number): number {
  if (!(trials >= 1)) throw new RangeError(`trials must be at least 1, got ${trials}`);
  if (trials === 1) return 0;
  // By symmetry Z^-1(1 - p) is -Z^-1(p), and p keeps the digits that 1 - p would round away.
  const below = (1 - EULER_MASCHERONI) * normalInverse(1 / trials);
  return -(below + EULER_MASCHERONI * normalInverse(1 / (trials * Math.E)));
}

/**
 * The ratio that the best of `trials` variants without any skill would be expected to have, where the ratios of trials
 * have this variance (both of one return).
 */
export function luckySharpe(trials: number, variance: number): number {
  return Math.sqrt(variance) * expectedMaximum(trials);
}

/** The probabilistic ratio against what luck alone would bring in so many trials; see `luckySharpe`. */
export function deflatedSharpe(
  moments: Pick<Moments, 'sharpe' | 'count' | 'skewness' | 'kurtosis'>,
  trials: number,
  variance: number,
): number {
  return probabilisticSharpe(moments, luckySharpe(trials, variance));
}

/**
 * Years of history below which the best of so many independent trials without skill is expected to reach an annual
 * ratio of `annualSharpe`: (E[max_N] / ratio)^2.
 */
export function minimumBacktestYears(trials: number, annualSharpe = 1): number {
  return (expectedMaximum(trials) / annualSharpe) ** 2;
}
