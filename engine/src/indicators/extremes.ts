// The highest and lowest value of a window, in three comparisons a bar whatever the window. One bar in `window` is an anchor; each of the windows that contain it is what lies before it, accumulated
// backwards, and what lies after it, accumulated forwards. A NaN counts as long as the window holds it.

/** Highest of the last `window` values of `x`. */
export function highest(x: Float64Array, window: number, out: Float64Array): void {
  extreme(x, window, { better: Math.max, column: out, from: 0 });
}

/** Lowest of the last `window` values of `x`. */
export function lowest(x: Float64Array, window: number, out: Float64Array): void {
  extreme(x, window, { better: Math.min, column: out, from: 0 });
}

/** The bar of the highest of the last `window` values of `x`, the earliest of equals. */
export function highestBar(x: Float64Array, window: number, out: Float64Array): void {
  extremeBar(x, window, out, (early, late) => early >= late);
}

/** The bar of the lowest of the last `window` values of `x`, the earliest of equals. */
export function lowestBar(x: Float64Array, window: number, out: Float64Array): void {
  extremeBar(x, window, out, (early, late) => early <= late);
}

/** What `value` makes of each bar's `x`, the highest `high` and the lowest `low` of its window, with room for nothing else. */
export function ofExtremes(
  [x, high, low]: readonly Float64Array[],
  window: number,
  value: (x: number, highest: number, lowest: number) => number,
  out: Float64Array,
): void {
  out.fill(NaN, 0, Math.min(window - 1, x.length));
  // Room for the bars around one anchor, however many bars there are.
  const highs = { better: Math.max, column: new Float64Array(window), from: 0 };
  const lows = { better: Math.min, column: new Float64Array(window), from: 0 };
  for (let anchor = window - 1; anchor < x.length; anchor += window) {
    highs.from = lows.from = anchor;
    extremeAround(high, window, anchor, highs);
    extremeAround(low, window, anchor, lows);
    const end = Math.min(anchor + window, x.length);
    for (let bar = anchor; bar < end; bar += 1) {
      out[bar] = value(x[bar], highs.column[bar - anchor], lows.column[bar - anchor]);
    }
  }
}

interface Side {
  /** Both extremes give NaN as soon as one of two values is NaN. */
  readonly better: (a: number, b: number) => number;
  readonly column: Float64Array;
  /** The bar at which the column begins. */
  readonly from: number;
}

function extreme(x: Float64Array, window: number, side: Side): void {
  side.column.fill(NaN, 0, Math.min(window - 1, x.length));
  for (let anchor = window - 1; anchor < x.length; anchor += window) extremeAround(x, window, anchor, side);
}

/** Writes the extremes of the windows that contain the anchor. */
function extremeAround(x: Float64Array, window: number, anchor: number, { better, column, from }: Side): void {
  const end = Math.min(anchor + window, x.length);
  let best = x[anchor];
  // The window that starts at `anchor - back` ends at `last`: its part before the anchor waits there.
  for (let back = 0, last = anchor + window - 1; back < window; back += 1, last -= 1) {
    best = better(best, x[anchor - back]);
    if (last < end) column[last - from] = best;
  }
  best = x[anchor];
  for (let bar = anchor; bar < end; bar += 1) {
    best = better(best, x[bar]);
    column[bar - from] = better(column[bar - from], best);
  }
}

/** As the extremes, with bars in place of values. `stays`: whether the earlier of two values is the extreme. */
function extremeBar(
  x: Float64Array,
  window: number,
  out: Float64Array,
  stays: (early: number, late: number) => boolean,
): void {
  const n = x.length;
  // A bar whose value is NaN beats every other, so that it is found while it is in the window.
  const better = (early: number, late: number): number =>
    Number.isNaN(x[early]) || stays(x[early], x[late]) ? early : late;
  out.fill(NaN, 0, Math.min(window - 1, n));
  for (let anchor = window - 1; anchor < n; anchor += window) {
    const end = Math.min(anchor + window, n);
    let best = anchor;
    for (let back = 0, last = anchor + window - 1; back < window; back += 1, last -= 1) {
      best = better(anchor - back, best);
      if (last < end) out[last] = best;
    }
    best = anchor;
    for (let bar = anchor; bar < end; bar += 1) {
      best = better(best, bar);
      const found = better(out[bar], best);
      out[bar] = Number.isNaN(x[found]) ? NaN : found;
    }
  }
}
