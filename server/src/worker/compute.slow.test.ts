// The compute child on real candles, without a queue: what it says, in which order.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { decodeState, parseSpec, type Candles } from '@backtest-jobs/engine';
import { COLUMNS, requestHash } from '@backtest-jobs/engine/internal';
import { importCandles } from '../candles/import.ts';
import { Child, type ChildExit } from './child.ts';
import type { ChildMessage, ComputeJob, Part } from './messages.ts';

const MINUTE = 60_000;
const START = Date.UTC(2024, 0, 1);
const BARS = 60_000;

let home: string;
before(async () => {
  home = await mkdtemp(join(tmpdir(), 'backtest-compute-'));
  await importSeries('LONG', BARS);
  await importSeries('SHORT', 30);
});
after(() => rm(home, { recursive: true, force: true }));

async function importSeries(symbol: string, bars: number): Promise<void> {
  const file = join(home, `${symbol}.csv`);
  const candles = waves(bars);
  const rows = Array.from(candles.time, (_, bar) => COLUMNS.map((name) => candles[name][bar]).join());
  await writeFile(file, [COLUMNS.join(), ...rows, ''].join('\n'));
  await importCandles({ file, folder: join(home, 'candles'), market_id: 1, symbol, interval: '1m' });
}

/** Prices that swing, so that every variant trades. */
function waves(bars: number): Candles {
  const column = (value: (bar: number) => number): Float64Array =>
    Float64Array.from({ length: bars }, (_, b) => value(b));
  const close = column((bar) => 100 + 10 * Math.sin(bar / 7) + 5 * Math.sin(bar / 3));
  const open = column((bar) => close[Math.max(0, bar - 1)]!);
  return {
    time: column((bar) => START + bar * MINUTE),
    open,
    high: column((bar) => Math.max(open[bar]!, close[bar]!) + 1),
    low: column((bar) => Math.min(open[bar]!, close[bar]!) - 1),
    close,
    volume: column(() => 1),
  };
}

const range = (start: number, stop_incl: number) => ({ mode: 'range', start, stop_incl, step: 1 });

function jobOf(symbol: string, bars: number, signal: object, changes: Partial<ComputeJob> = {}): ComputeJob {
  const spec = parseSpec({
    time_range: { start: new Date(START).toISOString(), end: new Date(START + bars * MINUTE).toISOString() },
    luck: 0,
    warmup_bars: 0,
    preselect: 1000,
    top_k: 300,
    template: {
      instrument_id: { market_id: 1, symbol },
      timeframe: '1m',
      indicator_grids: [{ indicator_id: 'momentum.rsi', params: { window: range(2, 101) } }],
      signal_grids: { 'momentum.rsi': signal },
      risk_grid: { sl: { mode: 'explicit', values: ['off', 1, 2, 3, 4, 5] } },
    },
  });
  return {
    spec,
    requestHash: requestHash(spec),
    source: { kind: 'parquet', folder: join(home, 'candles') },
    candlePatienceMs: 0,
    threads: 1,
    snapshotSeconds: 3600,
    snapshotVariantsStep: 1e9,
    resume: null,
    ...changes,
  };
}

type Said = Exclude<ChildMessage, { type: 'loaded' | 'part' }> | ChildExit;

/** The next message that is neither `loaded` nor a part; parts are acknowledged and kept. */
async function said(child: Child, parts: Part[] = []): Promise<Said> {
  for (;;) {
    const message = await child.next();
    if (message.type === 'part') {
      parts.push(message.part);
      child.send({ type: 'saved', surfaceHash: null });
    } else if (message.type !== 'loaded') return message;
  }
}

/** Rows of a save that went ahead of its last portion. */
function rowsIn(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + (part.kind === 'best rows' ? part.rows.length : 0), 0);
}

function surfaceOf(parts: readonly Part[]) {
  return parts.flatMap((part) => (part.kind === 'surface' ? [part] : []));
}

const SIGNAL = { long_threshold: range(30, 34), short_threshold: range(60, 64) };

