import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomCandles } from '../testing/candles.ts';
import { ema, rma } from './averages.ts';
import { mean } from './windows.ts';

test('recursive averages start on the mean of their first window', () => {
  const { close } = randomCandles(4, 500);
  for (const window of [1, 2, 3, 20, 199]) {
    const means = new Float64Array(500);
    mean(close, window, means);
    for (const average of [ema, rma]) {
      const out = new Float64Array(500);
      average(close, window, out);
      assert.ok(out.subarray(0, window - 1).every(Number.isNaN));
      assert.ok(Math.abs(out[window - 1] - means[window - 1]) <= 1e-14 * means[window - 1]);
    }
  }
});

test('they start again after NaN and stand still on a flat series', () => {
  const x = Float64Array.of(NaN, NaN, 1, 2, 3, 6, NaN, 4, 4, 4, 4);
  const out = new Float64Array(x.length);
  ema(x, 3, out);
  assert.deepEqual([...out], [NaN, NaN, NaN, NaN, 2, 4, NaN, NaN, NaN, 4, 4]);
  rma(x, 4, out);
  assert.deepEqual([...out], [NaN, NaN, NaN, NaN, NaN, 3, NaN, NaN, NaN, NaN, 4]);

  const flat = new Float64Array(3000).fill(60_000.07);
  const averaged = new Float64Array(flat.length);
  ema(flat, 21, averaged);
  assert.ok(averaged.subarray(20).every((value) => value === 60_000.07));
});

test('a column can be averaged in place', () => {
  const { close } = randomCandles(5, 300);
  close[100] = NaN;
  for (const average of [ema, rma]) {
    const out = new Float64Array(300);
    average(close, 10, out);
    const same = close.slice();
    average(same, 10, same);
    assert.deepEqual(same, out);
  }
});

test('a series shorter than the window, and an empty one, is all NaN', () => {
  for (const length of [0, 1, 5]) {
    const out = new Float64Array(length);
    for (const average of [ema, rma]) {
      average(new Float64Array(length).fill(1), 6, out);
      assert.ok(out.every(Number.isNaN));
    }
  }
});
