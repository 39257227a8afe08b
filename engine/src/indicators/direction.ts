// Kernels that ask which way the market goes: how far bars reach beyond the one before, and how fresh the extremes are.

import { take, wilder } from './averages.ts';
import { highestBar, lowestBar } from './extremes.ts';
import { ratioOfSums } from './sums.ts';
import { trueRangeAt } from './windows.ts';

/**
 * Wilder's directional movement: what a bar adds above the one before, or below it, whichever is more, averaged and in
 * percent of the true range. How one-sided that is, |+DI - -DI| of +DI + -DI, is averaged again; the rating of that average
 * is the mean of now and `window` bars ago.
 */
export function adx(
  [high, low, close]: readonly Float64Array[],
  [window]: readonly number[],
  [average, pdi, mdi, rating]: readonly Float64Array[],
): void {
  const [range, plus, minus, direction] = [wilder(window), wilder(window), wilder(window), wilder(window)];
  let dx = NaN;
  for (let bar = 0; bar < close.length; bar += 1) {
    const up = bar === 0 ? NaN : high[bar] - high[bar - 1];
    const down = bar === 0 ? NaN : low[bar - 1] - low[bar];
    const reach = trueRangeAt(high, low, close, bar);
    const hole = Number.isNaN(up + down + reach); // in one of them: all start again, together
    const averageRange = take(range, hole ? NaN : reach);
    const added = hole ? NaN : Number(up > down) * Math.max(up, 0);
    const taken = hole ? NaN : Number(down > up) * Math.max(down, 0);
    const rise = take(plus, added);
    const fall = take(minus, taken);
    // Averages that all shrink alike keep their ratios; computed anew those would tremble in their last digit.
    const stays = added === 0 && taken === 0 && !Number.isNaN(dx);
    const still = stays && reach === 0;
    pdi[bar] = still ? pdi[bar - 1] : (100 * rise) / averageRange;
    mdi[bar] = still ? mdi[bar - 1] : (100 * fall) / averageRange;
    // No range at all leaves +DI and -DI without a value, but the direction is 0: a still hour must not silence its average.
    if (!stays) dx = rise === fall ? 0 : (100 * Math.abs(rise - fall)) / (rise + fall);
    average[bar] = take(direction, dx);
    rating[bar] = bar < window ? NaN : (average[bar] + average[bar - window]) / 2;
  }
}

/**
 * How fresh the highest high and the lowest low of window + 1 bars are: 100 on this bar, 0 `window` bars ago; no value where
 * both are one price.
 */
export function aroon(
  [high, low]: readonly Float64Array[],
  [window]: readonly number[],
  [oscillator, up, down]: readonly Float64Array[],
): void {
  highestBar(high, window + 1, up);
  lowestBar(low, window + 1, down);
  for (let bar = 0; bar < high.length; bar += 1) {
    if (high[up[bar]] === low[down[bar]]) up[bar] = down[bar] = NaN;
    up[bar] = (100 * (up[bar] - (bar - window))) / window;
    down[bar] = (100 * (down[bar] - (bar - window))) / window;
    oscillator[bar] = up[bar] - down[bar];
  }
}

/** How far highs reach from the low before, and lows from the high before, each in true ranges. */
export function vortex(
  [high, low, close]: readonly Float64Array[],
  [window]: readonly number[],
  [plus, minus]: readonly Float64Array[],
): void {
  const range = (bar: number): number => trueRangeAt(high, low, close, bar);
  ratioOfSums(window, (bar) => distance(high, low, bar), range, plus);
  ratioOfSums(window, (bar) => distance(low, high, bar), range, minus);
}

/** How far a bar's value lies from the other one of the bar before. */
function distance(a: Float64Array, b: Float64Array, bar: number): number {
  return bar === 0 ? NaN : Math.abs(a[bar] - b[bar - 1]);
}
