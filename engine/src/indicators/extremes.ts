// The highest and lowest value of a window, in three comparisons a bar whatever the window, and without memory beside the
// output. One bar in `window` is an anchor; each of the windows that contain it is what lies before it, accumulated
// backwards, and what lies after it, accumulated forwards. A NaN counts as long as the window holds it.

/** Highest of the last `window` values of `x`. */
export function highest(x: Float64Array, window: number, out: Float64Array): void {
  extreme(x, window, out, Math.max);
}

/** Lowest of the last `window` values of `x`. */
export function lowest(x: Float64Array, window: number, out: Float64Array): void {
  extreme(x, window, out, Math.min);
}

/** Both extremes give NaN as soon as one of two values is NaN. */
type Extreme = (a: number, b: number) => number;

function extreme(x: Float64Array, window: number, out: Float64Array, better: Extreme): void {
  const n = x.length;
  out.fill(NaN, 0, Math.min(window - 1, n));
  for (let anchor = window - 1; anchor < n; anchor += window) {
    const end = Math.min(anchor + window, n);
    let best = x[anchor];
    // The window that starts at `anchor - back` ends at `last`: its part before the anchor waits there.
    for (let back = 0, last = anchor + window - 1; back < window; back += 1, last -= 1) {
      best = better(best, x[anchor - back]);
      if (last < end) out[last] = best;
    }
    best = x[anchor];
    for (let bar = anchor; bar < end; bar += 1) {
      best = better(best, x[bar]);
      out[bar] = better(out[bar], best);
    }
  }
}
