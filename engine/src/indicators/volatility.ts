// How far the price ranges.

import { bandTouch, bars, deltaSign, float, indicator, priceVsOutput } from './row.ts';
import type { Indicator } from './row.ts';
import { rma } from './averages.ts';
import { meanAndDeviation, trueRange } from './windows.ts';

export const VOLATILITY: readonly Indicator[] = [
  indicator({
    id: 'volatility.atr',
    reads: ['high', 'low', 'close'],
    params: [bars('window', 14)],
    outputs: ['atr', 'atr_pct'],
    firstValid: ([window]) => [window, window],
    kernel: atr,
    rules: [deltaSign('atr', -1)],
    golden: { file: 'atr.json', outputs: ['atr', 'atrp'] },
  }),
  indicator({
    id: 'volatility.bbands',
    source: true,
    params: [bars('window', 20), float('mult', [0.1, 10], 2)],
    outputs: ['mid', 'upper', 'lower'],
    unaffected: { mid: ['mult'] },
    firstValid: ([window]) => [window - 1, window - 1, window - 1],
    kernel: bands,
    rules: [priceVsOutput('mid'), bandTouch('lower', 'upper')],
    golden: { file: 'bb.json', outputs: ['sma', 'upperBand', 'lowerBand'] },
  }),
];

/** Wilder's average of the true range, in price and in percent of the close. */
function atr(
  [high, low, close]: readonly Float64Array[],
  [window]: readonly number[],
  [average, percent]: readonly Float64Array[],
): void {
  trueRange(high, low, close, percent);
  rma(percent, window, average);
  for (let bar = 0; bar < close.length; bar += 1) percent[bar] = (100 * average[bar]) / close[bar];
}

/** Bollinger: `mult` population deviations on both sides of the mean. */
function bands(
  [x]: readonly Float64Array[],
  [window, mult]: readonly number[],
  [mid, upper, lower]: readonly Float64Array[],
): void {
  meanAndDeviation(x, window, mid, lower);
  for (let bar = 0; bar < x.length; bar += 1) {
    const reach = mult * lower[bar];
    upper[bar] = mid[bar] + reach;
    lower[bar] = mid[bar] - reach;
  }
}
