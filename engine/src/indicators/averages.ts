// Recursive averages: each value moves the average a little towards it. They start as the mean of their first window and
// start again after a NaN, so a series may begin with NaN.

/** An average in the making, one value after the other. */
export interface Average {
  /** The number of values whose mean it starts on. */
  readonly seed: number;
  readonly alpha: number;
  /** Values since the last NaN, counted up to the seed. */
  seen: number;
  /** The first of them, and the sum of what the others differ from it: a flat series has exactly its own mean. */
  base: number;
  sum: number;
  /** NaN until it has seen so many. */
  value: number;
}

/** Exponential average, alpha 2 / (window + 1). `seed`: the number of values whose mean it starts on. */
export function exponential(window: number, seed = window): Average {
  return start(seed, 2 / (window + 1));
}

/** Wilder's average, alpha 1 / window. */
export function wilder(window: number): Average {
  return start(window, 1 / window);
}

/** Takes the next value and returns the average. */
export function take(average: Average, value: number): number {
  if (Number.isNaN(value)) {
    average.seen = 0;
    average.value = NaN;
  } else if (average.alpha === 1) {
    average.value = value; // of one bar; a step all the way to the value would miss it by a rounding
  } else if (average.seen === average.seed) {
    average.value += average.alpha * (value - average.value);
  } else {
    if (average.seen === 0) {
      average.base = value;
      average.sum = 0;
    }
    average.seen += 1;
    average.sum += value - average.base;
    if (average.seen === average.seed) average.value = average.base + average.sum / average.seed;
  }
  return average.value;
}

/** The exponential average of a whole column; `out` may be `x` itself. */
export function ema(x: Float64Array, window: number, out: Float64Array): void {
  takeAll(x, exponential(window), out);
}

/** Wilder's average of a whole column; `out` may be `x` itself. */
export function rma(x: Float64Array, window: number, out: Float64Array): void {
  takeAll(x, wilder(window), out);
}

function takeAll(x: Float64Array, average: Average, out: Float64Array): void {
  for (let bar = 0; bar < x.length; bar += 1) out[bar] = take(average, x[bar]);
}

/** A start that weighs less than this is forgotten. */
const FORGOTTEN = 1e-6;

/** Bars after the seed of an exponential average until the seed is forgotten; of an average of averages, with its `depth`. */
export function exponentialSettles(window: number, depth: 1 | 2 | 3 = 1): number {
  return settlesAfter(2 / (window + 1), depth);
}

/** Bars after the seed of Wilder's average until the seed is forgotten. */
export function wilderSettles(window: number, depth: 1 | 2 = 1): number {
  return settlesAfter(1 / window, depth);
}

/**
 * Finds by halving the number of steps after which a start weighs less than a millionth in `depth` averages of each other.
 * After k steps it weighs (1 - alpha)^k in the first; the second adds k alpha times that, the third k (k + 1) / 2 alpha^2.
 */
export function settlesAfter(alpha: number, depth: 1 | 2 | 3 = 1): number {
  if (alpha >= 1) return 0;
  const weight = (k: number): number => {
    const pull = k * alpha;
    const factor = 1 + (depth > 1 ? pull : 0) + (depth > 2 ? (pull * (pull + alpha)) / 2 : 0);
    return (1 - alpha) ** k * factor;
  };
  let [low, high] = [0, 1];
  while (weight(high) >= FORGOTTEN) [low, high] = [high, 2 * high];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (weight(middle) >= FORGOTTEN) low = middle;
    else high = middle;
  }
  return high;
}

function start(seed: number, alpha: number): Average {
  return { seed, alpha, seen: 0, base: NaN, sum: NaN, value: NaN };
}
