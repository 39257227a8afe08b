// Saved strategies on a real database: what each route answers, whose they are, and what a job keeps of the one it used.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseSpec } from '@backtest-jobs/engine';
import { canonicalJson, sha256, storedRequest } from '@backtest-jobs/engine/internal';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { assertShape, testConfig } from '../../test/api.ts';
import { openFleet, walk, type Fleet } from '../../test/fleet.ts';
import { buildApi, startApi } from '../api.ts';
import { ErrorReply, ERRORS, type ErrorCode } from '../api/errors.ts';
import { Estimate } from '../api/estimate.ts';
import { JobStatus } from '../api/job-status.ts';
import { SavedStrategy, StrategyList } from '../api/strategies.ts';
import type { CurrentUser } from '../api/user.ts';
import { VariantReportReply } from '../api/variant-report.ts';
import { openSource } from '../candles/open.ts';
import type { CandleSource } from '../candles/source.ts';
import { openVariantReports, type VariantReports } from '../reports/reporter.ts';

const ENTRY = fileURLToPath(new URL('../../backtest.mjs', import.meta.url));
const ANN = '018f0000-0000-7000-8000-00000000000a';
const BOB = '018f0000-0000-7000-8000-00000000000b';
const NOBODYS = '018f0000-0000-7000-8000-0000000000ff';
const AS_BOB = { 'x-test-user': 'bob' };
const user: CurrentUser = ({ headers }) => ({ user_id: headers['x-test-user'] === 'bob' ? BOB : ANN, name: 'test' });

const RISK = { sl: { mode: 'explicit', values: ['off', 2] } };
const TEMPLATE = {
  instrument_id: { market_id: 1, symbol: 'TEST' },
  timeframe: '1h',
  indicator_grids: [
    { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 5, stop_incl: 14, step: 1 } } },
  ],
  execution: { fee_pct: 0.05 },
};
const RANGE = { time_range: { start: '2020-01-05T00:00:00Z', end: '2020-01-30T00:00:00Z' }, luck: 0 };

