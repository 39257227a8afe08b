// A job on an instrument with few minutes beside all hours, computed as a worker computes it.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { parseSpec, type SearchResult } from '@backtest-jobs/engine';
import { importCandles } from '../../src/candles/import.ts';
import { ledgerText } from '../../src/cli/show/ledger.ts';
import { Child } from '../../src/worker/child.ts';
import type { ComputeJob } from '../../src/worker/messages.ts';

const root = mkdtempSync(join(tmpdir(), 'backtest-choice-'));
after(() => rmSync(root, { recursive: true }));
const TEST = { market_id: 1, symbol: 'TEST' };

test('a job tells which series it reads: when it has loaded it, and in the ledger of its result', async () => {
  for (const interval of ['1h', '1m'])
    await importCandles({ ...TEST, folder: root, file: join(import.meta.dirname, `thin-fine-series/${interval}.csv`) });
  await using child = new Child();
  const job: ComputeJob = {
    spec: parseSpec({
      time_range: { start: '2024-01-02T00:00:00Z', end: '2024-01-11T00:00:00Z' },
      warmup_bars: 24,
      template: { instrument_id: TEST, timeframe: '1h', indicator_grids: [{ indicator_id: 'ma.sma' }] },
    }),
    source: { kind: 'parquet', folder: root },
    requestHash: '',
    candlePatienceMs: 0,
    threads: 1,
    snapshotSeconds: 3600,
    snapshotVariantsStep: 1e9,
    resume: null,
  };
  child.send({ type: 'run', job });
  const counted = [
    { interval: '1h', bars: 239 },
    { interval: '1m', bars: 2 },
  ];
  for (;;) {
    const message = await child.next();
    assert.ok(message.type !== 'exit' && message.type !== 'failed', JSON.stringify(message));
    if (message.type === 'loaded') assert.deepEqual(message.counted, counted);
    if (message.type === 'part' || message.type === 'snapshot') child.send({ type: 'saved', surfaceHash: null });
    if (message.type !== 'result') continue;
    assert.deepEqual((message.result as SearchResult).ledger.series, counted);
    assert.match(ledgerText((message.result as SearchResult).ledger), /from the 1h candles/);
    return;
  }
});
