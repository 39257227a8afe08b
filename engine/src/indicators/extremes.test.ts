import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomCandles } from '../testing/candles.ts';
import { highest, highestBar, lowest, lowestBar, ofExtremes } from './extremes.ts';

test('the extremes of each window are those of a look at all its values, NaN included', () => {
  const { close } = randomCandles(21, 300);
  close[120] = NaN;
  for (const window of [1, 2, 3, 7, 64, 299, 300, 301]) {
    for (const [kernel, pick] of [
      [highest, Math.max],
      [lowest, Math.min],
    ] as const) {
      const out = new Float64Array(300);
      kernel(close, window, out);
      const direct = close.map((_, bar) =>
        bar < window - 1 ? NaN : pick(...close.subarray(bar - window + 1, bar + 1)),
      );
      assert.deepEqual(out, direct, `window ${window}`);
    }
  }
});

test('what is made of both extremes at once is what would be made of two columns', () => {
  const { high, low, close } = randomCandles(22, 300);
  low[120] = NaN;
  for (const window of [1, 2, 3, 7, 64, 299, 300, 301]) {
    const [highs, lows, out] = [new Float64Array(300), new Float64Array(300), new Float64Array(300)];
    highest(high, window, highs);
    lowest(low, window, lows);
    ofExtremes([close, high, low], window, (x, top, bottom) => x + 2 * top - 3 * bottom, out);
    const expected = close.map((x, bar) => x + 2 * highs[bar] - 3 * lows[bar]);
    assert.deepEqual(out, expected, `window ${window}`);
  }
});

test('the bars of the extremes are the first of their window with that value, NaN while a NaN is in it', () => {
  const x = randomCandles(22, 300).close.map(Math.round); // full of ties
  x[0] = x[120] = x[126] = NaN;
  for (const window of [1, 2, 3, 7, 64, 299, 300, 301]) {
    for (const [kernel, pick] of [
      [highestBar, Math.max],
      [lowestBar, Math.min],
    ] as const) {
      const out = new Float64Array(300);
      kernel(x, window, out);
      const direct = x.map((_, bar) => {
        const extreme = bar < window - 1 ? NaN : pick(...x.subarray(bar - window + 1, bar + 1));
        return Number.isNaN(extreme) ? NaN : x.indexOf(extreme, bar - window + 1);
      });
      assert.deepEqual(out, direct, `window ${window}`);
    }
  }
});
