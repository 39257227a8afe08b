// Averages of a source series: where the price has been.

import { alma, kama, kamaSettles } from './adaptive-averages.ts';
import { ema, exponential, exponentialSettles, rma, take, wilderSettles } from './averages.ts';
import { bars, float, indicator, priceVsOutput, type Indicator } from './row.ts';
import { mean, weightedMean } from './windows.ts';

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
    settles: ([window]) => [exponentialSettles(window)],
    kernel: ([x], [window], [out]) => ema(x, window, out),
    rules: [priceVsOutput('ema')],
    golden: { file: 'ema.json', outputs: ['ema'] },
  }),
  indicator({
    id: 'ma.rma',
    source: true,
    params: [bars('window', 20)],
    outputs: ['rma'],
    firstValid: ([window]) => [window - 1],
    settles: ([window]) => [wilderSettles(window)],
    kernel: ([x], [window], [out]) => rma(x, window, out),
    rules: [priceVsOutput('rma')],
    golden: { file: 'smma.json', outputs: ['smma'] },
  }),
  indicator({
    id: 'ma.wma',
    aliases: ['ma.lwma'],
    source: true,
    params: [bars('window', 20)],
    outputs: ['wma'],
    firstValid: ([window]) => [window - 1],
    kernel: ([x], [window], [out]) => wma(x, window, out),
    rules: [priceVsOutput('wma')],
  }),
  indicator({
    id: 'ma.vwma',
    reads: ['close', 'volume'],
    params: [bars('window', 20)],
    outputs: ['vwma'],
    firstValid: ([window]) => [window - 1],
    needs: ['volume'],
    kernel: ([close, volume], [window], [out]) => weightedMean(close, volume, window, out),
    rules: [priceVsOutput('vwma')],
    golden: { file: 'vwma.json', outputs: ['vwma'] },
  }),
  indicator({
    id: 'ma.dema',
    source: true,
    params: [bars('window', 20)],
    outputs: ['dema'],
    firstValid: ([window]) => [window - 1],
    settles: ([window]) => [exponentialSettles(window, 2)],
    kernel: ([x], [window], [out]) => dema(x, window, out),
    rules: [priceVsOutput('dema')],
    golden: { file: 'dema.json', outputs: ['dema'] },
  }),
  indicator({
    id: 'ma.tema',
    source: true,
    params: [bars('window', 20)],
    outputs: ['tema'],
    firstValid: ([window]) => [window - 1],
    settles: ([window]) => [exponentialSettles(window, 3)],
    kernel: ([x], [window], [out]) => tema(x, window, out),
    rules: [priceVsOutput('tema')],
    golden: { file: 'tema.json', outputs: ['tema'] },
  }),
  indicator({
    id: 'ma.zlema',
    source: true,
    params: [bars('window', 20)],
    outputs: ['zlema'],
    firstValid: ([window]) => [lagOf(window) + window - 1],
    settles: ([window]) => [exponentialSettles(window)],
    kernel: ([x], [window], [out]) => zlema(x, window, out),
    rules: [priceVsOutput('zlema')],
  }),
  indicator({
    id: 'ma.hma',
    source: true,
    params: [bars('window', 20)],
    outputs: ['hma'],
    firstValid: ([window]) => [window + rootOf(window) - 2],
    kernel: ([x], [window], [out]) => hma(x, window, out),
    rules: [priceVsOutput('hma')],
  }),
  indicator({
    id: 'ma.kama',
    source: true,
    params: [bars('window', 10), bars('fast', 2), bars('slow', 30)],
    outputs: ['kama', 'er'],
    unaffected: { er: ['fast', 'slow'] },
    firstValid: ([window]) => [window - 1, window],
    settles: (params) => [kamaSettles(params), 0],
    limits: { er: [0, 1] },
    kernel: kama,
    rules: [priceVsOutput('kama')],
    golden: { file: 'kama.json', outputs: ['kama', 'er'] },
  }),
  indicator({
    id: 'ma.alma',
    source: true,
    params: [bars('window', 9), float('offset', [0, 1], 0.85), float('sigma', [0.1, 20], 6)],
    outputs: ['alma'],
    firstValid: ([window]) => [window - 1],
    kernel: alma,
    rules: [priceVsOutput('alma')],
    golden: { file: 'alma.json', outputs: ['alma'] },
  }),
];

/** Factors of what a column held before and of what is written over it. */
interface Mix {
  readonly before: number;
  readonly times: number;
}
const ALONE: Mix = { before: 0, times: 1 };

/**
 * Writes `before` times what `out` held plus `times` the average of the last `window` values, weighted 1 to `window`, the
 * newest heaviest. Anchored like `mean`; a sum of sums weighs the values by their age, so nothing is subtracted here
 * either. `out` may be `x` itself: anchors run backwards, and what is overwritten is not read again.
 */
function wma(x: Float64Array, window: number, out: Float64Array, { before, times } = ALONE): void {
  const share = (2 * times) / (window * (window + 1));
  const last = x.length - 1 - (x.length % window);
  for (let anchor = last; anchor >= window - 1; anchor -= window) {
    const base = x[anchor];
    const end = Math.min(anchor + window, x.length);
    let sum = 0;
    let weighted = 0; // by 0 on the anchor, 1 on the bar after it, ...
    for (let bar = anchor; bar < end; bar += 1) {
      const age = bar - anchor;
      sum += x[bar] - base;
      weighted += age * (x[bar] - base);
      const held = before === 0 ? 0 : before * out[bar];
      out[bar] = held + times * base + share * ((window - age) * sum + weighted);
    }
    sum = weighted = 0; // by 1 on the oldest bar of the window, 2 on the next, ...
    for (let back = 1, bar = anchor + window - 2; back < window; back += 1, bar -= 1) {
      sum += x[anchor - back] - base;
      weighted += sum;
      if (bar < end) out[bar] += share * weighted;
    }
  }
  out.fill(NaN, 0, Math.min(window - 1, x.length));
}

/** Twice the average less the average of the average, which takes its place from the first value on. */
function dema(x: Float64Array, window: number, out: Float64Array): void {
  const first = exponential(window);
  const second = exponential(window, 1);
  for (let bar = 0; bar < x.length; bar += 1) {
    const one = take(first, x[bar]);
    out[bar] = 2 * one - take(second, one);
  }
}

function tema(x: Float64Array, window: number, out: Float64Array): void {
  const first = exponential(window);
  const second = exponential(window, 1);
  const third = exponential(window, 1);
  for (let bar = 0; bar < x.length; bar += 1) {
    const one = take(first, x[bar]);
    const two = take(second, one);
    out[bar] = 3 * one - 3 * two + take(third, two);
  }
}

/** An average of values that are pushed on by what they moved since half a window ago, which is about its lag. */
function zlema(x: Float64Array, window: number, out: Float64Array): void {
  const lag = lagOf(window);
  const average = exponential(window);
  for (let bar = 0; bar < x.length; bar += 1) {
    out[bar] = take(average, bar < lag ? NaN : x[bar] + (x[bar] - x[bar - lag]));
  }
}

function lagOf(window: number): number {
  return Math.floor((window - 1) / 2);
}

/** Hull: twice the average of half a window less that of the whole, averaged once more over the root of the window. */
function hma(x: Float64Array, window: number, out: Float64Array): void {
  wma(x, window, out);
  wma(x, Math.floor(window / 2), out, { before: -1, times: 2 });
  wma(out, rootOf(window), out);
}

function rootOf(window: number): number {
  return Math.floor(Math.sqrt(window));
}
