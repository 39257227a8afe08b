// How fast and how one-sidedly the price moves.

import { ema, exponential, exponentialSettles, settlesAfter, take, wilderSettles } from './averages.ts';
import { cci, fisher, rsi, stoch, stochRsi, williamsR } from './oscillators.ts';
import { bars, indicator, outputVsOutput, sign, thresholdBand, type Indicator } from './row.ts';
import { divide } from './windows.ts';

/** One value off a flat window is `window / 0.03` of its mean deviations away, and no value is further. */
const FURTHEST_CCI = 2000 / 0.03;

export const MOMENTUM: readonly Indicator[] = [
  indicator({
    id: 'momentum.rsi',
    source: true,
    params: [bars('window', 14)],
    outputs: ['rsi'],
    firstValid: ([window]) => [window],
    settles: ([window]) => [wilderSettles(window)],
    needs: ['movement'],
    limits: { rsi: [0, 100] },
    kernel: ([x], [window], [out]) => rsi(x, window, out),
    rules: [thresholdBand('rsi', [0, 100], [30, 70])],
    golden: { file: 'rsi.json', outputs: ['rsi'] },
  }),
  indicator({
    id: 'momentum.roc',
    source: true,
    params: [bars('window', 14, 1)],
    outputs: ['roc'],
    firstValid: ([window]) => [window],
    kernel: ([x], [window], [out]) => roc(x, window, out),
    rules: [sign('roc')],
  }),
  indicator({
    id: 'momentum.cci',
    reads: ['hlc3'],
    params: [bars('window', 20)],
    outputs: ['cci'],
    firstValid: ([window]) => [window - 1],
    needs: ['movement'],
    kernel: cci,
    rules: [thresholdBand('cci', [-FURTHEST_CCI, FURTHEST_CCI], [-100, 100])],
  }),
  indicator({
    id: 'momentum.williams_r',
    reads: ['high', 'low', 'close'],
    params: [bars('window', 14)],
    outputs: ['williams_r'],
    firstValid: ([window]) => [window - 1],
    needs: ['movement'],
    limits: { williams_r: [-100, 0] },
    kernel: williamsR,
    rules: [thresholdBand('williams_r', [-100, 0], [-80, -20])],
  }),
  indicator({
    id: 'momentum.trix',
    source: true,
    params: [bars('window', 15), bars('signal_window', 9, 1)],
    outputs: ['trix', 'signal'],
    unaffected: { trix: ['signal_window'] },
    firstValid: ([window, signal]) => [window, window + signal - 1],
    settles: ([window, signal]) => {
      const line = exponentialSettles(window, 3);
      return [line, line + exponentialSettles(signal)];
    },
    kernel: trix,
    rules: [sign('trix'), outputVsOutput('trix', 'signal')],
    golden: { file: 'trix.json', outputs: ['trix', null] },
  }),
  indicator({
    id: 'momentum.fisher',
    reads: ['hl2'],
    params: [bars('window', 10)],
    outputs: ['fisher', 'trigger'],
    firstValid: () => [0, 1],
    settles: ([window]) => {
      // Starts on partial windows; then 0.67 of its input stays on each bar, and half of its value.
      const line = window - 1 + settlesAfter(0.33) + settlesAfter(0.5);
      return [line, line];
    },
    kernel: fisher,
    rules: [sign('fisher')],
    golden: { file: 'fisher.json', outputs: ['fisher', 'trigger'] },
  }),
  indicator({
    id: 'momentum.stoch',
    reads: ['high', 'low', 'close'],
    params: [bars('k_window', 14), bars('smoothing', 3, 1), bars('d_window', 3, 1)],
    outputs: ['k', 'd'],
    unaffected: { k: ['d_window'] },
    firstValid: ([window, smoothing, d]) => [window + smoothing - 2, window + smoothing + d - 3],
    needs: ['movement'],
    limits: { k: [0, 100], d: [0, 100] },
    kernel: stoch,
    rules: [thresholdBand('k', [0, 100], [20, 80]), outputVsOutput('k', 'd')],
  }),
  indicator({
    id: 'momentum.stoch_rsi',
    source: true,
    params: [bars('rsi_window', 14), bars('k_window', 14), bars('smoothing', 3, 1), bars('d_window', 3, 1)],
    outputs: ['k', 'd'],
    unaffected: { k: ['d_window'] },
    firstValid: ([rsiWindow, window, smoothing, d]) => [
      rsiWindow + window + smoothing - 2,
      rsiWindow + window + smoothing + d - 3,
    ],
    settles: ([rsiWindow]) => [wilderSettles(rsiWindow), wilderSettles(rsiWindow)],
    needs: ['movement'],
    limits: { k: [0, 100], d: [0, 100] },
    kernel: stochRsi,
    rules: [thresholdBand('k', [0, 100], [20, 80])],
    golden: { file: 'stoch-rsi.json', outputs: ['stochRsi', 'signal'] },
  }),
  indicator({
    id: 'momentum.macd',
    source: true,
    params: [bars('fast_window', 12), bars('slow_window', 26), bars('signal_window', 9, 1)],
    outputs: ['macd', 'signal', 'hist'],
    unaffected: { macd: ['signal_window'] },
    invalid: fastBelowSlow,
    firstValid: ([, slow, signal]) => [slow - 1, slow + signal - 2, slow + signal - 2],
    settles: ([, slow, signal]) => differenceSettles(slow, signal),
    kernel: macd,
    rules: [sign('macd'), outputVsOutput('macd', 'signal')],
  }),
  indicator({
    id: 'momentum.ppo',
    source: true,
    params: [bars('fast_window', 12), bars('slow_window', 26), bars('signal_window', 9, 1)],
    outputs: ['ppo', 'signal', 'hist'],
    unaffected: { ppo: ['signal_window'] },
    invalid: fastBelowSlow,
    firstValid: ([, slow, signal]) => [slow - 1, slow + signal - 2, slow + signal - 2],
    settles: ([, slow, signal]) => differenceSettles(slow, signal),
    kernel: ppo,
    rules: [sign('ppo')],
  }),
];

