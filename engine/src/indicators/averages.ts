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

function start(seed: number, alpha: number): Average {
  return { seed, alpha, seen: 0, base: NaN, sum: NaN, value: NaN };
}
