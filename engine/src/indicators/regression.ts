// The straight line through a window, by least squares.

/**
 * Slope of the line in price a bar, its value on the first bar of the window (x = 0), and the share of the variance that it
 * explains. Anchored like the means of `windows.ts`: three sums over differences from the value on the anchor, positions
 * counted from the anchor, and what lies before it waits in the outputs.
 */
export function linearRegression(
  [x]: readonly Float64Array[],
  [window]: readonly number[],
  [slope, intercept, r2]: readonly Float64Array[],
): void {
  const n = x.length;
  const half = (window - 1) / 2;
  const spread = (window * (window * window - 1)) / 12; // sum of the squared distances from the middle position
  for (const out of [slope, intercept, r2]) out.fill(NaN, 0, Math.min(window - 1, n));
  for (let anchor = window - 1; anchor < n; anchor += window) {
    const base = x[anchor];
    const end = Math.min(anchor + window, n);
    let sum = 0;
    let squares = 0;
    let products = 0;
    for (let back = 0, last = anchor + window - 1; back < window; back += 1, last -= 1) {
      const difference = x[anchor - back] - base;
      sum += difference;
      squares += difference * difference;
      products -= back * difference;
      if (last >= end) continue;
      intercept[last] = sum;
      r2[last] = squares;
      slope[last] = products;
    }
    sum = squares = products = 0;
    for (let bar = anchor; bar < end; bar += 1) {
      const difference = x[bar] - base; // 0 on the anchor itself
      sum += difference;
      squares += difference * difference;
      products += (bar - anchor) * difference;
      const total = intercept[bar] + sum;
      const variation = r2[bar] + squares - (total * total) / window;
      const covariation = slope[bar] + products - (bar - anchor - half) * total;
      slope[bar] = covariation / spread;
      intercept[bar] = base + total / window - slope[bar] * half;
      // A flat window leaves nothing to explain; rounding must not explain more than all.
      r2[bar] = variation > 0 ? Math.min(1, (covariation * covariation) / (spread * variation)) : NaN;
    }
  }
}
