// Whatever the gate accepts succeeds, at a lease of 3 s: specs at the limits of what a job can keep, with limits that a
// test has time for, and the most trades a series can have. The worker itself passes bytes on: its memory is measured.

import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseSpec, SpecError, type Candles } from '@backtest-jobs/engine';
import { BOUNDS } from '@backtest-jobs/engine/internal';
import { openFleet, type Fleet, type JobRow, type TestWorker } from '../../test/fleet.ts';

const MINUTE = 60_000;
const START = Date.UTC(2023, 0, 1);
const BARS = 500_200;
const DEV = join(fileURLToPath(new URL('../../..', import.meta.url)), 'configs/dev/backtest.yaml');

/** Closes that go up and down in turn, so that nearly every bar is a trade. */
function alternating(): Candles {
  const column = (value: (bar: number) => number): Float64Array =>
    Float64Array.from({ length: BARS }, (_, bar) => value(bar));
  const close = column((bar) => 100 + (bar % 2));
  const time = column((bar) => START + bar * MINUTE);
  return { time, open: close, high: close, low: close, close, volume: column(() => 1) };
}

const range = (start: number, stop_incl: number, step: number) => ({ mode: 'range', start, stop_incl, step });

function specOf(bars: number, params: object, changes: object): object {
  return {
    time_range: { start: new Date(START).toISOString(), end: new Date(START + bars * MINUTE).toISOString() },
    luck: 0,
    warmup_bars: 0,
    template: {
      instrument_id: { market_id: 1, symbol: 'TEST' },
      timeframe: '1m',
      rules: { long: 'close < close[n] and close > m', short: 'close > close[n]' },
      params: { n: { mode: 'explicit', values: [1] }, m: { mode: 'explicit', values: [0.5] }, ...params },
      sizing_mode: 'fixed_quote',
      execution: { fee_pct: 0, slippage_pct: 0 },
    },
    ...changes,
  };
}

const SPECS = {
  'a preselect of 3,000,000, a million of which there are': specOf(
    40,
    { m: range(0.00001, 10, 0.00001) },
    { preselect: 3_000_000, top_k: 100 },
  ),
  'a top_k of 100,000, of which 30,000 there are, with the trades of 1,000': specOf(
    60,
    { m: range(0.001, 30, 0.001) },
    { preselect: 100_000, top_k: 100_000, top_trades_n: 1000 },
  ),
  'one variant on a year of minutes': specOf(500_000, {}, { top_k: 1 }),
  'three variants that trade 500,000 times each': specOf(
    500_000,
    { n: { mode: 'explicit', values: [1, 3, 5] } },
    { top_k: 3, top_trades_n: 3 },
  ),
};

const SEED = Number(process.env['BACKTEST_SEED'] ?? randomInt(2 ** 31));
const DRAWN = 4;
/** Work that a test has time for: bars x variants, rows that are run again, and trades that are stored. */
const TIME = { bars_x_variants: 5e7, rows: 20_000, trades: 400_000 } as const;
/** What the gate allows, as the bounds of its table. */
const { top_k: TOP_K, preselect: PRESELECT, top_trades_n: TOP_TRADES } = BOUNDS;

/** Draws a spec of which each number is at its limit or anywhere below, as far as there is time for it. */
function drawnSpec(random: () => number): { readonly what: string; readonly spec: object } {
  const upTo = (most: number): number => (random() < 0.5 ? most : Math.ceil(most ** random()));
  const bars = upTo(500_000);
  const variants = upTo(Math.min(1_000_000, Math.floor(TIME.bars_x_variants / bars)));
  const preselect = upTo(PRESELECT.max);
  const top_k = upTo(Math.min(TOP_K.max, variants <= TIME.rows ? TOP_K.max : TIME.rows));
  const top_trades_n = Math.min(upTo(TOP_TRADES.max), Math.floor(TIME.trades / Math.min(bars, 10_000)));
  const numbers = { preselect, top_k, top_trades_n };
  const step = 0.00001;
  const what = Object.entries({ bars, variants, ...numbers }).map(([name, value]) => `${name} ${value}`);
  const m = range(step, Number((variants * step).toFixed(5)), step);
  return { what: what.join(', '), spec: specOf(Math.max(bars, 20), { m }, numbers) };
}

test(`specs drawn at the limits of the gate: each that it accepts succeeds (BACKTEST_SEED=${SEED})`, async () => {
  const random = mulberry(SEED);
  const worker = fleet.worker({}, DEV);
  for (let n = 0; n < DRAWN;) {
    const { what, spec } = drawnSpec(random);
    if (!accepted(spec)) continue; // for its memory; another one is drawn
    n += 1;
    const began = performance.now();
    const done = await fleet.until(await fleet.submit(spec), what, ended);
    assert.deepEqual([done.state, done.crash_count], ['succeeded', 0], `${what}: ${worker.log()}`);
    console.log(`${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  }
  const peak = await peakOf(worker);
  worker.kill('SIGTERM');
  await worker.ended;
  assert.ok(peak < 300, `the worker took ${peak.toFixed()} MB`);
});

function accepted(spec: object): boolean {
  try {
    parseSpec(spec);
    return true;
  } catch (error) {
    if (error instanceof SpecError) return false;
    throw error;
  }
}

/** Random numbers of a seed, from 0 to 1. */
function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

let fleet: Fleet;
before(async () => {
  fleet = await openFleet(alternating(), '1m');
});
after(() => fleet[Symbol.asyncDispose]());

/** The most resident memory of the worker itself, without its child, in MB. */
async function peakOf(worker: TestWorker): Promise<number> {
  const status = await readFile(`/proc/${worker.pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

const ended = ({ state }: JobRow): boolean => state !== 'running' && state !== 'queued';

for (const [what, spec] of Object.entries(SPECS)) {
  for (const [name, config] of Object.entries({ test: undefined, dev: DEV })) {
    test(`${what}: succeeds with configs/${name}, and the worker stays small`, async () => {
      const id = await fleet.submit(spec);
      const worker = fleet.worker({}, config);
      const done = await fleet.until(id, 'the end', ended);
      const peak = await peakOf(worker);
      worker.kill('SIGTERM');
      await worker.ended;
      assert.deepEqual([done.state, done.crash_count], ['succeeded', 0], worker.log());
      assert.ok(peak < 300, `the worker took ${peak.toFixed()} MB`);
      console.log(`${what}, configs/${name}: attempt ${done.attempt}, ${peak.toFixed()} MB`);
    });
  }
}
