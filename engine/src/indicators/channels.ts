// Kernels that draw lines around the price: the extremes of a window, the middle between them, bands of true ranges.

import { ema, rma } from './averages.ts';
import { highest, lowest } from './extremes.ts';
import { trueRange } from './windows.ts';

/** The extremes of the `window` bars before the current one, so that this bar can break out of them. */
export function donchian(
  [high, low]: readonly Float64Array[],
  [window]: readonly number[],
  [mid, upper, lower]: readonly Float64Array[],
): void {
  highest(high, window, upper);
  lowest(low, window, lower);
  delay(upper, 1);
  delay(lower, 1);
  for (let bar = 0; bar < mid.length; bar += 1) mid[bar] = (upper[bar] + lower[bar]) / 2;
}

/** Mid-ranges of three windows; the spans are those of `displacement` bars ago, so they are known as long before. */
export function ichimoku(
  [high, low]: readonly Float64Array[],
  [conversionWindow, baseWindow, spanBWindow, displacement]: readonly number[],
  [spanA, spanB, conversion, base]: readonly Float64Array[],
): void {
  const midRange = (window: number, out: Float64Array): void => {
    highest(high, window, out);
    lowest(low, window, spanA); // not needed yet
    for (let bar = 0; bar < out.length; bar += 1) out[bar] = (out[bar] + spanA[bar]) / 2;
  };
  midRange(conversionWindow, conversion);
  midRange(baseWindow, base);
  midRange(spanBWindow, spanB);
  for (let bar = 0; bar < spanA.length; bar += 1) spanA[bar] = (conversion[bar] + base[bar]) / 2;
  delay(spanA, displacement);
  delay(spanB, displacement);
}

/** `mult` average true ranges on both sides of an exponential average. */
export function keltner(
  [high, low, close]: readonly Float64Array[],
  [window, mult, rangeWindow]: readonly number[],
  [mid, upper, lower]: readonly Float64Array[],
): void {
  ema(close, window, mid);
  trueRange(high, low, close, upper);
  rma(upper, rangeWindow, lower);
  for (let bar = 0; bar < close.length; bar += 1) {
    const reach = mult * lower[bar];
    upper[bar] = mid[bar] + reach;
    lower[bar] = mid[bar] - reach;
  }
}

/** Each value moves to a later bar. */
function delay(x: Float64Array, bars: number): void {
  x.copyWithin(bars, 0);
  x.fill(NaN, 0, bars);
}
