// Averages of a source series: where the price has been.

import { bars, indicator, priceVsOutput } from './row.ts';
import type { Indicator } from './row.ts';
import { ema } from './averages.ts';
import { mean } from './windows.ts';

export const MOVING_AVERAGES: readonly Indicator[] = [
  indicator({
    id: 'ma.sma',
    source: true,
    params: [bars('window', 20)],
    outputs: ['sma'],
    firstValid: ([window]) => [window - 1],
    kernel: ([x], [window], [out]) => mean(x, window, out),
    rules: [priceVsOutput('sma')],
    golden: { file: 'sma.json', outputs: ['sma'] },
  }),
  indicator({
    id: 'ma.ema',
    source: true,
    params: [bars('window', 20)],
    outputs: ['ema'],
    firstValid: ([window]) => [window - 1],
    kernel: ([x], [window], [out]) => ema(x, window, out),
    rules: [priceVsOutput('ema')],
    golden: { file: 'ema.json', outputs: ['ema'] },
  }),
];
