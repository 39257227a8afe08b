// Building blocks of the kernels: means, deviations and recursive averages of a column. None of them drifts, looks ahead
// or remembers a NaN for longer than its window.

/**
 * Mean of the last `window` values of `x`.
 *
 * A running sum that subtracts what leaves the window collects rounding for ever. Here nothing is ever subtracted again:
 * one bar in `window` is an anchor, and each of the `window` windows that contain it is a sum of what lies before it,
 * accumulated backwards, and of what lies after it, accumulated forwards: two additions a bar, whatever the window.
 * Values are summed as differences from the anchor, so a flat window has exactly its own mean.
 */
export function mean(x: Float64Array, window: number, out: Float64Array): void {
  const n = x.length;
  out.fill(NaN, 0, Math.min(window - 1, n));
  for (let anchor = window - 1; anchor < n; anchor += window) {
    const base = x[anchor];
    const end = Math.min(anchor + window, n);
    let sum = 0;
    // The window that starts at `anchor - back` ends at `last`: its part before the anchor waits there.
    for (let back = 0, last = anchor + window - 1; back < window; back += 1, last -= 1) {
      sum += x[anchor - back] - base;
      if (last < end) out[last] = sum;
    }
    sum = 0;
    for (let bar = anchor; bar < end; bar += 1) {
      sum += x[bar] - base;
      out[bar] = base + (out[bar] + sum) / window;
    }
  }
}

/**
 * Mean, as above, and population standard deviation (ddof 0) of the last `window` values of `x`. Squares of differences
 * from the anchor stay small: prices of 60,000 do not hide a deviation of 0.01, and a flat window has exactly 0.
 */
export function meanAndDeviation(x: Float64Array, window: number, means: Float64Array, deviations: Float64Array): void {
  const n = x.length;
  means.fill(NaN, 0, Math.min(window - 1, n));
  deviations.fill(NaN, 0, Math.min(window - 1, n));
  for (let anchor = window - 1; anchor < n; anchor += window) {
    const base = x[anchor];
    const end = Math.min(anchor + window, n);
    let sum = 0;
    let squares = 0;
    for (let back = 0, last = anchor + window - 1; back < window; back += 1, last -= 1) {
      const difference = x[anchor - back] - base;
      sum += difference;
      squares += difference * difference;
      if (last < end) {
        means[last] = sum;
        deviations[last] = squares;
      }
    }
    sum = 0;
    squares = 0;
    for (let bar = anchor; bar < end; bar += 1) {
      const difference = x[bar] - base; // 0 on the anchor itself
      sum += difference;
      squares += difference * difference;
      const total = means[bar] + sum;
      // The anchor's own difference is 0: total * total / window is at most (window - 1) / window of the squares, so the
      // subtraction costs at most a factor `window` of precision and cannot go below 0.
      const variance = (deviations[bar] + squares - (total * total) / window) / window;
      means[bar] = base + total / window;
      deviations[bar] = Math.sqrt(variance);
    }
  }
}

/** Exponential average, alpha 2 / (window + 1). */
export function ema(x: Float64Array, window: number, out: Float64Array): void {
  smooth(x, window, 2 / (window + 1), out);
}

/** Wilder's average, alpha 1 / window. */
export function rma(x: Float64Array, window: number, out: Float64Array): void {
  smooth(x, window, 1 / window, out);
}

/** True range, from bar 1 on: bar 0 has no close before it. */
export function trueRange(high: Float64Array, low: Float64Array, close: Float64Array, out: Float64Array): void {
  if (out.length > 0) out[0] = NaN;
  for (let bar = 1; bar < out.length; bar += 1) {
    const before = close[bar - 1];
    out[bar] = Math.max(high[bar] - low[bar], Math.abs(high[bar] - before), Math.abs(low[bar] - before));
  }
}

/** Starts as the mean of the first `window` values and starts again after a NaN: a series may begin with NaN. */
function smooth(x: Float64Array, window: number, alpha: number, out: Float64Array): void {
  let seen = 0; // values since the last NaN, counted up to the window
  let average = NaN;
  for (let bar = 0; bar < x.length; bar += 1) {
    const value = x[bar];
    if (Number.isNaN(value)) {
      seen = 0;
      average = NaN;
    } else if (seen === window) {
      average += alpha * (value - average);
    } else {
      seen += 1;
      if (seen === window) average = meanEndingAt(x, bar, window);
    }
    out[bar] = average;
  }
}

/** The same mean, to the bit, as `mean` writes at its anchors. */
function meanEndingAt(x: Float64Array, bar: number, window: number): number {
  const base = x[bar];
  let sum = 0;
  for (let back = 0; back < window; back += 1) sum += x[bar - back] - base;
  return base + sum / window;
}