function fastBelowSlow([fast, slow]: readonly number[]): string | null {
  return fast < slow ? null : `fast_window ${fast} must be below slow_window ${slow}`;
}

/** Of a difference of averages, its signal and its histogram. */
function differenceSettles(slow: number, signal: number): readonly number[] {
  const line = exponentialSettles(slow);
  const smoothed = line + exponentialSettles(signal);
  return [line, smoothed, smoothed];
}

/** Percent since `window` bars ago; like any window, this one has no value while it holds a NaN. */
function roc(x: Float64Array, window: number, out: Float64Array): void {
  let seen = 0; // values since the last NaN
  for (let bar = 0; bar < x.length; bar += 1) {
    seen = Number.isNaN(x[bar]) ? 0 : seen + 1;
    const before = seen > window ? x[bar - window] : NaN;
    out[bar] = 100 * divide(x[bar] - before, before);
  }
}

/** Percent the threefold average moved in one bar; the second and the third average start on the first value of the first. */
function trix(
  [x]: readonly Float64Array[],
  [window, smoothing]: readonly number[],
  [line, signal]: readonly Float64Array[],
): void {
  const first = exponential(window);
  const second = exponential(window, 1);
  const third = exponential(window, 1);
  let before = NaN;
  for (let bar = 0; bar < x.length; bar += 1) {
    const now = take(third, take(second, take(first, x[bar])));
    line[bar] = 100 * divide(now - before, before);
    before = now;
  }
  ema(line, smoothing, signal);
}

/** Fast less slow average; its signal is an average of that, and the histogram what lies between. */
function macd(
  [x]: readonly Float64Array[],
  [fast, slow, smoothing]: readonly number[],
  [line, signal, histogram]: readonly Float64Array[],
): void {
  ema(x, fast, line);
  ema(x, slow, signal);
  for (let bar = 0; bar < x.length; bar += 1) line[bar] -= signal[bar];
  ema(line, smoothing, signal);
  for (let bar = 0; bar < x.length; bar += 1) histogram[bar] = line[bar] - signal[bar];
}

/** The same in percent of the slow average. */
function ppo(
  [x]: readonly Float64Array[],
  [fast, slow, smoothing]: readonly number[],
  [line, signal, histogram]: readonly Float64Array[],
): void {
  ema(x, fast, line);
  ema(x, slow, signal);
  for (let bar = 0; bar < x.length; bar += 1) line[bar] = 100 * divide(line[bar] - signal[bar], signal[bar]);
  ema(line, smoothing, signal);
  for (let bar = 0; bar < x.length; bar += 1) histogram[bar] = line[bar] - signal[bar];
}
