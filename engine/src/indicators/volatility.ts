// How far the price ranges.

import { rma, wilderSettles } from './averages.ts';
import {
  bandTouch,
  bars,
  deltaSign,
  float,
  indicator,
  priceVsOutput,
  thresholdBand,
  type Indicator,
  type Param,
} from './row.ts';
import { deviationOf } from './sums.ts';
import { divide, meanAndDeviation, ofMeanAndDeviation, trueRange } from './windows.ts';

const BANDS: readonly Param[] = [bars('window', 20), float('mult', [0.1, 10], 2)];

export const VOLATILITY: readonly Indicator[] = [
  indicator({
    id: 'volatility.tr',
    reads: ['high', 'low', 'close'],
    params: [],
    outputs: ['tr'],
    firstValid: () => [1],
    kernel: ([high, low, close], _, [out]) => trueRange(high, low, close, out),
    rules: [deltaSign('tr', -1)],
    golden: { file: 'tr.json', outputs: ['tr'] },
  }),
  indicator({
    id: 'volatility.atr',
    reads: ['high', 'low', 'close'],
    params: [bars('window', 14)],
    outputs: ['atr', 'atr_pct'],
    firstValid: ([window]) => [window, window],
    settles: ([window]) => [wilderSettles(window), wilderSettles(window)],
    kernel: atr,
    rules: [deltaSign('atr', -1)],
    golden: { file: 'atr.json', outputs: ['atr', 'atrp'] },
  }),
  indicator({
    id: 'volatility.variance',
    source: true,
    params: [bars('window', 20)],
    outputs: ['variance'],
    firstValid: ([window]) => [window - 1],
    kernel: ([x], [window], [out]) => ofMeanAndDeviation(x, window, (_, __, deviation) => deviation * deviation, out),
    rules: [deltaSign('variance', -1)],
  }),
  indicator({
    id: 'volatility.stddev',
    source: true,
    params: [bars('window', 20)],
    outputs: ['stddev'],
    firstValid: ([window]) => [window - 1],
    kernel: ([x], [window], [out]) => ofMeanAndDeviation(x, window, (_, __, deviation) => deviation, out),
    rules: [deltaSign('stddev', -1)],
  }),
  indicator({
    id: 'volatility.hv',
    source: true,
    params: [bars('window', 20), { ...float('annualization', [1, 1000], 365), yearly: true }],
    outputs: ['hv'],
    firstValid: ([window]) => [window],
    kernel: historicalVolatility,
    rules: [deltaSign('hv', -1)],
  }),
  indicator({
    id: 'volatility.bbands',
    source: true,
    params: BANDS,
    outputs: ['mid', 'upper', 'lower'],
    unaffected: { mid: ['mult'] },
    firstValid: ([window]) => [window - 1, window - 1, window - 1],
    kernel: bands,
    rules: [priceVsOutput('mid'), bandTouch('lower', 'upper')],
    golden: { file: 'bb.json', outputs: ['sma', 'upperBand', 'lowerBand'] },
  }),
  indicator({
    id: 'volatility.bbands_bandwidth',
    source: true,
    params: BANDS,
    outputs: ['bandwidth'],
    firstValid: ([window]) => [window - 1],
    kernel([x], [window, mult], [out]) {
      ofMeanAndDeviation(x, window, (_, mean, deviation) => divide(2 * mult * deviation, mean), out);
    },
    rules: [deltaSign('bandwidth', -1)],
    golden: { file: 'bb.json', outputs: ['width'] },
  }),
  indicator({
    id: 'volatility.bbands_percent_b',
    source: true,
    params: BANDS,
    outputs: ['percent_b'],
    firstValid: ([window]) => [window - 1],
    needs: ['movement'],
    kernel: percentB,
    // No value lies further from the mean than sqrt(window - 1) deviations: 224 times the narrowest bands.
    rules: [thresholdBand('percent_b', [-225, 225], [0.05, 0.95])],
    golden: { file: 'bb.json', outputs: ['percentB'] },
  }),
];

/** Deviation of the logarithmic returns in percent, for as many bars as make a year. */
function historicalVolatility(
  [x]: readonly Float64Array[],
  [window, annualization]: readonly number[],
  [out]: readonly Float64Array[],
): void {
  const year = 100 * Math.sqrt(annualization);
  const logReturn = (bar: number): number => (bar === 0 ? NaN : Math.log(x[bar] / x[bar - 1]));
  deviationOf(window, logReturn, out);
  for (let bar = 0; bar < out.length; bar += 1) out[bar] *= year;
}

/** Where the value lies between the bands: 0 on the lower, 1 on the upper, nowhere between bands that fall together. */
function percentB(
  [x]: readonly Float64Array[],
  [window, mult]: readonly number[],
  [out]: readonly Float64Array[],
): void {
  ofMeanAndDeviation(x, window, (value, mean, deviation) => 0.5 + divide(value - mean, 2 * mult * deviation), out);
}

/** Wilder's average of the true range, in price and in percent of the close. */
function atr(
  [high, low, close]: readonly Float64Array[],
  [window]: readonly number[],
  [average, percent]: readonly Float64Array[],
): void {
  trueRange(high, low, close, percent);
  rma(percent, window, average);
  for (let bar = 0; bar < close.length; bar += 1) percent[bar] = divide(100 * average[bar], close[bar]);
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
