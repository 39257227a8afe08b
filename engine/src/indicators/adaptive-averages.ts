// Averages whose weights are not those of a plain window: Kaufman's, which follows a trend and sits out noise, and
// Arnaud Legoux's, weighted by a bell curve that leans towards the newest bars.

import { settlesAfter } from './averages.ts';
import { divide, mean } from './windows.ts';

/**
 * Kaufman: the more of the way the price went over `window` bars it also got ahead (the efficiency ratio, 1 for a straight
 * line), the closer the average follows. Starts on the price of bar `window - 1`; a window without any move keeps the average.
 */
export function kama(
  [x]: readonly Float64Array[],
  [window, fast, slow]: readonly number[],
  [average, efficiency]: readonly Float64Array[],
): void {
  const slowest = 2 / (slow + 1);
  const reach = 2 / (fast + 1) - slowest;
  for (let bar = 0; bar < x.length; bar += 1) average[bar] = bar === 0 ? NaN : Math.abs(x[bar] - x[bar - 1]);
  mean(average, window, efficiency);
  let seen = 0; // values since the last NaN, counted up to the window
  let value = NaN;
  for (let bar = 0; bar < x.length; bar += 1) {
    if (Number.isNaN(x[bar])) {
      seen = 0;
      value = NaN;
    } else if (seen < window) {
      seen += 1;
      if (seen === window) value = x[bar];
    } else {
      const way = efficiency[bar] * window;
      efficiency[bar] = way === 0 ? 0 : Math.abs(x[bar] - x[bar - window]) / way;
      const alpha = (efficiency[bar] * reach + slowest) ** 2;
      if (way !== 0) value += alpha * (x[bar] - value);
    }
    average[bar] = value;
  }
}

/**
 * Bars until the start is forgotten at the speed of a random walk, whose efficiency over `window` bars is about
 * 1 / sqrt(window). In a market that goes nowhere it takes longer, and in one that stands still for ever.
 */
export function kamaSettles([window, fast, slow]: readonly number[]): number {
  const slowest = 2 / (slow + 1);
  return settlesAfter(((2 / (fast + 1) - slowest) / Math.sqrt(window) + slowest) ** 2);
}

/** A bell curve of weights, its top at `offset` of the window (1 on the newest bar), `window / sigma` bars wide. */
export function alma(
  [x]: readonly Float64Array[],
  [window, offset, sigma]: readonly number[],
  [out]: readonly Float64Array[],
): void {
  const top = offset * (window - 1);
  const width = window / sigma;
  // The only memory a kernel of this file takes: a weight for each bar of the window, so that `exp` is not asked for each bar.
  const weights = new Float64Array(window);
  let total = 0;
  for (let at = 0; at < window; at += 1) {
    weights[at] = Math.exp(-((at - top) ** 2) / (2 * width * width));
    total += weights[at];
  }
  out.fill(NaN, 0, Math.min(window - 1, x.length));
  for (let bar = window - 1; bar < x.length; bar += 1) {
    const base = x[bar];
    const oldest = bar - window + 1;
    let sum = 0;
    for (let at = 0; at < window; at += 1) sum += weights[at] * (x[oldest + at] - base);
    out[bar] = base + divide(sum, total);
  }
}
