// How much is traded, and on which side of the price.

import {
  bars,
  deltaSign,
  float,
  indicator,
  outsideBands,
  priceVsOutput,
  thresholdBand,
  volumeVsOutput,
  type Indicator,
} from './row.ts';
import { deviationOf, ratioOfSums, windowSums } from './sums.ts';
import { divide, mean, weightedMean } from './windows.ts';

export const VOLUME: readonly Indicator[] = [
  indicator({
    id: 'volume.ad_line',
    reads: ['high', 'low', 'close', 'volume'],
    params: [],
    outputs: ['ad_line'],
    firstValid: () => [0],
    needs: ['volume'],
    kernel: accumulation,
    rules: [deltaSign('ad_line', -5)],
    golden: { file: 'adl.json', outputs: ['adl'] },
  }),
  indicator({
    id: 'volume.cmf',
    reads: ['high', 'low', 'close', 'volume'],
    params: [bars('window', 20)],
    outputs: ['cmf'],
    firstValid: ([window]) => [window - 1],
    needs: ['volume'],
    limits: { cmf: [-1, 1] },
    kernel([high, low, close, volume], [window], [out]) {
      const flow = (bar: number): number => moneyFlow(high[bar], low[bar], close[bar], volume[bar]);
      ratioOfSums(window, flow, (bar) => volume[bar], out);
    },
    rules: [thresholdBand('cmf', [-1, 1], [0.05, -0.05])],
  }),
  indicator({
    id: 'volume.mfi',
    reads: ['hlc3', 'volume'],
    params: [bars('window', 14)],
    outputs: ['mfi'],
    firstValid: ([window]) => [window],
    needs: ['volume', 'movement'],
    limits: { mfi: [0, 100] },
    kernel: moneyFlowIndex,
    rules: [thresholdBand('mfi', [0, 100], [20, 80])],
  }),
  indicator({
    id: 'volume.obv',
    reads: ['close', 'volume'],
    params: [],
    outputs: ['obv'],
    firstValid: () => [0],
    needs: ['volume'],
    kernel: onBalanceVolume,
    rules: [deltaSign('obv', -5)],
  }),
  indicator({
    id: 'volume.volume_sma',
    reads: ['volume'],
    params: [bars('window', 20)],
    outputs: ['volume_sma'],
    firstValid: ([window]) => [window - 1],
    needs: ['volume'],
    kernel: ([volume], [window], [out]) => meanVolume(volume, window, out),
    rules: [volumeVsOutput('volume_sma')],
  }),
  indicator({
    id: 'volume.vwap',
    reads: ['hlc3', 'volume'],
    params: [bars('window', 20)],
    outputs: ['vwap'],
    firstValid: ([window]) => [window - 1],
    needs: ['volume'],
    kernel: ([price, volume], [window], [out]) => weightedMean(price, volume, window, out),
    rules: [priceVsOutput('vwap')],
  }),
  indicator({
    id: 'volume.vwap_deviation',
    reads: ['hlc3', 'volume'],
    params: [bars('window', 20), float('mult', [0.1, 10], 2)],
    outputs: ['upper', 'lower'],
    firstValid: ([window]) => [2 * window - 2, 2 * window - 2],
    needs: ['volume'],
    kernel: deviationBands,
    rules: [outsideBands('lower', 'upper')],
  }),
];

/** The volume, counted from all of it where the bar closes on its high to minus all of it on its low. */
function moneyFlow(high: number, low: number, close: number, volume: number): number {
  if (high === low) return Number.isNaN(close + volume) ? NaN : 0;
  return ((close - low - (high - close)) / (high - low)) * volume;
}

/** Mean of the volume; none in a window without any. */
function meanVolume(volume: Float64Array, window: number, out: Float64Array): void {
  mean(volume, window, out);
  for (let bar = 0; bar < out.length; bar += 1) if (out[bar] === 0) out[bar] = NaN;
}

/** Sum of the money flow from the first bar with volume on, or from the first one after a hole. */
function accumulation(
  [high, low, close, volume]: readonly Float64Array[],
  _: readonly number[],
  [out]: readonly Float64Array[],
): void {
  let total = NaN;
  for (let bar = 0; bar < out.length; bar += 1) {
    const flow = moneyFlow(high[bar], low[bar], close[bar], volume[bar]);
    if (!Number.isNaN(total)) total += flow;
    else if (volume[bar] > 0) total = flow;
    out[bar] = total;
  }
}

/**
 * Share of the turnover that went with a rising typical price, in percent of all that moved it; 100 where nothing fell, and
 * no value where nothing moved or was traded.
 */
function moneyFlowIndex(
  [price, volume]: readonly Float64Array[],
  [window]: readonly number[],
  [out]: readonly Float64Array[],
): void {
  // +1, 0 or -1 times the turnover; bar 0 has no change, and NaN stays NaN.
  const flow = (bar: number): number =>
    bar === 0 ? NaN : Math.sign(price[bar] - price[bar - 1]) * price[bar] * volume[bar];
  windowSums(
    window,
    {
      origin: () => 0,
      first: (bar) => Math.max(flow(bar), 0),
      second: (bar) => Math.max(-flow(bar), 0),
      combine: (up, down) => (down === 0 && up > 0 ? 100 : divide(100 * up, up + down)),
    },
    out,
  );
}

/**
 * Volume of the bars that close higher less that of the bars that close lower; 0 on the first bar with volume, and on the
 * first one after a hole again.
 */
function onBalanceVolume(
  [close, volume]: readonly Float64Array[],
  _: readonly number[],
  [out]: readonly Float64Array[],
): void {
  let total = NaN;
  for (let bar = 0; bar < out.length; bar += 1) {
    if (Number.isNaN(close[bar] + volume[bar])) total = NaN;
    else if (!Number.isNaN(total)) total += Math.sign(close[bar] - close[bar - 1]) * volume[bar];
    else if (volume[bar] > 0) total = 0;
    out[bar] = total;
  }
}

/** `mult` deviations of the price from the average of its own bar, on both sides of the average. */
function deviationBands(
  [price, volume]: readonly Float64Array[],
  [window, mult]: readonly number[],
  [upper, lower]: readonly Float64Array[],
): void {
  weightedMean(price, volume, window, upper);
  const distance = (bar: number): number => price[bar] - upper[bar];
  deviationOf(window, distance, lower);
  for (let bar = 0; bar < upper.length; bar += 1) {
    const average = upper[bar];
    const reach = mult * lower[bar];
    upper[bar] = average + reach;
    lower[bar] = average - reach;
  }
}
