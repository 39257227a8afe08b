// One variant that trades on every bar: 560,160 trades are kept as the first and the last by a job at the lease of
// configs/dev, and `run --variant` writes 1,100,000 of them as JSON that no string could hold.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Candles } from '@backtest-jobs/engine';
import { COLUMNS } from '@backtest-jobs/engine/internal';
import { openFleet } from '../fleet.ts';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
const MINUTE = 60_000;
const START = Date.UTC(2023, 0, 1);

/** Minutes whose closes are 100 and 101 in turn. */
function alternating(bars: number): Candles {
  const close = Float64Array.from({ length: bars }, (_, bar) => 100 + (bar % 2));
  const time = close.map((_, bar) => START + bar * MINUTE);
  return { time, open: close, high: close, low: close, close, volume: close.map(() => 1) };
}

const specOf = (bars: number): object => ({
  time_range: { start: new Date(START).toISOString(), end: new Date(START + bars * MINUTE).toISOString() },
  warmup_bars: 0,
  top_trades_n: 1,
  template: {
    instrument_id: { market_id: 1, symbol: 'TEST' },
    timeframe: '1m',
    rules: { long: 'close < close[1]', short: 'close > close[1]' },
    sizing_mode: 'fixed_quote',
    execution: { fee_pct: 0, slippage_pct: 0 },
  },
});

test('a job whose only variant trades 560,160 times succeeds in one attempt and keeps the first and the last', async () => {
  const bars = 560_160;
  await using fleet = await openFleet(alternating(bars), '1m');
  const id = await fleet.submit(specOf(bars));
  const worker = fleet.worker({}, join(PROJECT, 'configs/dev/backtest.yaml'));
  const done = await fleet.until(id, 'the end', ({ state }) => state !== 'queued' && state !== 'running');
  worker.kill('SIGTERM');
  await worker.ended;
  assert.deepEqual([done.state, done.attempt], ['succeeded', 1], worker.log());
  const { rows } = await fleet.database.pool.query<{ trades_total: number }>(
    'select trades_total from backtest_job_top_variants where job_id = $1',
    [id],
  );
  assert.ok(rows[0] !== undefined && rows[0].trades_total > 560_000, JSON.stringify(rows));
});

test('run --variant --json writes 1,100,000 trades, whole', async (t) => {
  const bars = 1_100_002;
  const folder = await mkdtemp(join(tmpdir(), 'backtest-many-'));
  t.after(() => rm(folder, { recursive: true }));
  const candles = alternating(bars);
  const lines = Array.from(candles.time, (time, bar) => {
    return [time, ...COLUMNS.slice(1).map((name) => candles[name][bar])].join(',');
  });
  await writeFile(join(folder, 'f.csv'), `${COLUMNS.join(',')}\n${lines.join('\n')}\n`);
  await writeFile(join(folder, 's.json'), JSON.stringify(specOf(bars)));
  const entry = join(PROJECT, 'server/backtest.mjs');
  const argv = [entry, 'run', 's.json', '--candles', 'f.csv', '--variant', '0', '--json'];
  const child = spawn(process.execPath, argv, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let [size, trades, last] = [0, 0, ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    size += text.length;
    const joined = last.slice(-12) + text; // a key may stand over the end of a part
    trades += joined.split('"trade_id":').length - 1 - (last.slice(-12).split('"trade_id":').length - 1);
    last = joined.slice(-100);
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = await once(child, 'close');
  assert.equal(code, 0, stderr.slice(0, 2000));
  assert.ok(size > 2 ** 29 - 24, `${size} characters would have fitted into a string`);
  assert.ok(trades >= 1_100_000 - 2, `${trades} trades`);
  assert.match(last, /\}\n$/);
});
