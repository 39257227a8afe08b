// What a Sharpe ratio and the doubt about it are made of: the first four moments of a column of returns.

import { deviation, meanOf } from '../simulate/metrics.ts';

export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Sample standard deviation, ddof 1, as that of the report's Sharpe ratio. */
  readonly deviation: number;
  /** mean / deviation: of one return, not of a year; +-Infinity without deviation, NaN where both are 0. */
  readonly sharpe: number;
  /** m3 / m2^1.5 of the moments about the mean; NaN without deviation. */
  readonly skewness: number;
  /** m4 / m2^2, raw: 3 for a normal distribution; NaN without deviation. */
  readonly kurtosis: number;
}

/** The moments of at least two returns; NaN for fewer. Sums run in the order of the returns. */
export function momentsOf(returns: Float64Array): Moments {
  const count = returns.length;
  const mean = meanOf(returns, count);
  const spread = deviation(returns, count, mean);
  let squares = 0;
  let cubes = 0;
  let fourths = 0;
  for (let i = 0; i < count; i += 1) {
    const distance = returns[i] - mean;
    const square = distance * distance;
    squares += square;
    cubes += square * distance;
    fourths += square * square;
  }
  const variance = squares / count;
  return {
    count,
    mean,
    deviation: spread,
    sharpe: mean / spread,
    skewness: cubes / count / (variance * Math.sqrt(variance)),
    kurtosis: fourths / count / (variance * variance),
  };
}
