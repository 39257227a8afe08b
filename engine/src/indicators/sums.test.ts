import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomCandles } from '../testing/candles.ts';
import { deviationOf, ratioOfSums } from './sums.ts';
import { meanAndDeviation } from './windows.ts';

const WINDOWS = [1, 2, 3, 20, 199, 200, 201];

function ratios(a: Float64Array, b: Float64Array, window: number): Float64Array {
  const out = new Float64Array(a.length).fill(7);
  ratioOfSums(
    window,
    (bar) => a[bar],
    (bar) => b[bar],
    out,
  );
  return out;
}

test('the ratio of two sums is that of one look at the window, what has left it leaves no trace', () => {
  const { high: a, volume: b } = randomCandles(61, 200);
  a[40] = 1e18;
  b[120] = NaN;
  for (const window of WINDOWS) {
    ratios(a, b, window).forEach((value, bar) => {
      let [top, bottom] = [0, 0];
      for (let at = bar - window + 1; at <= bar; at += 1) {
        top += a[at];
        bottom += b[at];
      }
      const expected = top / bottom;
      const where = `window ${window}, bar ${bar}`;
      if (!(expected > 0)) assert.ok(Number.isNaN(value), where);
      else assert.ok(Math.abs(value - expected) <= 1e-12 * expected, where);
    });
  }
});

test('there is no ratio to nothing', () => {
  const a = Float64Array.of(1, 2, 3, 4, 5);
  assert.deepEqual([...ratios(a, Float64Array.of(1, 0, 0, 1, 0), 2)], [NaN, 3, NaN, 7, 9]);
  assert.deepEqual([...ratios(new Float64Array(5), new Float64Array(5), 2)], Array(5).fill(NaN));
});

test('the deviation of computed values is that of a column of them, to the bit', () => {
  const { close: x } = randomCandles(62, 200, { price: 60_000 });
  x.fill(60_000.07, 30, 80);
  x[130] = NaN;
  const [means, expected, actual] = [x.slice(), x.slice(), x.slice()];
  for (const window of WINDOWS) {
    meanAndDeviation(x, window, means, expected);
    deviationOf(window, (bar) => x[bar], actual);
    assert.deepEqual(actual, expected);
  }
});
