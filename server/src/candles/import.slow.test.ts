import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import type { Candles } from '@backtest-jobs/engine';
import { smallDisk } from '../../test/disk.ts';
import { importSeries } from './import.ts';
import { seriesFolder } from './store.ts';

/** Minutes whose prices no compression makes small. */
function noise(bars: number): Candles {
  const close = Float64Array.from({ length: bars }, (_, bar) => 100 + ((bar * 2_654_435_761) % 2 ** 32) / 2 ** 32);
  return {
    time: close.map((_, bar) => Date.UTC(2024, 0, 1) + bar * 60_000),
    open: close,
    high: close.map((price) => price + 1),
    low: close.map((price) => price - 1),
    close,
    volume: close.map((price) => price * price),
  };
}

test('an import that fills the disk fails and gives it back', async (t) => {
  const folder = await smallDisk(t, '3m');
  if (folder === null) return;
  const large = { market_id: 1, symbol: 'LARGE', interval: '1m', folder, candles: noise(200_000) } as const;
  await assert.rejects(importSeries(large), /No space left|ENOSPC/i);
  const left = await readdir(await seriesFolder(folder, large, '1m'));
  assert.deepEqual(
    left.filter((name) => name.endsWith('.parquet')),
    [],
  );
  const small = { ...large, symbol: 'SMALL', candles: noise(1000) };
  assert.equal((await importSeries(small)).added, 1000);
});
