// Whatever the gate accepts succeeds, at a lease of 3 s: specs at the limits of what a job can keep, with limits that a
// test has time for, and the most trades a series can have. The worker itself passes bytes on: its memory is measured.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Candles } from '@backtest-jobs/engine';
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
