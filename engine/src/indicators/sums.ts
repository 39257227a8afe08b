// Sums over windows of values that are computed on the way and stand in no column, since a kernel has no memory beside its
// outputs. Anchored like the means of `windows.ts`: nothing is ever subtracted again, so nothing drifts, and a NaN counts
// as long as the window holds it.

import { divide } from './windows.ts';

/** Two sums over each window and what comes of them. */
export interface WindowSums {
  /** What the values around an anchor are measured from: small differences do not lose digits to a high price. */
  readonly origin: (anchor: number) => number;
  /** What a bar adds to the first sum. */
  readonly first: (bar: number, origin: number) => number;
  /** What a bar adds to the second sum; `first` is what it added to the first. */
  readonly second: (bar: number, first: number) => number;
  /** The value of the window that ends on the bar. */
  readonly combine: (first: number, second: number, origin: number, bar: number) => number;
}

/** Writes what `sums` makes of the last `window` bars. */
export function windowSums(window: number, sums: WindowSums, out: Float64Array): void {
  const n = out.length;
  // The first sum of what lies before the anchor waits in `out`, the second here: one window, however many bars.
  const waiting = new Float64Array(window);
  out.fill(NaN, 0, Math.min(window - 1, n));
  for (let anchor = window - 1; anchor < n; anchor += window) {
    const origin = sums.origin(anchor);
    const end = Math.min(anchor + window, n);
    let first = 0;
    let second = 0;
    for (let bar = anchor, last = anchor + window - 1; last >= anchor; bar -= 1, last -= 1) {
      const term = sums.first(bar, origin);
      first += term;
      second += sums.second(bar, term);
      if (last >= end) continue;
      out[last] = first;
      waiting[last - anchor] = second;
    }
    first = 0;
    second = 0;
    for (let bar = anchor; bar < end; bar += 1) {
      if (bar > anchor) {
        const term = sums.first(bar, origin);
        first += term;
        second += sums.second(bar, term);
      }
      out[bar] = sums.combine(out[bar] + first, waiting[bar - anchor] + second, origin, bar);
    }
  }
}

/** Sum of one term over the sum of another, neither of which changes its sign; NaN where the second sum is 0. */
export function ratioOfSums(
  window: number,
  numerator: (bar: number) => number,
  denominator: (bar: number) => number,
  out: Float64Array,
): void {
  windowSums(window, { origin: () => 0, first: numerator, second: denominator, combine: divide }, out);
}

/** Population deviation (ddof 0) of the last `window` values. */
export function deviationOf(window: number, value: (bar: number) => number, out: Float64Array): void {
  const sums: WindowSums = {
    origin: value,
    first: (bar, origin) => value(bar) - origin,
    second: (_, difference) => difference * difference,
    // The anchor's own difference is 0: the subtraction costs at most a factor `window` of precision and stays above 0.
    combine: (total, squares) => Math.sqrt((squares - (total * total) / window) / window),
  };
  windowSums(window, sums, out);
}
