// The normal distribution in logarithms: the best of a million trials lies where plain probabilities are 0 or 1.

const LOG_ROOT_2_PI = 0.5 * Math.log(2 * Math.PI);

/** Returns the logarithm of the density. */
const logDensity = (x: number): number => -0.5 * x * x - LOG_ROOT_2_PI;

/** Coefficients of a Chebyshev fit of the complementary error function, good to 1.2e-7 of its value everywhere. */
const FIT = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
];

/** Returns the logarithm of the probability of less than x. */
export function logBelow(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * z);
  const fit = FIT.reduceRight((sum, one) => sum * t + one, 0);
  const logTail = Math.log(0.5 * t) - z * z + fit;
  return x <= 0 ? logTail : Math.log1p(-Math.exp(logTail));
}

/**
 * Returns the logarithm of the density that the best of `trials` draws has at x, each normal around 0 with deviation s:
 * N phi(x/s) Phi(x/s)^(N-1) / s.
 */
export function logBestDensity(x: number, trials: number, s: number): number {
  return Math.log(trials) + logDensity(x / s) + (trials - 1) * logBelow(x / s) - Math.log(s);
}
