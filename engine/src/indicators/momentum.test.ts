import assert from 'node:assert/strict';
import { test } from 'node:test';
import { computeIndicator } from '../catalogue.ts';
import { candlesOfCloses, randomCandles } from '../testing/candles.ts';

/** An exponential average as textbooks write it: the mean of the first window, then weighted with the one before. */
function textbookEma(values: readonly number[], window: number): number[] {
  const alpha = 2 / (window + 1);
  const seed = values.slice(0, window).reduce((sum, value) => sum + value, 0) / window;
  const out = [...Array<number>(window - 1).fill(NaN), seed];
  for (const value of values.slice(window)) out.push(alpha * value + (1 - alpha) * out[out.length - 1]);
  return out;
}

function rsiOf(closes: readonly number[]): number[] {
  return [...computeIndicator(candlesOfCloses(closes), 'momentum.rsi', { window: 3 }).rsi];
}

test('macd is the difference of two averages, its signal an average of the defined part', () => {
  const candles = randomCandles(11, 400);
  for (const [fast, slow, smoothing] of [
    [12, 26, 9],
    [2, 3, 1],
    [5, 35, 5],
  ]) {
    const closes = [...candles.close];
    const slowAverage = textbookEma(closes, slow);
    const line = textbookEma(closes, fast).map((value, bar) => value - slowAverage[bar]);
    const signal = [...Array<number>(slow - 1).fill(NaN), ...textbookEma(line.slice(slow - 1), smoothing)];
    const expected: Record<string, number[]> = {
      macd: line,
      signal,
      hist: line.map((value, bar) => value - signal[bar]),
    };

    const params = { fast_window: fast, slow_window: slow, signal_window: smoothing };
    for (const [name, actual] of Object.entries(computeIndicator(candles, 'momentum.macd', params))) {
      expected[name].forEach((value, bar) => {
        const where = `${name} of ${fast} ${slow} ${smoothing}, bar ${bar}`;
        assert.equal(Number.isNaN(actual[bar]), Number.isNaN(value), where);
        // The difference of two averages near 100 is known to 1e-9 of those, not of itself.
        if (!Number.isNaN(value)) assert.ok(Math.abs(actual[bar] - value) <= 1e-9, where);
      });
    }
  }
});

test('rsi: only rises give 100, only falls 0, no move at all NaN', () => {
  assert.deepEqual(rsiOf([1, 2, 4, 8, 9]), [NaN, NaN, NaN, 100, 100]);
  assert.deepEqual(rsiOf([9, 8, 4, 2, 1]), [NaN, NaN, NaN, 0, 0]);
  assert.deepEqual(rsiOf([5, 5, 5, 5, 5]), [NaN, NaN, NaN, NaN, NaN]);
  assert.deepEqual(rsiOf([5, 5, 5, 5, 6]), [NaN, NaN, NaN, NaN, 100]);
  assert.deepEqual(rsiOf([1, 1, 1.7, 1.7, 1.7]), [NaN, NaN, NaN, 100, 100]);
});

test('rsi by hand', () => {
  // Changes +3 -1 +1: average rise 4/3, fall 1/3. Then +2, smoothed as (2 * average + new) / 3.
  const rsi = rsiOf([10, 13, 12, 13, 15]);
  assert.ok(Math.abs(rsi[3] - 80) < 1e-12);
  const rise = (2 * (4 / 3) + 2) / 3;
  const fall = (2 * (1 / 3)) / 3;
  assert.ok(Math.abs(rsi[4] - (100 - 100 / (1 + rise / fall))) < 1e-12);
});

test('rsi needs a whole window of changes again after NaN', () => {
  const closes = [1, 2, 3, 2, NaN, 2, 3, 4, 3];
  const { rsi } = computeIndicator(candlesOfCloses(closes), 'momentum.rsi', { window: 2 });
  assert.deepEqual(
    [...rsi].map((value) => Number.isNaN(value)),
    [true, true, false, false, true, true, true, false, false],
  );
  assert.equal(rsi[7], 100);
});
