// Threads of Node: the same answer as in place, and a quick end in the middle of long work.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inPlace, parseSpec, prepare, search, type Candles, type Pool, type Spec } from '@backtest-jobs/engine';
import type { Task } from '@backtest-jobs/engine/internal';
import { startThreads } from './threads.ts';

const MINUTE = 60_000;
const START = Date.UTC(2024, 0, 1);

/** Prices that swing, so that every variant trades. */
function waves(bars: number): Candles {
  const column = (value: (bar: number) => number): Float64Array =>
    Float64Array.from({ length: bars }, (_, b) => value(b));
  const close = column((bar) => 100 + 10 * Math.sin(bar / 7) + 5 * Math.sin(bar / 3));
  const time = column((bar) => START + bar * MINUTE);
  return { time, open: close, high: close, low: close, close, volume: column(() => 1) };
}

const range = (start: number, stop_incl: number) => ({ mode: 'range', start, stop_incl, step: 1 });

function specOf(bars: number, signals = { long_threshold: range(30, 69), short_threshold: range(40, 79) }): Spec {
  return parseSpec({
    time_range: { start: new Date(START).toISOString(), end: new Date(START + bars * MINUTE).toISOString() },
    luck: 0,
    warmup_bars: 0,
    preselect: 100,
    top_k: 20,
    template: {
      instrument_id: { market_id: 1, symbol: 'WAVES' },
      timeframe: '1m',
      indicator_grids: [{ indicator_id: 'ma.sma', params: { window: range(2, 41) } }, { indicator_id: 'momentum.rsi' }],
      signal_grids: { 'momentum.rsi': signals },
      risk_grid: { sl: { mode: 'explicit', values: ['off', 1, 2, 3] } },
    },
  });
}

async function resultOf(candles: Candles, spec: Spec, pool: Pool): Promise<string> {
  for await (const { result } of search(candles, spec, undefined, pool)) {
    if (result !== null) return JSON.stringify(result);
  }
  throw new Error('the search ended without a result');
}

test('threads find, to the last byte, what is found in place', async () => {
  const [candles, spec] = [waves(2000), specOf(2000)];
  await using threads = startThreads(spec, 2);
  const pool = threads.pool(candles);
  assert.equal(pool.size, 4);
  const expected = await resultOf(candles, spec, inPlace(prepare(candles, spec)));
  assert.equal(await resultOf(candles, spec, pool), expected);
});

test('one thread, or a short search, is scored in place', async () => {
  await using one = startThreads(specOf(2000), 1);
  assert.equal(one.pool(waves(2000)).size, 1);
  await using two = startThreads(specOf(60, { long_threshold: range(30, 31), short_threshold: range(70, 71) }), 2);
  assert.equal(two.pool(waves(60)).size, 1);
});

/** Once other threads than this one have used so many milliseconds of a processor: then they are at work. */
async function atWork(ms: number): Promise<void> {
  const used = (): number => {
    const [all, own] = [process.cpuUsage(), process.threadCpuUsage()];
    return (all.user + all.system - own.user - own.system) / 1000;
  };
  for (const before = used(); used() - before < ms;) await new Promise(setImmediate);
}

test('threads end within 200 ms, in the middle of a chunk of many seconds', async () => {
  const bars = 100_000;
  const [candles, spec] = [waves(bars), specOf(bars)];
  const took: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    await using threads = startThreads(spec, 2);
    const pool = threads.pool(candles);
    const { rawTotal } = pool.prepared.grid;
    await pool.score({ stage: 'stage_a', from: 0, to: 1, bases: null }); // so one has started, and so will the other
    const everything: Task = { stage: 'stage_a', from: 0, to: rawTotal, bases: null };
    const why = new Error('cancelled');
    const answers = [1, 2].map(() => assert.rejects(pool.score(everything), why)); // 64,000 variants, 100,000 bars
    await atWork(200);
    const began = performance.now();
    await threads.end(why);
    took.push(performance.now() - began);
    await Promise.all(answers);
  }
  const median = took.toSorted((a, b) => a - b)[2] ?? Infinity;
  assert.ok(median < 200, `${took.map((ms) => ms.toFixed(0)).join(', ')} ms`);
});

test('a scoring thread loads no native addon, in whose work it could not be ended', async () => {
  const [candles, spec] = [waves(2000), specOf(2000)];
  await using threads = startThreads(spec, 2);
  await threads.pool(candles).score({ stage: 'stage_a', from: 0, to: 1, bases: null });
  const { sharedObjects } = process.report.getReport() as { sharedObjects: string[] };
  assert.ok(sharedObjects.length > 0);
  assert.deepEqual(
    sharedObjects.filter((file) => file.endsWith('.node')),
    [],
  );
});