describe('saved strategies over HTTP', () => {
  let fleet: Fleet;
  let source: CandleSource;
  let reports: VariantReports;
  let app: FastifyInstance;

  before(async () => {
    fleet = await openFleet(walk(800, '1h'), '1h');
    source = await openSource(fleet.candles);
    reports = openVariantReports(fleet.candles);
    app = await buildApi({ pool: fleet.database.pool, config: testConfig(), source, reports, user });
  });

  after(async () => {
    await app.close();
    await reports[Symbol.asyncDispose]();
    await source[Symbol.asyncDispose]();
    await fleet[Symbol.asyncDispose]();
  });

  const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url, payload, headers });
  const fails = async (request: InjectOptions | PromiseLike<LightMyRequestResponse>, code: ErrorCode) => {
    const answer = await ('then' in request ? request : app.inject(request));
    assert.equal(answer.statusCode, ERRORS[code].status, answer.body);
    const { error } = assertShape(ErrorReply, answer.json());
    assert.equal(error.code, code);
    return error;
  };
  const problems = async (request: PromiseLike<LightMyRequestResponse>) => {
    const { details } = await fails(request, 'validation_error');
    return details.errors?.map(({ path, code }) => `${path} ${code}`);
  };

  let names = 0;
  async function saved(template: object = TEMPLATE, headers: Record<string, string> = {}) {
    names += 1;
    const answer = await post('/strategies', { name: `strategy ${names}`, template }, headers);
    assert.equal(answer.statusCode, 201, answer.body);
    return assertShape(SavedStrategy, answer.json());
  }
  const remove = (id: string, headers: Record<string, string> = {}) =>
    app.inject({ method: 'DELETE', url: `/strategies/${id}`, headers });

  async function submitted(body: object, code = 201, headers: Record<string, string> = {}) {
    const answer = await post('/backtests/jobs', { ...RANGE, top_k: 5, ...body }, headers);
    assert.equal(answer.statusCode, code, answer.body);
    return assertShape(JobStatus, answer.json());
  }
  /** What is stored about a job's request. */
  async function request(job_id: string) {
    const { rows } = await fleet.database.pool.query<{ request_json: object; spec_payload_json: object | null }>(
      'select request_json, spec_payload_json from backtest_job_requests where job_id = $1',
      [job_id],
    );
    return rows[0]!;
  }

  test('a user keeps so many and no more, also when saving at once; a name that is taken is told first', async () => {
    const config = testConfig({ max_strategies_per_user: 3 });
    const { pool } = fleet.database;
    const limited = await buildApi({ pool, config, source, reports, user });
    const save = (name: string) =>
      limited.inject({
        method: 'POST',
        url: '/strategies',
        payload: { name, template: TEMPLATE },
        headers: { 'x-test-user': 'bob' },
      });
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(save));
    const codes = answers.map(({ statusCode }) => statusCode).sort((a, b) => a - b);
    assert.deepEqual(codes, [201, 201, 201, 429, 429, 429]);
    const items = answers
      .filter(({ statusCode }) => statusCode === 201)
      .map((one) => one.json<{ strategy_id: string; name: string }>());
    assert.equal((await save(items[0]!.name)).statusCode, 409);
    assert.match((await save('g')).body, /you keep 3 strategies.*max_strategies_per_user.*delete one/);
    for (const { strategy_id } of items) await remove(strategy_id, AS_BOB);
    assert.equal((await save('g')).statusCode, 201);
    const left = await limited.inject({ url: '/strategies', headers: AS_BOB });
    for (const { strategy_id } of left.json<{ items: { strategy_id: string }[] }>().items)
      await remove(strategy_id, AS_BOB);
    await limited.close();
  });

  test('saved, read and deleted by its owner, and by nobody else', async () => {
    const strategy = await saved();
    assert.deepEqual(strategy.template, { ...parseSpec({ ...RANGE, template: TEMPLATE }).template });
    const url = `/strategies/${strategy.strategy_id}`;
    assert.deepEqual((await app.inject(url)).json(), strategy);
    assert.deepEqual((await app.inject(`/api${url}`)).json(), strategy);
    await fails({ url, headers: AS_BOB }, 'forbidden');
    await fails(remove(strategy.strategy_id, AS_BOB), 'forbidden');
    await fails({ url: `/strategies/${NOBODYS}` }, 'not_found');
    await fails(remove(NOBODYS), 'not_found');
    await fails({ url: '/strategies/mine' }, 'validation_error');
    const gone = await remove(strategy.strategy_id);
    assert.deepEqual([gone.statusCode, gone.json()], [200, { strategy_id: strategy.strategy_id }]);
    await fails({ url }, 'not_found');
  });

  test('parameters stand in the order in which they were saved, in a job of the strategy too', async () => {
    const rules = { long: 'sma(close, quick) > sma(close, a1) and close > ema(close, zz)', exit_long: 'close < 1' };
    const params = { quick: 5, zz: 9, a1: 20 };
    const names = Object.keys(params);
    const { indicator_grids: _grids, ...rest } = TEMPLATE;
    const kept = await saved({ ...rest, rules, params });
    const order = (template: object): string[] => Object.keys((template as { params: object }).params);
    assert.deepEqual(order(kept.template), names);
    const url = `/strategies/${kept.strategy_id}`;
    const read = assertShape(SavedStrategy, (await app.inject(url)).json());
    assert.deepEqual(order(read.template), names);
    const key = { 'idempotency-key': 'in order' };
    const { job_id } = await submitted({ strategy_id: kept.strategy_id }, 201, key);
    const { rows } = await fleet.database.pool.query<{ params_order: string[] }>(
      `select request_json -> 'params_order' as params_order from backtest_job_requests where job_id = $1`,
      [job_id],
    );
    assert.deepEqual(rows[0]?.params_order, names);
    await remove(kept.strategy_id);
    assert.equal((await submitted({ strategy_id: kept.strategy_id }, 200, key)).job_id, job_id);
    assert.equal((await post(`/backtests/jobs/${job_id}/cancel`, {})).statusCode, 200);
    const macd = { indicator_id: 'momentum.macd', params: { signal_window: 9, slow_window: 26, fast_window: 12 } };
    const byIndicator = await saved({ ...rest, indicator_grids: [macd] });
    const spec = parseSpec({ ...RANGE, template: { ...rest, indicator_grids: [macd] } });
    const written = JSON.parse(JSON.stringify(spec.template));
    assert.equal(JSON.stringify(byIndicator.template['indicator_grids']), JSON.stringify(written.indicator_grids));
    assert.equal(JSON.stringify(byIndicator.template['signal_grids']), JSON.stringify(written.signal_grids));
    await remove(byIndicator.strategy_id);
  });

  test('all that is wrong with a strategy is told at once, and nothing is kept', async () => {
    const template = { ...TEMPLATE, timeframe: '2d', risk_grid: { sl: 200 }, topk: 1 };
    assert.deepEqual(await problems(post('/strategies', { name: '', template, strategy_id: NOBODYS })), [
      'name invalid_value',
      'strategy_id unknown_field',
      'template.risk_grid.sl invalid_value',
      'template.timeframe unknown_timeframe',
      'template.topk unknown_field',
    ]);
    const { rows } = await fleet.database.pool.query('select from backtest_strategies');
    assert.equal(rows.length, 0);
  });

  test('a name belongs to one strategy of a user, also of many that race for it', async () => {
    const save = (headers = {}) => post('/strategies', { name: 'once', template: TEMPLATE }, headers);
    const raced = await Promise.all(Array.from({ length: 8 }, () => save()));
    const winners = raced.filter(({ statusCode }) => statusCode === 201);
    assert.equal(winners.length, 1);
    const { strategy_id } = assertShape(SavedStrategy, winners[0]!.json());
    assert.equal((await fails(save(), 'conflict')).details['strategy_id'], strategy_id);
    assert.equal((await save(AS_BOB)).statusCode, 201, "another user's names are another matter");
    await remove(strategy_id);
    assert.equal((await save()).statusCode, 201);
  });

  test('the list has the newest first, a page at a time, over equal instants too', async () => {
    await fleet.database.pool.query('delete from backtest_strategies');
    for (let i = 0; i < 7; i += 1) await saved();
    await saved(TEMPLATE, AS_BOB);
    await fleet.database.pool.query(`update backtest_strategies set created_at = '2026-01-01 00:00:00.000001+00'`);
    const page = async (cursor: string) =>
      assertShape(StrategyList, (await app.inject(`/strategies?limit=3${cursor}`)).json());
    const pages = [];
    for (let next: string | null = ''; next !== null;) {
      const { items, next_cursor } = await page(next);
      pages.push(items);
      next = next_cursor && `&cursor=${next_cursor}`;
    }
    assert.deepEqual(
      pages.map(({ length }) => length),
      [3, 3, 1],
    );
    const ids = pages.flat().map(({ strategy_id }) => strategy_id);
    assert.deepEqual(ids, ids.toSorted().toReversed());
    assert.equal(new Set(ids).size, 7);
    const { instrument_id, timeframe } = pages[0]![0]!;
    assert.deepEqual([instrument_id, timeframe], [TEMPLATE.instrument_id, '1h']);
    await fails({ url: '/strategies?limit=251' }, 'validation_error');
    await fails({ url: '/strategies?cursor=x' }, 'validation_error');
  });

  test('a job keeps the strategy as it was; its request is that of the template in the spec', async () => {
    const strategy = await saved();
    const { strategy_id, name, template } = strategy;
    const job = await submitted({ strategy_id, overrides: { risk_grid: RISK } });
    const inline = await submitted({ template: { ...TEMPLATE, risk_grid: RISK } });
    const kept = { strategy_id, name, template };
    assert.deepEqual([job.mode, job.spec_hash], ['saved', sha256(canonicalJson(kept))]);
    assert.deepEqual([inline.mode, inline.spec_hash], ['template', null]);
    for (const hash of ['request_hash', 'engine_params_hash'] as const) assert.equal(job[hash], inline[hash]);
    const spec = parseSpec({ ...RANGE, top_k: 5, template: { ...TEMPLATE, risk_grid: RISK } });
    const request_json = JSON.parse(JSON.stringify(storedRequest(spec)));
    assert.deepEqual(await request(job.job_id), { request_json, spec_payload_json: kept });
    assert.deepEqual(await request(inline.job_id), { request_json, spec_payload_json: null });

    await remove(strategy_id);
    const other = { ...TEMPLATE, timeframe: '2h' };
    assert.equal((await post('/strategies', { name, template: other })).statusCode, 201);
    assert.deepEqual(await request(job.job_id), { request_json, spec_payload_json: kept });
    assert.equal(assertShape(JobStatus, (await app.inject(`/backtests/jobs/${job.job_id}`)).json()).mode, 'saved');
  });

  test('which strategy is meant, and what the overrides may say', async () => {
    const { strategy_id } = await saved();
    const submit = (body: object, headers = {}) => post('/backtests/jobs', { ...RANGE, ...body }, headers);
    assert.deepEqual(await problems(submit({ strategy_id: NOBODYS, top_k: 0 })), [
      'strategy_id unknown_strategy',
      'top_k invalid_value',
    ]);
    assert.deepEqual(await problems(submit({ strategy_id: 'mine' })), ['strategy_id invalid_value']);
    assert.deepEqual(await problems(submit({ strategy_id, template: TEMPLATE })), ['strategy_id conflict']);
    assert.deepEqual(await problems(submit({ strategy_id, overrides: { risk_grid: { sl: 0 }, timeframe: '1d' } })), [
      'overrides.risk_grid.sl invalid_value',
      'overrides.timeframe unknown_field',
    ]);
    await fails(submit({ strategy_id }, AS_BOB), 'forbidden');
    // What the candle store misses is told of the strategy, beside the faults of the spec.
    const elsewhere = await saved({ ...TEMPLATE, instrument_id: { market_id: 1, symbol: 'NOWHERE' } });
    assert.deepEqual(await problems(submit({ strategy_id: elsewhere.strategy_id, top_k: 0 })), [
      'strategy_id unknown_instrument',
      'top_k invalid_value',
    ]);
  });

  test('a repeated submit finds its job after the strategy is gone; another one does not', async () => {
    const { strategy_id } = await saved();
    const key = { 'idempotency-key': 'k' };
    const body = { strategy_id, overrides: { direction_mode: 'long-only' } };
    const first = await submitted(body, 201, key);
    assert.equal((await submitted(body, 200, key)).job_id, first.job_id);
    const other = { ...RANGE, top_k: 5, strategy_id };
    assert.equal((await fails(post('/backtests/jobs', other, key), 'conflict')).details['job_id'], first.job_id);
    await remove(strategy_id);
    assert.equal((await submitted(body, 200, key)).job_id, first.job_id);
    await fails(post('/backtests/jobs', other, key), 'conflict');
    for (const headers of [{}, { 'idempotency-key': 'other' }, { ...key, ...AS_BOB }])
      assert.deepEqual(await problems(post('/backtests/jobs', other, headers)), ['strategy_id unknown_strategy']);
  });

  test('a variant of a spec with a strategy is that of the template', async () => {
    const { strategy_id } = await saved();
    const ask = async (spec: object, headers = {}) =>
      post('/backtests/variant-report', { spec: { ...RANGE, ...spec }, variant_index: 3 }, headers);
    const [of, inline] = await Promise.all([ask({ strategy_id }), ask({ template: TEMPLATE })]);
    assert.equal(of.statusCode, 200, of.body);
    assert.deepEqual(assertShape(VariantReportReply, of.json()), inline.json());
    assert.deepEqual(await problems(ask({ strategy_id: NOBODYS })), ['spec.strategy_id unknown_strategy']);
    assert.deepEqual(await problems(ask({ strategy_id, overrides: { risk_grid: { sl: 0 } } })), [
      'spec.overrides.risk_grid.sl invalid_value',
    ]);
    await fails(ask({ strategy_id }, AS_BOB), 'forbidden');
  });

  test('an estimate of a spec with a strategy is that of the template', async () => {
    const { strategy_id } = await saved();
    const ask = (body: object, headers = {}) => post('/backtests/jobs/estimate', { ...RANGE, ...body }, headers);
    const overrides = { risk_grid: RISK };
    const inline = await ask({ template: { ...TEMPLATE, ...overrides } });
    const told = assertShape(Estimate, (await ask({ strategy_id, overrides })).json());
    assert.deepEqual(told, inline.json());
    assert.deepEqual([told.stage_a_variants, told.stage_b_variants], [10, 20]);
    assert.deepEqual(await problems(ask({ strategy_id: NOBODYS, top_k: 0 })), [
      'strategy_id unknown_strategy',
      'top_k invalid_value',
    ]);
    assert.deepEqual(await problems(ask({ strategy_id, overrides: { risk_grid: { sl: 0 } } })), [
      'overrides.risk_grid.sl invalid_value',
    ]);
    await fails(ask({ strategy_id }, AS_BOB), 'forbidden');
  });

  test('by the command line: save, list, estimate, submit, delete', async () => {
    const parts = { pool: fleet.database.pool, config: testConfig(), source, reports };
    await using api = await startApi(parts, { environment: 'test' });
    const file = async (name: string, content: object) => {
      await writeFile(join(fleet.home, name), JSON.stringify(content));
      return join(fleet.home, name);
    };
    const backtest = async (...args: string[]) => {
      const child = spawn(process.execPath, [ENTRY, ...args, '--api', api.url], { env: { PATH: process.env['PATH'] } });
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      return { stdout: stdout.trim(), stderr };
    };
    const spec = await file('spec.json', { ...RANGE, template: TEMPLATE });
    assert.match((await backtest('strategies', 'list')).stdout, /^no strategies; /);
    const { stdout: strategy_id } = await backtest('strategies', 'save', spec, '--name', 'from the shell');
    assert.match(
      (await backtest('strategies', 'list')).stdout,
      new RegExp(`${strategy_id} .*1:TEST .*from the shell$`),
    );
    assert.match((await backtest('strategies', 'save', spec)).stderr, /^backtest: name: is required/);
    assert.match(
      (await backtest('strategies', 'save', spec, '--name', 'from the shell')).stderr,
      /has this name \(conflict\)/,
    );
    const short = await file('short.json', { ...RANGE, strategy_id, overrides: { direction_mode: 'short-only' } });
    assert.equal(JSON.parse((await backtest('estimate', short, '--json')).stdout).stage_a_variants, 10);
    const job = JSON.parse((await backtest('submit', short, '--json')).stdout);
    assert.deepEqual([job.mode, job.state], ['saved', 'queued']);
    const wrong = await file('wrong.json', { ...RANGE, strategy_id, overrides: { direction_mode: 'up' } });
    assert.match(
      (await backtest('submit', wrong)).stderr,
      /^backtest: overrides.direction_mode: must be .*wrong.json:1\)/,
    );
    assert.equal((await backtest('strategies', 'delete', strategy_id)).stdout, 'deleted');
    assert.match((await backtest('submit', short)).stderr, /^backtest: strategy_id: there is no strategy /);
  });

  test('a worker runs it to the end, with the result of the template, though the strategy is gone', async () => {
    await fleet.database.pool.query('delete from backtest_jobs');
    const { strategy_id } = await saved();
    const job = await submitted({ strategy_id, overrides: { risk_grid: RISK } });
    const inline = await submitted({ template: { ...TEMPLATE, risk_grid: RISK } });
    await remove(strategy_id);
    const worker = fleet.worker();
    const ends = [];
    for (const { job_id } of [job, inline]) ends.push(await fleet.until(job_id, 'the end', ended));
    worker.kill('SIGTERM');
    assert.equal(await worker.ended, 0);
    const [end, inlineEnd] = ends;
    assert.deepEqual([end?.state, end?.rows, end?.reports], ['succeeded', 5, 5]);
    assert.equal(end?.result_hash, inlineEnd?.result_hash);
    const top = async (job_id: string) => (await app.inject(`/backtests/jobs/${job_id}/top`)).json();
    assert.deepEqual((await top(job.job_id)).items, (await top(inline.job_id)).items);
  });
});

function ended({ state }: { readonly state: string }): boolean {
  return ['succeeded', 'failed', 'cancelled'].includes(state);
}
