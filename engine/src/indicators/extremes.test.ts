import assert from 'node:assert/strict';
import { test } from 'node:test';
import { highest, lowest } from './extremes.ts';
import { randomCandles } from '../testing/candles.ts';

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