test('gives up a snapshot when told to stop, and leaves with a resume point and no fewer rows than it saved', async () => {
  await using child = new Child();
  child.send({ type: 'run', job: jobOf('LONG', BARS, SIGNAL, { snapshotSeconds: 0.001 }) });
  const before: Part[] = [];
  const first = await said(child, before);
  assert.ok(first.type === 'snapshot' && first.saved.rows !== null);
  let answered = false;
  child.onProgress = ({ processed, scored }) => {
    // The second snapshot has hundreds of rows to run; a sign of life without a score comes from between them.
    if (scored === 0 && answered) child.send({ type: 'stop', resumable: true });
    if (processed < 400 || answered) return;
    answered = true;
    child.send({ type: 'saved' });
  };
  const parts: Part[] = [];
  const last = await said(child, parts);
  assert.ok(last.type === 'stopped' && last.saved !== null, `it said ${last.type}`);
  const { rows, next, state } = last.saved;
  const surface = surfaceOf(parts);
  const shown = rowsIn(before) + first.saved.rows.length;
  const left = rows === null ? null : rowsIn(parts) + rows.length;
  assert.ok(left === null || left >= shown, `${left} of ${shown} rows`);
  assert.equal(decodeState(state!)?.next, next);
  const scores = surface.reduce((sum, part) => sum + part.scores.length, 0);
  assert.deepEqual([surface[0]?.first_index, scores], [first.saved.next, next - first.saved.next]);
});

test('hands over the resume point as soon as stage_a has ended, however far the next snapshot is', async () => {
  await using child = new Child();
  child.send({ type: 'run', job: jobOf('SHORT', 30, SIGNAL) });
  const parts: Part[] = [];
  const first = await said(child, parts);
  assert.ok(first.type === 'snapshot', `it said ${first.type}`);
  const { stage, rows, state } = first.saved;
  const listed = (): unknown[] => parts.flatMap((part) => (part.kind === 'shortlist' ? [part.preselect_used] : []));
  assert.deepEqual([stage, rows, listed()], ['stage_b', null, [1000]]);
  assert.equal(decodeState(state!)?.stage, 'stage_b');
  child.send({ type: 'saved' });
  const last = await said(child, parts);
  assert.ok(last.type === 'result' && listed().length === 1);
});

test('told to stop while its threads score, it has soon stopped, with all that was scored', async () => {
  const took: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    await using child = new Child();
    let told = 0;
    child.onProgress = ({ processed }) => {
      if (processed < 300 || told > 0) return;
      told = performance.now();
      child.send({ type: 'stop', resumable: true });
    };
    child.send({ type: 'run', job: jobOf('LONG', BARS, SIGNAL, { threads: 2 }) });
    const parts: Part[] = [];
    const last = await said(child, parts);
    took.push(performance.now() - told);
    assert.ok(last.type === 'stopped' && last.saved !== null, `it said ${last.type}`);
    assert.ok(last.saved.next >= 300 && surfaceOf(parts).length > 0);
  }
  // 200 ms for the threads, and 150 for running some rows of the best so far again (saver.ts).
  const median = took.toSorted((a, b) => a - b)[2] ?? Infinity;
  assert.ok(median < 350, `${took.map((ms) => ms.toFixed(0)).join(', ')} ms`);
});

// Loaded ahead of everything in every thread: a scoring thread fills its heap when it gets its first chunk.
const GLUTTON = `
const { isMainThread, parentPort } = require('node:worker_threads');
const eat = () => { for (let eaten = null; ; ) eaten = { eaten }; };
if (!isMainThread) parentPort.on('message', eat);
`;

test('a scoring thread that runs out of memory ends the child as that, not the job as failed', async () => {
  const preload = join(home, 'glutton.cjs');
  await writeFile(preload, GLUTTON);
  process.env['NODE_OPTIONS'] = `--max-old-space-size=64 --require ${preload}`;
  await using child = new Child();
  delete process.env['NODE_OPTIONS'];
  child.send({ type: 'run', job: jobOf('LONG', BARS, SIGNAL, { threads: 2 }) });
  const last = await said(child);
  assert.deepEqual([last.type, 'cause' in last && last.cause], ['exit', 'out_of_memory']);
});

test('a child that was told ahead where its candles are says the same as one that was not', async () => {
  const results: unknown[] = [];
  for (const ahead of [true, false]) {
    await using child = new Child();
    const job = jobOf('SHORT', 30, SIGNAL);
    if (ahead) child.send({ type: 'prepare', source: job.source });
    child.send({ type: 'run', job });
    await said(child);
    child.send({ type: 'saved' });
    const parts: Part[] = [];
    const last = await said(child, parts);
    assert.equal(last.type, 'result');
    results.push({ last, parts });
  }
  assert.deepEqual(results[0], results[1]);
});
