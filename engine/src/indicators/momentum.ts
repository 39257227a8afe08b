// How fast and how one-sidedly the price moves.

import { bars, indicator, outputVsOutput, sign, thresholdBand } from './row.ts';
import type { Indicator } from './row.ts';
import { ema } from './averages.ts';

export const MOMENTUM: readonly Indicator[] = [
  indicator({
    id: 'momentum.rsi',
    source: true,
    params: [bars('window', 14)],
    outputs: ['rsi'],
    firstValid: ([window]) => [window],
    kernel: ([x], [window], [out]) => rsi(x, window, out),
    rules: [thresholdBand('rsi', [0, 100], [30, 70])],
    golden: { file: 'rsi.json', outputs: ['rsi'] },
  }),
  indicator({
    id: 'momentum.macd',
    source: true,
    params: [bars('fast_window', 12), bars('slow_window', 26), bars('signal_window', 9, 1)],
    outputs: ['macd', 'signal', 'hist'],
    unaffected: { macd: ['signal_window'] },
    invalid: ([fast, slow]) => (fast < slow ? null : `fast_window ${fast} must be below slow_window ${slow}`),
    firstValid: ([, slow, signal]) => [slow - 1, slow + signal - 2, slow + signal - 2],
    kernel: macd,
    rules: [sign('macd'), outputVsOutput('macd', 'signal')],
  }),
];

/** 100 * average rise / (average rise + average fall), both Wilder's: 100 without falls, NaN without any move. */
function rsi(x: Float64Array, window: number, out: Float64Array): void {
  let seen = 0; // changes since the last NaN, counted up to the window
  let rise = 0;
  let fall = 0;
  if (out.length > 0) out[0] = NaN;
  for (let bar = 1; bar < x.length; bar += 1) {
    const change = x[bar] - x[bar - 1];
    const up = Math.max(change, 0);
    const down = Math.max(-change, 0);
    if (Number.isNaN(change)) {
      seen = rise = fall = 0;
    } else if (seen === window) {
      rise += (up - rise) / window;
      fall += (down - fall) / window;
    } else {
      seen += 1;
      rise += up / window;
      fall += down / window;
    }
    out[bar] = seen === window ? 100 * (rise / (rise + fall)) : NaN;
  }
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
