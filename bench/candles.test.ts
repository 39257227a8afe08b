import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Candles } from '@backtest-jobs/engine';
import { COLUMNS } from '@backtest-jobs/engine/internal';
import { candlesFor } from './candles.ts';
import { onMinutes, readWorkload } from './workloads.ts';

function digest(candles: Candles): string {
  const hash = createHash('sha256');
  for (const name of COLUMNS) hash.update(new Uint8Array(candles[name].buffer));
  return hash.digest('hex').slice(0, 16);
}

test('anybody gets the same series', () => {
  assert.equal(digest(candlesFor(readWorkload('w1'))), 'd65ec332f7e0e12a');
  assert.notEqual(digest(candlesFor(readWorkload('w1'), 2)), 'd65ec332f7e0e12a');
});

test('a bar moves 0.5 %, and neither the short nor the long walk leaves the prices of a market', () => {
  for (const spec of [readWorkload('w2'), onMinutes(readWorkload('w2'))]) {
    const { open, high, low, close, volume } = candlesFor(spec);
    let squares = 0;
    for (let bar = 0; bar < close.length; bar += 1) {
      squares += (close[bar] / open[bar] - 1) ** 2;
      assert.ok(low[bar] <= Math.min(open[bar], close[bar]) && high[bar] >= Math.max(open[bar], close[bar]));
      assert.ok(low[bar] > 1e-3 && high[bar] < 1e6 && volume[bar] >= 1, `bar ${bar}: ${low[bar]} to ${high[bar]}`);
    }
    const deviation = Math.sqrt(squares / close.length);
    assert.ok(Math.abs(deviation - 0.005) < 0.0001, `moves by ${deviation}`);
  }
});
