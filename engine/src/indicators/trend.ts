// Where the market goes and where a trend would end. The kernels stand by theme in the files named below.

import { exponentialSettles, wilderSettles } from './averages.ts';
import { donchian, ichimoku, keltner } from './channels.ts';
import { adx, aroon, vortex } from './direction.ts';
import { linearRegression } from './regression.ts';
import {
  bars,
  centered,
  deltaSign,
  float,
  indicator,
  outputVsOutput,
  priceVsOutput,
  sign,
  thresholdBand,
  type Indicator,
} from './row.ts';
import { chandelierExit, psar, supertrend } from './trailing-stops.ts';

export const TREND: readonly Indicator[] = [
  indicator({
    id: 'trend.adx',
    reads: ['high', 'low', 'close'],
    params: [bars('window', 14)],
    outputs: ['adx', 'pdi', 'mdi', 'adxr'],
    firstValid: ([window]) => [2 * window - 1, window, window, 3 * window - 1],
    settles: ([window]) => {
      const [once, twice] = [wilderSettles(window), wilderSettles(window, 2)];
      return [twice, once, once, twice];
    },
    limits: { adx: [0, 100], adxr: [0, 100] },
    kernel: adx,
    rules: [deltaSign('adx', -5), outputVsOutput('pdi', 'mdi')],
  }),
  indicator({
    id: 'trend.aroon',
    reads: ['high', 'low'],
    params: [bars('window', 25)],
    outputs: ['osc', 'up', 'down'],
    firstValid: ([window]) => [window, window, window],
    needs: ['movement'],
    limits: { osc: [-100, 100], up: [0, 100], down: [0, 100] },
    kernel: aroon,
    rules: [thresholdBand('osc', [-100, 100], [50, -50])],
  }),
  indicator({
    id: 'trend.chandelier_exit',
    reads: ['high', 'low', 'close'],
    params: [bars('window', 22), float('mult', [0.1, 10], 3)],
    outputs: ['long', 'short'],
    firstValid: ([window]) => [window, window],
    settles: ([window]) => [wilderSettles(window), wilderSettles(window)],
    kernel: chandelierExit,
    rules: [priceVsOutput('long')],
    golden: { file: 'chexit.json', outputs: ['chandelierExit', null] },
  }),
  indicator({
    id: 'trend.donchian',
    reads: ['high', 'low'],
    params: [bars('window', 20)],
    outputs: ['mid', 'upper', 'lower'],
    firstValid: ([window]) => [window, window, window],
    kernel: donchian,
    rules: [priceVsOutput('mid')],
    golden: { file: 'donchian.json', outputs: ['centerline', 'upperBand', 'lowerBand'] },
  }),
  indicator({
    id: 'trend.ichimoku',
    reads: ['high', 'low'],
    params: [
      bars('conversion_window', 9),
      bars('base_window', 26),
      bars('span_b_window', 52),
      bars('displacement', 26),
    ],
    outputs: ['span_a', 'span_b', 'conversion', 'base'],
    unaffected: {
      span_a: ['span_b_window'],
      span_b: ['conversion_window', 'base_window'],
      conversion: ['base_window', 'span_b_window', 'displacement'],
      base: ['conversion_window', 'span_b_window', 'displacement'],
    },
    firstValid: ([conversion, base, spanB, displacement]) => [
      Math.max(conversion, base) - 1 + displacement,
      spanB - 1 + displacement,
      conversion - 1,
      base - 1,
    ],
    kernel: ichimoku,
    rules: [priceVsOutput('span_a')],
    golden: { file: 'ichimoku.json', outputs: ['senkouSpanA', 'senkouSpanB', 'tenkanSen', 'kijunSen'] },
  }),
  indicator({
    id: 'trend.keltner',
    reads: ['high', 'low', 'close'],
    params: [bars('window', 20), float('mult', [0.1, 10], 2), bars('atr_window', 10)],
    outputs: ['mid', 'upper', 'lower'],
    unaffected: { mid: ['mult', 'atr_window'] },
    firstValid([window, , rangeWindow]) {
      const band = Math.max(window - 1, rangeWindow);
      return [window - 1, band, band];
    },
    settles: ([window, , rangeWindow]) => {
      const band = Math.max(exponentialSettles(window), wilderSettles(rangeWindow));
      return [exponentialSettles(window), band, band];
    },
    kernel: keltner,
    rules: [priceVsOutput('mid')],
    golden: { file: 'keltner.json', outputs: ['centerline', 'upperBand', 'lowerBand'] },
  }),
  indicator({
    id: 'trend.linreg_slope',
    source: true,
    params: [bars('window', 20)],
    outputs: ['slope', 'intercept', 'r2'],
    firstValid: ([window]) => [window - 1, window - 1, window - 1],
    limits: { r2: [0, 1] },
    kernel: linearRegression,
    rules: [sign('slope')],
  }),
  indicator({
    id: 'trend.psar',
    reads: ['high', 'low'],
    params: [
      float('accel_start', [0.001, 1], 0.02),
      float('accel_step', [0.001, 1], 0.02),
      float('accel_max', [0.01, 5], 0.2),
    ],
    outputs: ['sar'],
    firstValid: () => [null], // after the first reversal
    kernel: psar,
    rules: [priceVsOutput('sar')],
    golden: { file: 'psar.json', outputs: ['sar'] },
  }),
  indicator({
    id: 'trend.supertrend',
    reads: ['high', 'low', 'close'],
    params: [bars('window', 10), float('mult', [0.1, 10], 3)],
    outputs: ['supertrend', 'upper', 'lower'],
    firstValid: ([window]) => [window, null, null], // only the band behind the price has a value
    settles: ([window]) => {
      const ranges = wilderSettles(window);
      return [ranges, window + ranges, window + ranges];
    },
    kernel: supertrend,
    rules: [priceVsOutput('supertrend')],
    golden: { file: 'supertrend.json', outputs: ['superTrend', 'upperBand', 'lowerBand'] },
  }),
  indicator({
    id: 'trend.vortex',
    reads: ['high', 'low', 'close'],
    params: [bars('window', 14)],
    outputs: ['vi_plus', 'vi_minus'],
    firstValid: ([window]) => [window, window],
    needs: ['movement'],
    kernel: vortex,
    rules: [centered('vi_plus', [0, 10], [1, 0.05]), outputVsOutput('vi_plus', 'vi_minus')],
  }),
];
