// The normal distribution and its inverse, to a few units in the last place: a probability near 0 keeps its digits.

const SQRT_2_PI = 2.5066282746310002;

/** How likely a standard normal number is at most `x`: NaN for NaN. */
export function normalCdf(x: number): number {
  if (Math.abs(x) < 1) return 0.5 + density(x) * taylor(x);
  return x < 0 ? upperTail(-x) : 1 - upperTail(x);
}

/**
 * The `x` that a standard normal number exceeds with probability `1 - p`: -Infinity for 0, Infinity for 1, NaN outside
 * of [0, 1]. A first guess (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.23, good to 4.5e-4) is made
 * exact by Halley's method, each step of which triples the digits.
 */
export function normalInverse(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p > 0.5) return 0 - normalInverse(1 - p); // where 1 - p is exact
  if (p === 0 || p === 0.5) return p === 0 ? -Infinity : 0;
  const t = Math.sqrt(-2 * Math.log(p));
  let x = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let step = 0; step < 3; step += 1) {
    // In the middle without rounding at 1/2, so that the root near 0 keeps its digits.
    const over = x > -1 ? 0.5 - p + density(x) * taylor(x) : normalCdf(x) - p;
    const miss = over / density(x);
    x -= miss / (1 + (x * miss) / 2);
  }
  return x;
}

/** exp(-x^2 / 2) / sqrt(2 pi). The square is taken in two parts, or its rounding would grow with it. */
function density(x: number): number {
  const coarse = Math.trunc(x * 16) / 16;
  const rest = (x - coarse) * (x + coarse);
  return (Math.exp((-coarse * coarse) / 2) * Math.exp(-rest / 2)) / SQRT_2_PI;
}

/** x + x^3 / 3 + x^5 / (3 * 5) + ...: G. Marsaglia, Evaluating the Normal Distribution (2004). */
function taylor(x: number): number {
  let sum = 0;
  let term = x;
  for (let odd = 3; sum + term !== sum; odd += 2) {
    sum += term;
    term *= (x * x) / odd;
  }
  return sum;
}

// From 1 on this many terms leave nothing to add.
const TERMS = 600;
/** From here on the tail is below the smallest double. */
const NOTHING = 39;

/** For x >= 1, by Laplace's continued fraction 1 / (x + 1 / (x + 2 / (x + 3 / ...))) of Mills' ratio. */
function upperTail(x: number): number {
  if (x >= NOTHING) return 0;
  let fraction = x;
  for (let term = TERMS; term > 0; term -= 1) fraction = x + term / fraction;
  return density(x) / fraction;
}
