// A synchronous run and a job of the same spec, run by a real worker: the hashes, the result and the rows are the same, and the
// run leaves nothing in the database.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { assertShape, testConfig } from '../../../test/api.ts';
import { childrenOf, eventually, openFleet, USER, walk, type Fleet } from '../../../test/fleet.ts';
import { buildApi, startApi } from '../../api.ts';
import { openSource } from '../../candles/open.ts';
import type { CandleSource } from '../../candles/source.ts';
import { openVariantReports, type VariantReports } from '../../reports/reporter.ts';
import { JobStatus } from '../job-status.ts';
import { RunResult } from './sync-run.ts';
import { TopVariants } from './top-variants.ts';

const SPEC = {
  time_range: { start: '2020-01-05T00:00:00Z', end: '2020-03-01T00:00:00Z' },
  warmup_bars: 50,
  template: {
    instrument_id: { market_id: 1, symbol: 'TEST' },
    timeframe: '1h',
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 5, stop_incl: 24, step: 1 } } },
    ],
    risk_grid: { sl: { mode: 'explicit', values: ['off', 2] } },
  },
  top_k: 12,
  top_trades_n: 4,
};
const { indicator_grids: _grids, ...WITHOUT } = SPEC.template;
const RULES = {
  ...SPEC,
  template: {
    ...WITHOUT,
    timeframe: '2h',
    rules: { long: 'cross_above(close, sma(close, slow))', short: 'close < ema(close, fast)' },
    params: {
      slow: { mode: 'range', start: 6, stop_incl: 30, step: 2 },
      fast: { mode: 'range', start: 2, stop_incl: 5, step: 1 },
    },
    constraints: ['fast < slow'],
  },
};
const SPECS: Readonly<Record<string, object>> = {
  'indicators and stops': SPEC,
  'rules, a plateau, sampled': { ...RULES, ranking: { plateau: 1 } },
  'a walk forward': { ...SPEC, validation: { mode: 'walk_forward', folds: 3, train_fraction: 0.5 } },
  'a holdout': { ...RULES, validation: { mode: 'holdout', fraction: 0.3 } },
  'a luck test': { ...SPEC, luck: { permutations: 19, variants: 5 } },
};

/** Many seconds of work. */
const LARGE = {
  ...SPEC,
  preselect: 20_000,
  template: {
    ...SPEC.template,
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 2, stop_incl: 600, step: 1 } } },
      { indicator_id: 'momentum.rsi', params: { window: { mode: 'range', start: 2, stop_incl: 600, step: 1 } } },
    ],
    risk_grid: { sl: { mode: 'range', start: 1, stop_incl: 9, step: 1 } },
  },
};

describe('a synchronous run', () => {
  let fleet: Fleet;
  let source: CandleSource;
  let reports: VariantReports;
  let app: FastifyInstance;

  before(async () => {
    fleet = await openFleet(walk(1500, '1h'), '1h');
    source = await openSource(fleet.candles);
    reports = openVariantReports(fleet.candles);
    const user = () => ({ user_id: USER, name: 'test' });
    app = await buildApi({ pool: fleet.database.pool, config: testConfig(), source, reports, user });
  });
  after(async () => {
    await app.close();
    await reports[Symbol.asyncDispose]();
    await source[Symbol.asyncDispose]();
    await fleet[Symbol.asyncDispose]();
  });

  test('is a job that nobody stored', async () => {
    const told = new Map<string, ReturnType<typeof RunResult.parse>>();
    for (const [name, payload] of Object.entries(SPECS)) {
      const answer = await app.inject({ method: 'POST', url: '/api/backtests', payload });
      assert.equal(answer.statusCode, 200, answer.body);
      told.set(name, assertShape(RunResult, answer.json()));
    }
    const saving = { name: 'mine', template: SPEC.template };
    const saved = await app.inject({ method: 'POST', url: '/strategies', payload: saving });
    const { template: _, ...by } = { ...SPEC, strategy_id: saved.json<{ strategy_id: string }>().strategy_id };
    const run = await app.inject({ method: 'POST', url: '/backtests', payload: by });
    const { result_hash } = assertShape(RunResult, run.json());
    assert.equal(result_hash, told.get('indicators and stops')?.result_hash, 'of a saved strategy');
    const { rows } = await fleet.database.pool.query('select from backtest_jobs');
    assert.equal(rows.length, 0);
    const worker = fleet.worker();
    for (const [name, spec] of Object.entries(SPECS)) {
      const job_id = await fleet.submit({ luck: 0, ...spec });
      const job = await fleet.until(job_id, 'the end', ({ state }) => state === 'succeeded' || state === 'failed');
      const run = told.get(name) ?? assert.fail();
      assert.equal(run.result_hash, job.result_hash, name);
      const get = async (path: string) => (await app.inject(`/backtests/jobs/${job_id}${path}`)).json<unknown>();
      const status = assertShape(JobStatus, await get(''));
      const { request_hash, engine_params_hash, ledger, verdict, validation } = status;
      assert.deepEqual(
        { request_hash, engine_params_hash, ledger, verdict, validation },
        {
          request_hash: run.request_hash,
          engine_params_hash: run.engine_params_hash,
          ledger: run.ledger,
          verdict: run.verdict,
          validation: run.validation,
        },
        name,
      );
      const { items, report_context } = assertShape(TopVariants, await get('/top'));
      assert.deepEqual(
        items.map(({ alike: _alike, ...item }) => item),
        run.items,
        name,
      );
      assert.deepEqual(report_context, run.report_context, name);
    }
    worker.kill('SIGTERM');
    await worker.ended;
    assert.equal(told.get('a luck test')?.verdict.permuted?.done, 19);
    assert.equal(told.get('indicators and stops')?.verdict.permuted ?? null, null);
  });

  test('one at a time for a user; whoever hangs up ends the search', async () => {
    const user = () => ({ user_id: USER, name: 'test' });
    await using api = await startApi(
      { pool: fleet.database.pool, config: testConfig(), source, reports, user },
      { environment: 'dev' },
    );
    const before = new Set(await childrenOf(process.pid));
    const newChildren = async () => (await childrenOf(process.pid)).filter((pid) => !before.has(pid));
    const post = (body: object, signal?: AbortSignal) =>
      fetch(`${api.url}/backtests`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
        ...(signal && { signal }),
      });
    const client = new AbortController();
    const large = post(LARGE, client.signal);
    large.catch(() => {});
    await eventually('the search', async () => (await newChildren()).length > 0, { seconds: 30 });
    const second = await post(SPEC);
    assert.equal(second.status, 429);
    assert.match(JSON.stringify(await second.json()), /1 synchronous runs of yours are open, at most 1/);
    client.abort();
    await assert.rejects(large, { name: 'AbortError' });
    await eventually('its end', async () => (await newChildren()).length === 0, { seconds: 30 });
    const next = await post(SPEC);
    assert.equal(next.status, 200);
    await next.arrayBuffer();
  });
});
