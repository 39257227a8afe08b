// Building blocks of the kernels: means and deviations of the last bars of a column. None of them drifts, looks ahead or
// remembers a NaN for longer than its window.

import { kernelsOver } from '../columns/arena.ts';

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
  const kernels = kernelsOver(out, x);
  if (kernels !== null) {
    kernels.mean(x.byteOffset, window, n, out.byteOffset);
    return;
  }
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
 * Mean of the last `window` values of `x`, each counted `weights` times; NaN where the weights sum to exactly 0. The same
 * sums as above, of weighted differences and of weights.
 */
export function weightedMean(x: Float64Array, weights: Float64Array, window: number, out: Float64Array): void {
  const n = x.length;
  // Two sums of each window wait for the bars after the anchor, and the output has room for one of them.
  const waiting = new Float64Array(window);
  out.fill(NaN, 0, Math.min(window - 1, n));
  for (let anchor = window - 1; anchor < n; anchor += window) {
    const base = x[anchor];
    const end = Math.min(anchor + window, n);
    let sum = 0;
    let weight = 0;
    for (let back = 0, last = anchor + window - 1; back < window; back += 1, last -= 1) {
      if (back > 0) {
        sum += weights[anchor - back] * (x[anchor - back] - base);
        weight += weights[anchor - back];
      }
      waiting[last - anchor] = weight;
      if (last < end) out[last] = sum;
    }
    sum = weight = 0;
    for (let bar = anchor; bar < end; bar += 1) {
      sum += weights[bar] * (x[bar] - base);
      weight += weights[bar];
      out[bar] = base + divide(out[bar] + sum, waiting[bar - anchor] + weight);
    }
  }
}

/** Mean, as above, and population standard deviation (ddof 0) of the last `window` values of `x`. */
export function meanAndDeviation(x: Float64Array, window: number, means: Float64Array, deviations: Float64Array): void {
  means.fill(NaN, 0, Math.min(window - 1, x.length));
  deviations.fill(NaN, 0, Math.min(window - 1, x.length));
  const columns = { means, deviations, from: 0 };
  for (let anchor = window - 1; anchor < x.length; anchor += window) {
    momentsAround(x, window, anchor, columns);
  }
}

/** What `value` makes of each bar's value and its window's mean and deviation, where there is room for nothing else. */
export function ofMeanAndDeviation(
  x: Float64Array,
  window: number,
  value: (x: number, mean: number, deviation: number) => number,
  out: Float64Array,
): void {
  out.fill(NaN, 0, Math.min(window - 1, x.length));
  // Room for the bars around one anchor, however many bars there are.
  const columns = { means: new Float64Array(window), deviations: new Float64Array(window), from: 0 };
  for (let anchor = window - 1; anchor < x.length; anchor += window) {
    columns.from = anchor;
    momentsAround(x, window, anchor, columns);
    const end = Math.min(anchor + window, x.length);
    for (let bar = anchor; bar < end; bar += 1) {
      out[bar] = value(x[bar], columns.means[bar - anchor], columns.deviations[bar - anchor]);
    }
  }
}

interface MomentColumns {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  /** The bar at which the columns begin. */
  readonly from: number;
}

/**
 * Writes mean and deviation of the windows that contain the anchor. Squares of differences from the anchor stay small:
 * prices of 60,000 do not hide a deviation of 0.01, and a flat window has exactly 0.
 */
function momentsAround(
  x: Float64Array,
  window: number,
  anchor: number,
  { means, deviations, from }: MomentColumns,
): void {
  const base = x[anchor];
  const end = Math.min(anchor + window, x.length);
  let sum = 0;
  let squares = 0;
  for (let back = 0, last = anchor + window - 1; back < window; back += 1, last -= 1) {
    const difference = x[anchor - back] - base;
    sum += difference;
    squares += difference * difference;
    if (last < end) {
      means[last - from] = sum;
      deviations[last - from] = squares;
    }
  }
  sum = 0;
  squares = 0;
  for (let bar = anchor; bar < end; bar += 1) {
    const difference = x[bar] - base; // 0 on the anchor itself
    sum += difference;
    squares += difference * difference;
    const total = means[bar - from] + sum;
    // The anchor's own difference is 0: total * total / window is at most (window - 1) / window of the squares, so the
    // subtraction costs at most a factor `window` of precision and cannot go below 0.
    const variance = (deviations[bar - from] + squares - (total * total) / window) / window;
    means[bar - from] = base + total / window;
    deviations[bar - from] = Math.sqrt(variance);
  }
}

/** True range, from bar 1 on: bar 0 has no close before it. */
export function trueRange(high: Float64Array, low: Float64Array, close: Float64Array, out: Float64Array): void {
  if (out.length > 0) out[0] = NaN;
  for (let bar = 1; bar < out.length; bar += 1) out[bar] = trueRangeAt(high, low, close, bar);
}

/** The true range of one bar; NaN on bar 0. */
export function trueRangeAt(high: Float64Array, low: Float64Array, close: Float64Array, bar: number): number {
  const before = bar === 0 ? NaN : close[bar - 1];
  return Math.max(high[bar] - low[bar], Math.abs(high[bar] - before), Math.abs(low[bar] - before));
}

/** a / b, and NaN, never infinite, where b is exactly 0. */
export function divide(a: number, b: number): number {
  return b === 0 ? NaN : a / b;
}
