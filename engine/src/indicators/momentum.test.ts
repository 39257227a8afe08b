import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candlesOfCloses, randomCandles } from '../testing/candles.ts';
import { assertClose, recursive, textbookEma } from '../testing/textbook.ts';
import { computeIndicator } from './catalogue.ts';

test('macd and ppo are the difference of two averages, their signal an average of the defined part', () => {
  const candles = randomCandles(11, 400);
  for (const [fast, slow, smoothing] of [
    [12, 26, 9],
    [2, 3, 1],
    [5, 35, 5],
  ]) {
    const slowAverage = textbookEma(candles.close, slow);
    const difference = textbookEma(candles.close, fast).map((value, bar) => value - slowAverage[bar]);
    const percent = difference.map((value, bar) => 100 * (value / slowAverage[bar]));
    const params = { fast_window: fast, slow_window: slow, signal_window: smoothing };
    for (const [name, line] of Object.entries({ macd: difference, ppo: percent })) {
      const actual = computeIndicator(candles, `momentum.${name}`, params);
      const signal = textbookEma(line, smoothing);
      const where = `${name} of ${fast} ${slow} ${smoothing}`;
      // The difference of two averages near 100 is known to 1e-9 of 1, not of itself.
      assertClose(actual[name], line, where, 1);
      assertClose(actual.signal, signal, `${where}, signal`, 1);
      const histogram = line.map((value, bar) => value - signal[bar]);
      assertClose(actual.hist, histogram, `${where}, hist`, 1);
    }
  }
});

test('a signal over one bar is the line itself, to the bit', () => {
  const candles = randomCandles(13, 400);
  for (const [id, line] of [
    ['macd', 'macd'],
    ['ppo', 'ppo'],
    ['trix', 'trix'],
  ]) {
    const outputs = computeIndicator(candles, `momentum.${id}`, { signal_window: 1 });
    assert.deepEqual(outputs['signal'], outputs[line]);
    assert.ok((outputs['hist'] ?? []).every((value) => Number.isNaN(value) || value === 0));
  }
});

test('roc is the change in percent, and there is none of nothing', () => {
  const rocOf = (closes: readonly number[], window: number): number[] => [
    ...computeIndicator(candlesOfCloses(closes), 'momentum.roc', { window }).roc,
  ];
  assert.deepEqual(rocOf([10, 20, 5, 10], 1), [NaN, 100, -75, 100]);
  assert.deepEqual(rocOf([10, 20, 5, 10], 2), [NaN, NaN, -50, -50]);
  assert.deepEqual(rocOf([0, 20, 0, 0], 1), [NaN, NaN, -100, NaN]);
});

test('trix: the change of a threefold average in percent, its signal an average that starts on a mean', () => {
  const candles = randomCandles(12, 400);
  for (const [window, smoothing] of [
    [15, 9],
    [2, 1],
    [30, 20],
  ]) {
    const alpha = 2 / (window + 1);
    const triple = recursive(recursive(textbookEma(candles.close, window), 1, alpha), 1, alpha);
    const line = triple.map((value, bar) => (bar === 0 ? NaN : 100 * (value / triple[bar - 1] - 1)));
    const { trix, signal } = computeIndicator(candles, 'momentum.trix', { window, signal_window: smoothing });
    assertClose(trix, line, `trix ${window}`, 0.001);
    assertClose(signal, textbookEma(line, smoothing), `signal ${window} ${smoothing}`, 0.001);
  }
});
