// Small nasty bodies against a running API: whatever a spec says, the event loop is never held for long. The bodies are
// random combinations of what has held it for seconds to hours; the seed is printed, BACKTEST_SEED repeats it.

import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';
import { REPORTS, SOURCE, testConfig } from '../../test/api.ts';
import { startApi } from '../api.ts';
import { openPool } from '../db.ts';
import { openJudges } from '../reports/judges.ts';

/**
 * The rule is 200 ms on a machine that has time. A gap counts as long as the processor worked in it: a busy machine makes
 * gaps of its own. Any body of old took 10 times this.
 */
const LONGEST_MS = 1000;
const BODIES = process.env['BACKTEST_ROUNDS'] === 'all' ? 200 : 16;
const seed = Number(process.env['BACKTEST_SEED'] ?? 20_261_130);

/** Mulberry32, enough to draw bodies. */
function random(state: number): () => number {
  let at = state;
  return () => {
    at = (at + 0x6d2b79f5) | 0;
    let mixed = Math.imul(at ^ (at >>> 15), 1 | at);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const next = random(seed);
const whole = (most: number): number => 1 + Math.floor(next() * most);
const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
const times = <T>(n: number, make: (at: number) => T): T[] => Array.from({ length: n }, (_, at) => make(at));
const range = () => ({
  mode: 'range',
  start: 2,
  stop_incl: pick([3, 50, 1000, 2000, 1_000_000]),
  step: pick([1, 1, 0.5, 1e-3]),
});
const axis = (): unknown =>
  pick<() => unknown>([
    range,
    range,
    () => 5,
    () => ({ mode: 'explicit', values: times(whole(60), (at) => at + 2) }),
  ])();
const tree = (leaves: number): string =>
  leaves <= 1 ? `p${whole(4) - 1}` : `(${tree(leaves >> 1)} ${pick(['+', '-', '*'])} ${tree(leaves >> 1)})`;

function rules(): object {
  return {
    rules: {
      long: pick(['close > p0 + p1 + p2 + p3', 'close > sma(close, p0 + p1) + p2 * p3', `${tree(256)} < close`]),
    },
    params: Object.fromEntries(times(pick([4, 4, 4, 100, 3000]), (at) => [`p${at}`, axis()])),
    constraints: times(pick([0, 1, 10, 100, 2000]), () => `${tree(pick([1, 2, 16]))} > ${whole(9)}`),
  };
}

function indicators(): object {
  const id = () => pick(['momentum.macd', 'momentum.rsi', 'ma.sma', 'momentum.mcad']);
  return {
    indicator_grids: times(pick([1, 2, 200, 2000]), () => ({
      indicator_id: id(),
      params: { fast_window: axis(), slow_window: axis() },
    })),
    signal_grids: Object.fromEntries(times(pick([0, 1, 3000]), (at) => [`${id()}${at}`, { a: axis() }])),
  };
}

function body(): string {
  const depth = pick([0, 0, 0, 5000]);
  const risk_grid = pick<object>([{}, { sl: axis(), tp: axis() }, { tp: axis(), max_bars: axis(), trail: axis() }]);
  const spec = {
    time_range: { start: '2001-01-01T00:00:00Z', end: '2010-01-01T00:00:00Z' },
    template: {
      instrument_id: { market_id: 5, symbol: 'SP500' },
      timeframe: '1d',
      risk_grid,
      ...pick([rules, rules, indicators])(),
      ...(next() < 0.1 ? Object.fromEntries(times(20_000, (at) => [`f${at}`, 0])) : {}),
    },
    ...(depth > 0 ? { name: 'DEEP' } : {}),
  };
  return JSON.stringify(spec).replace('"DEEP"', '['.repeat(depth) + ']'.repeat(depth));
}

test(`no body holds the event loop (seed ${seed})`, async (t) => {
  const pool = openPool('postgres://nobody@127.0.0.1:9/nowhere', { connectTimeoutMs: 500 });
  await using api = await startApi(
    // A judge that has more time would only make the test longer.
    { pool, config: testConfig(), source: SOURCE, reports: REPORTS, judges: openJudges(200) },
    { environment: 'dev' },
  );
  const headers = { 'content-type': 'application/json' };
  const statuses = new Map<number, number>();
  let longestOfAll = 0;
  const delays = monitorEventLoopDelay({ resolution: 5 });
  try {
    for (let sent = 0; sent < BODIES; sent += 1) {
      const text = body();
      const before = process.cpuUsage();
      delays.enable();
      const path = pick([
        '/backtests',
        '/backtests/jobs/estimate',
        '/backtests/jobs/estimate',
        '/backtests/variant-report',
        '/strategies',
      ]);
      const spec =
        path === '/strategies' ? `{"name": "x", "template": ${JSON.stringify(JSON.parse(text).template)}}` : text;
      const payload = path === '/backtests/variant-report' ? `{"variant_index": 0, "spec": ${text}}` : spec;
      const since = performance.now();
      const reply = await fetch(api.url + path, { method: 'POST', headers, body: payload });
      await reply.arrayBuffer();
      delays.disable();
      const { user: cpu, system } = process.cpuUsage(before);
      const longest = Math.min(delays.max / 1e6, (cpu + system) / 1000);
      longestOfAll = Math.max(longest, longestOfAll);
      delays.reset();
      const took = Math.round(performance.now() - since);
      assert.ok(longest < LONGEST_MS, `${path} held the loop ${longest} ms of ${took}: ${payload.slice(0, 2000)}`);
      const health = await fetch(`${api.url}/healthz`);
      assert.equal(health.status, 200);
      statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
    }
    t.diagnostic(`longest gap ${Math.round(longestOfAll)} ms, statuses ${JSON.stringify([...statuses])}`);
    assert.deepEqual(
      [...statuses.keys()].filter((status) => status === 500),
      [],
      JSON.stringify([...statuses]),
    );
    assert.ok((statuses.get(422) ?? 0) > BODIES / 2, JSON.stringify([...statuses]));
  } finally {
    await pool.end();
  }
});
