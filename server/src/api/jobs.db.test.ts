// The routes of jobs on a real database: what each answers, and what is in the tables afterwards. The worker's part is
// played with the queue's own verbs.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, test } from 'node:test';
import { parseSpec, search, type Verdict } from '@backtest-jobs/engine';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { assertShape, REPORTS, SOURCE, specBody, testConfig } from '../../test/api.ts';
import { testDatabase, type TestDatabase } from '../../test/database.ts';
import { finish } from '../../test/queue.ts';
import { buildApi, openApiPool, startApi } from '../api.ts';
import { openClient } from '../cli/client.ts';
import { transaction } from '../db.ts';
import { begin } from '../queue/begin.ts';
import { claim } from '../queue/claim.ts';
import type { TopRow } from '../queue/job.ts';
import { snapshot } from '../queue/snapshot.ts';
import { ErrorReply, ERRORS, type ErrorCode } from './errors.ts';
import { Estimate } from './estimate.ts';
import { JobList, JobStatus } from './job-status.ts';
import { TopVariants } from './job/top-variants.ts';
import type { CurrentUser } from './user.ts';

const ANN = '018f0000-0000-7000-8000-00000000000a';
const BOB = '018f0000-0000-7000-8000-00000000000b';
const NOBODYS = '018f0000-0000-7000-8000-0000000000ff';

const user: CurrentUser = ({ headers }) => ({ user_id: headers['x-test-user'] === 'bob' ? BOB : ANN, name: 'test' });

const status = async (reply: PromiseLike<LightMyRequestResponse>, code = 200) => {
  const { statusCode, body } = await reply;
  assert.equal(statusCode, code, body);
  return assertShape(JobStatus, JSON.parse(body));
};

/** Of a search over 20 days, or 100 where it keeps more than one. */
async function verdictOf(top_k: number): Promise<Verdict> {
  const days = top_k === 1 ? 20 : 100;
  const close = Float64Array.from({ length: days }, (_, day) => 100 + 10 * Math.sin(day) + ((day * day) % 7));
  const time = close.map((_, day) => Date.UTC(2024, 0, 1) + day * 86_400_000);
  const spec = parseSpec({
    time_range: { start: new Date(time[0] ?? 0).toISOString(), end: '2024-12-31T00:00:00Z' },
    luck: 0,
    warmup_bars: 0,
    top_k,
    template: {
      instrument_id: { market_id: 1, symbol: 'TEST' },
      timeframe: '1d',
      rules: { long: 'close > sma(close, n)' },
      params: { n: { mode: 'range', start: 2, stop_incl: 9, step: 1 } },
    },
  });
  for await (const { result } of search({ time, open: close, high: close, low: close, close, volume: close }, spec)) {
    if (result !== null) return result.verdict;
  }
  throw new Error('the search ended without a result');
}

function row(rank: number, trades: TopRow['trades']): TopRow {
  return {
    rank,
    variant_key: String(rank).repeat(64),
    indicator_variant_key: 'a'.repeat(64),
    variant_index: rank * 7,
    total_return_pct: 12.345678901234567 / rank,
    metrics: {
      total_return_pct: 12.345678901234567 / rank,
      max_drawdown_pct: 0,
      return_over_max_drawdown: 'inf',
      profit_factor: 'inf',
      sharpe: null,
      sortino: null,
      calmar: '-inf',
      sqn: 0.1 + 0.2,
      expectancy: 4.1,
      win_rate_pct: 100,
      num_trades: 3,
      ambiguous_bars: 1,
      total_return_pct_tp_first: 15,
      possible_trails: 0,
      total_return_pct_trail_hit: 12.345678901234567 / rank,
      bust: 0,
      written_off: 0,
      waited_fills: 0,
      carried_close: 0,
    },
    payload: { indicator_selections: [], direction_mode: 'long-short' },
    report_table_md: `|Metric|Value|\n|Rank|${rank}|`,
    trades,
  };
}

const FALLS = { p50: 1, p95: 2, p99: 3 };
const DRAWN = {
  trades: 12,
  draws: 1000,
  closed_drawdown_pct: 1.5,
  reordered: { closed_drawdown_pct: FALLS },
  resampled: { return_pct: { p5: -1, p50: 2, p95: 5 }, closed_drawdown_pct: FALLS, loss_probability: 0.2 },
};

const ROWS: readonly TopRow[] = [
  { ...row(1, [{ trade_id: 1, return_pct: -0.5 }]), monte_carlo: DRAWN },
  { ...row(2, null), monte_carlo: null },
];

describe('jobs over HTTP', () => {
  let database: TestDatabase;
  let app: FastifyInstance;

  before(async () => {
    database = await testDatabase();
    app = await buildApi({ pool: database.pool, config: testConfig(), source: SOURCE, reports: REPORTS, user });
  });

  after(async () => {
    await app.close();
    await database[Symbol.asyncDispose]();
  });

  afterEach(async () => {
    await database.pool.query('delete from backtest_jobs');
  });

  const submit = (body: object = specBody(), headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url: '/backtests/jobs', payload: body, headers });
  const cancel = (id: string, headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url: `/backtests/jobs/${id}/cancel`, headers });
  const remove = (id: string, headers: Record<string, string> = {}) =>
    app.inject({ method: 'DELETE', url: `/backtests/jobs/${id}`, headers });
  const fails = async (request: InjectOptions | PromiseLike<LightMyRequestResponse>, code: ErrorCode) => {
    const reply = await ('then' in request ? request : app.inject(request));
    assert.equal(reply.statusCode, ERRORS[code].status, reply.body);
    const { error } = assertShape(ErrorReply, reply.json());
    assert.equal(error.code, code);
    return error;
  };
  const listed = async (query: string) => {
    const page = assertShape(JobList, (await app.inject(`/backtests/jobs?${query}`)).json());
    return page.items.map(({ job_id }) => job_id);
  };
  const count = async () => {
    const { rows } = await database.pool.query<{ jobs: number; requests: number }>(
      'select (select count(*) from backtest_jobs) as jobs, (select count(*) from backtest_job_requests) as requests',
    );
    return rows[0];
  };

  /** A worker takes the one queued job. */
  async function claimed() {
    const taken = await claim(database.pool, { locked_by: 'test', lease_seconds: 60, max_crashes: 3 });
    assert.ok(taken?.outcome === 'claimed');
    return taken.lease;
  }

  test('submit: 201 and the status object, exactly its fields', async () => {
    const { warnings, ...job } = await status(submit(specBody({ name: 'first' })), 201);
    assert.deepEqual(warnings, []);
    assert.equal(job.name, 'first');
    assert.equal(job.state, 'queued');
    assert.equal(job.mode, 'template');
    assert.equal(job.attempt, 0);
    assert.equal(job.processed_units, 0);
    assert.equal(job.total_units, 3 + 3 * 2 + 5); // base + shortlist x risk + top_k
    assert.match(job.job_id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    assert.match(job.created_at, /\.\d{6}Z$/);
    for (const hash of [job.request_hash, job.engine_params_hash, job.backtest_runtime_config_hash])
      assert.match(hash, /^[0-9a-f]{64}$/);
    assert.deepEqual(Object.keys({ ...job, warnings }).sort(), Object.keys(JobStatus.shape).sort());
    assert.deepEqual(await status(app.inject(`/backtests/jobs/${job.job_id}`)), job);
    assert.deepEqual(await status(app.inject(`/api/backtests/jobs/${job.job_id}`)), job);
  });

  test('submit warns of what is allowed and seldom meant', async () => {
    const job = await status(submit(specBody({}, { execution: { fee_pct: 0.001 }, risk_grid: { tp: 0.05 } })), 201);
    assert.deepEqual(
      job.warnings?.map(({ path, code }) => `${path} ${code}`),
      ['template.execution.fee_pct looks_like_fraction', 'template.risk_grid.tp looks_like_fraction'],
    );
  });

  test('the spec of a job comes back, complete, in the order of the user, and gives the same job again', async () => {
    const rules = { long: 'sma(close, n) < sma(close, longest) * up' };
    const params = { up: 1, longest: { mode: 'explicit', values: [50, 40] }, n: 5 };
    const changes = { name: 'mine', priority: -7, top_k: 4 };
    const body = specBody(changes, { rules, params, indicator_grids: undefined, signal_grids: undefined });
    const { warnings: _, ...job } = await status(submit(body), 201);
    const { statusCode, body: text, headers } = await app.inject(`/backtests/jobs/${job.job_id}/spec`);
    assert.deepEqual([statusCode, headers['content-type']], [200, 'application/json; charset=utf-8']);
    const spec = JSON.parse(text);
    assert.deepEqual([spec.name, spec.priority, spec.top_k, spec.warmup_bars], ['mine', -7, 4, 200]);
    assert.deepEqual(Object.keys(spec.template.params), ['up', 'longest', 'n']);
    const again = await status(submit(spec), 201);
    assert.equal(again.request_hash, job.request_hash);
    assert.equal((await app.inject(`/backtests/jobs/${again.job_id}/spec`)).body, text);
    await fails(
      app.inject({ url: `/backtests/jobs/${job.job_id}/spec`, headers: { 'x-test-user': 'bob' } }),
      'forbidden',
    );
    await fails(app.inject(`/backtests/jobs/${NOBODYS}/spec`), 'not_found');
  });

  test('submit stores the effective spec of whoever is asking', async () => {
    const { job_id } = await status(submit(specBody({ name: 'n', priority: -7 }), { 'x-test-user': 'bob' }), 201);
    const { rows } = await database.pool.query<{
      user_id: string;
      priority: number;
      request_json: Record<string, unknown>;
    }>(
      'select user_id, priority, request_json from backtest_jobs join backtest_job_requests using (job_id) where job_id = $1',
      [job_id],
    );
    assert.equal(rows[0]?.user_id, BOB);
    assert.equal(rows[0].priority, -7);
    assert.equal(rows[0].request_json['warmup_bars'], 200);
    assert.ok(!('name' in rows[0].request_json) && !('priority' in rows[0].request_json));
  });

  test('a spec with five faults: five entries by path, and no job', async () => {
    const body = specBody(
      { time_range: { start: '2010-01-01T00:00:00Z', end: '2001-01-01T00:00:00Z' }, top_k: 0, nonsense: true },
      { timeframe: '7m', indicator_grids: [{ indicator_id: 'ma.nothing', params: {} }] },
    );
    const error = await fails(submit(body), 'validation_error');
    const paths = error.details.errors?.map(({ path }) => path) ?? [];
    assert.equal(paths.length, 5, JSON.stringify(error.details.errors));
    assert.deepEqual(
      paths,
      paths.toSorted((a, b) => (a < b ? -1 : 1)),
    );
    for (const { code, message } of error.details.errors ?? []) assert.ok(code && message);
    assert.deepEqual(await count(), { jobs: 0, requests: 0 });
  });

  test('no candles, unknown instrument, too many variants: no job', async () => {
    const range = { start: '2030-01-01T00:00:00Z', end: '2031-01-01T00:00:00Z' };
    const empty = await fails(submit(specBody({ time_range: range })), 'validation_error');
    assert.equal(empty.details.errors?.[0]?.path, 'time_range');
    assert.match(empty.message, /2000-01-03.*2020-04-18/);
    const unknown = await fails(
      submit(specBody({}, { instrument_id: { market_id: 1, symbol: 'DOGE' } })),
      'validation_error',
    );
    assert.match(unknown.message, /1:DOGE.*1:BTCUSDT/);
    const wide = { mode: 'range', start: 0.00001, stop_incl: 10, step: 0.00001 };
    const risk_grid = { sl: wide, tp: wide };
    const many = await fails(submit(specBody({}, { risk_grid })), 'validation_error');
    assert.match(many.message, /\d{7,}|\d,\d{3}/);
    assert.deepEqual(await count(), { jobs: 0, requests: 0 });
  });

  test('the same Idempotency-Key: the same job, even with a full quota; another request: conflict', async () => {
    const key = { 'idempotency-key': 'once' };
    const first = await status(submit(specBody(), key), 201);
    assert.deepEqual(await status(submit(specBody(), key)), first);
    const conflict = await fails(submit(specBody({ top_k: 6 }), key), 'conflict');
    assert.equal(conflict.details['job_id'], first.job_id);
    await status(submit(specBody(), { ...key, 'x-test-user': 'bob' }), 201); // a key is its user's own
    await status(submit(), 201);
    await status(submit(), 201);
    await fails(submit(), 'quota_exceeded');
    assert.equal((await status(submit(specBody(), key))).job_id, first.job_id);
    const tooLong = await fails(submit(specBody(), { 'idempotency-key': 'x'.repeat(201) }), 'validation_error');
    assert.equal(tooLong.details.errors?.[0]?.path, 'idempotency-key');
  });

  test('quota: 429 with the numbers, per user, free again when a job ends', async () => {
    const jobs = [await status(submit(), 201), await status(submit(), 201), await status(submit(), 201)];
    const { details, message } = await fails(submit(), 'quota_exceeded');
    assert.deepEqual(details, { active: 3, limit: 3, setting: 'max_active_jobs_per_user' });
    assert.match(
      message,
      /^3 jobs of yours .*, 3 are allowed \(backtest\.jobs\.max_active_jobs_per_user\): wait .*cancel/,
    );
    await status(submit(specBody(), { 'x-test-user': 'bob' }), 201);
    await status(cancel(jobs[0]?.job_id ?? ''));
    await status(submit(), 201);
  });

  test('finished jobs that are kept have a limit: a repeat passes, another submit once one is deleted', async () => {
    const keeper = { user_id: randomUUID(), name: 'keeper' };
    const config = testConfig({ max_finished_jobs_per_user: 2 });
    const limited = await buildApi({
      pool: database.pool,
      config,
      source: SOURCE,
      reports: REPORTS,
      user: () => keeper,
    });
    const post = (key?: string) =>
      limited.inject({
        method: 'POST',
        url: '/backtests/jobs',
        payload: specBody(),
        headers: key === undefined ? {} : { 'idempotency-key': key },
      });
    const kept: string[] = [];
    for (const key of ['one', 'two']) {
      const { job_id } = (await post(key)).json<{ job_id: string }>();
      kept.push(job_id);
      await limited.inject({
        method: 'POST',
        url: `/backtests/jobs/${job_id}/cancel`,
      });
    }
    const refused = await post();
    assert.equal(refused.statusCode, 429, refused.body);
    assert.match(
      refused.body,
      /you keep 2 finished jobs and have 0 .*, 2 are allowed \(backtest.jobs.max_finished_jobs_per_user\): delete some/,
    );
    assert.equal((await post('two')).statusCode, 200);
    await limited.inject({
      method: 'DELETE',
      url: `/backtests/jobs/${kept[0]}`,
      headers: { 'x-test-user': 'keeper' },
    });
    assert.equal((await post()).statusCode, 201);
    await limited.close();
  });

  test('an estimate stores nothing, and is given with a full quota as well', async () => {
    const ask = () => app.inject({ method: 'POST', url: '/backtests/jobs/estimate', payload: specBody() });
    const first = await ask();
    assert.equal(first.statusCode, 200, first.body);
    assert.deepEqual(await count(), { jobs: 0, requests: 0 });
    const jobs = [await status(submit(), 201), await status(submit(), 201), await status(submit(), 201)];
    const again = assertShape(Estimate, (await ask()).json());
    assert.deepEqual(again, first.json());
    assert.equal(again.total_units, jobs[0]?.total_units);
    assert.deepEqual(await count(), { jobs: 3, requests: 3 });
  });

  test('quota holds against a race', async () => {
    const replies = await Promise.all(Array.from({ length: 12 }, () => submit()));
    const codes = replies.map(({ statusCode }) => statusCode);
    assert.equal(codes.filter((code) => code === 201).length, 3);
    assert.equal(codes.filter((code) => code === 429).length, 9);
  });

  test("another user's job: 403 on every route, and nothing of it; no job: 404", async () => {
    const { job_id } = await status(submit(specBody({ name: 'private' })), 201);
    const bob = { 'x-test-user': 'bob' };
    for (const url of [`/backtests/jobs/${job_id}`, `/backtests/jobs/${job_id}/top`]) {
      assert.doesNotMatch(JSON.stringify(await fails({ url, headers: bob }, 'forbidden')), /private/);
      await fails({ url: url.replace(job_id, NOBODYS) }, 'not_found');
    }
    await fails(cancel(job_id, bob), 'forbidden');
    await fails(cancel(NOBODYS), 'not_found');
    await fails(remove(job_id, bob), 'forbidden');
    await fails(remove(NOBODYS), 'not_found');
    assert.equal((await status(app.inject(`/backtests/jobs/${job_id}`))).state, 'queued');
    const page = assertShape(JobList, (await app.inject({ url: '/backtests/jobs', headers: bob })).json());
    assert.deepEqual(page, { items: [], next_cursor: null });
  });

  test('list: newest first, in pages, over equal timestamps too', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 7; n += 1) {
      const { job_id } = await status(submit(specBody({ name: `job ${n}` })), 201);
      await status(cancel(job_id));
      ids.unshift(job_id);
    }
    await database.pool.query(
      `update backtest_jobs set created_at = '2024-01-01T00:00:00.123456Z' where job_id = any($1)`,
      [ids.slice(2, 5)],
    );
    const expected = await database.pool.query<{ job_id: string }>(
      'select job_id from backtest_jobs order by created_at desc, job_id desc',
    );
    const seen: string[] = [];
    let cursor: string | null = '';
    let pages = 0;
    while (cursor !== null) {
      const url = `/backtests/jobs?limit=2${cursor && `&cursor=${cursor}`}`;
      const page: { items: readonly { job_id: string }[]; next_cursor: string | null } = assertShape(
        JobList,
        (await app.inject(url)).json(),
      );
      seen.push(...page.items.map(({ job_id }) => job_id));
      cursor = page.next_cursor;
      pages += 1;
    }
    assert.equal(pages, 4);
    assert.deepEqual(
      seen,
      expected.rows.map(({ job_id }) => job_id),
    );
  });

  test('list: by state and by name', async () => {
    const kept = await status(submit(specBody({ name: 'Alpha 100%_x' })), 201);
    const gone = await status(submit(specBody({ name: 'Beta' })), 201);
    await status(cancel(gone.job_id));
    assert.deepEqual(await listed('state=queued'), [kept.job_id]);
    assert.deepEqual(await listed('state=cancelled'), [gone.job_id]);
    assert.deepEqual(await listed('state=failed'), []);
    assert.deepEqual(await listed('q=alPHA'), [kept.job_id]);
    assert.deepEqual(await listed(`q=${encodeURIComponent('100%_')}`), [kept.job_id]);
    assert.deepEqual(await listed(`q=${encodeURIComponent("'; drop table backtest_jobs; --")}`), []);
  });

  test('cancel: a queued job at once, a running one on request, asking again changes nothing', async () => {
    const queued = await status(submit(), 201);
    const cancelled = await status(cancel(queued.job_id));
    assert.equal(cancelled.state, 'cancelled');
    assert.deepEqual(await status(cancel(queued.job_id)), cancelled);
    const running = await status(submit(), 201);
    const lease = await claimed();
    const asked = await status(cancel(running.job_id));
    assert.equal(asked.state, 'running');
    assert.ok(asked.cancel_requested_at);
    assert.equal((await status(cancel(running.job_id))).cancel_requested_at, asked.cancel_requested_at);
    await finish(database.pool, lease, { state: 'cancelled' });
    assert.equal((await status(cancel(running.job_id))).state, 'cancelled');
    // A body is not needed and not minded, as long as it is JSON.
    const withBody = { method: 'POST', url: `/backtests/jobs/${running.job_id}/cancel`, payload: {} } as const;
    assert.equal((await status(app.inject(withBody))).state, 'cancelled');
  });

  test('delete: a job that has ended is gone, one that has not is a conflict and stays', async () => {
    const { job_id } = await status(submit(), 201);
    const refused = await fails(remove(job_id), 'conflict');
    assert.deepEqual([refused.details, /has not ended/.test(refused.message)], [{ job_id }, true]);
    const lease = await claimed();
    await status(cancel(job_id));
    await fails(remove(job_id), 'conflict');
    await finish(database.pool, lease, { state: 'cancelled' });
    const gone = await remove(job_id);
    assert.deepEqual([gone.statusCode, gone.json()], [200, { job_id }]);
    for (const url of [`/backtests/jobs/${job_id}`, `/backtests/jobs/${job_id}/top`]) await fails({ url }, 'not_found');
    await fails(remove(job_id), 'not_found');
    assert.deepEqual(await count(), { jobs: 0, requests: 0 });
  });

  test('top of a running job: rows, but neither reports nor trades', async () => {
    const { job_id } = await status(submit(), 201);
    const early = assertShape(TopVariants, (await app.inject(`/backtests/jobs/${job_id}/top`)).json());
    assert.deepEqual(early.items, []);
    const lease = await claimed();
    await begin(database.pool, lease, { lease_seconds: 60, stage: 'stage_a', processed_units: 0, anew: false });
    await snapshot(database.pool, lease, {
      lease_seconds: 60,
      stage: 'stage_b',
      processed_units: 4,
      rows: ROWS,
      checkpoint: null,
    });
    const { state, items } = assertShape(TopVariants, (await app.inject(`/backtests/jobs/${job_id}/top`)).json());
    assert.equal(state, 'running');
    assert.equal(items.length, 2);
    for (const item of items) assert.ok(!('report_table_md' in item) && !('trades' in item));
    const job = await status(app.inject(`/backtests/jobs/${job_id}`));
    assert.equal(job.stage, 'stage_b');
    assert.equal(job.processed_units, 4);
    assert.ok(job.variants_per_second !== null && job.variants_per_second > 0 && job.eta_seconds !== null);
  });

  test('top of a succeeded job: reports for all, trades for the first; the numbers as the worker stored them', async () => {
    const { job_id } = await status(submit(), 201);
    const lease = await claimed();
    const result_json = { ledger: { bars: 2000 }, counts: {}, verdict: null };
    await finish(database.pool, lease, { state: 'succeeded', rows: ROWS, result_json });
    const reply = await app.inject(`/backtests/jobs/${job_id}/top`);
    assert.match(String(reply.headers['content-type']), /^application\/json/);
    const { items, report_context, state } = assertShape(TopVariants, reply.json());
    assert.equal(state, 'succeeded');
    assert.deepEqual(
      items.map(({ rank, report_table_md, trades }) => [rank, typeof report_table_md, trades?.length]),
      [
        [1, 'string', 1],
        [2, 'string', undefined],
      ],
    );
    assert.deepEqual([items[0]?.monte_carlo, items[1]?.monte_carlo], [DRAWN, undefined]);
    assert.deepEqual(items[0]?.metrics, ROWS[0]?.metrics);
    assert.equal(items[0]?.total_return_pct, ROWS[0]?.total_return_pct);
    assert.deepEqual(report_context.instrument_id, { market_id: 5, symbol: 'SP500' });
    assert.equal(report_context.periods_per_year, 252);
    const first = assertShape(TopVariants, (await app.inject(`/backtests/jobs/${job_id}/top?limit=1`)).json());
    assert.deepEqual(first.items, items.slice(0, 1));
    const job = await status(app.inject(`/backtests/jobs/${job_id}`));
    assert.deepEqual(job.ledger, { bars: 2000 });
    assert.equal(job.verdict, null);
    assert.equal(job.processed_units, job.total_units);
    assert.deepEqual(await status(cancel(job_id)), job); // terminal states are final
  });

  test('a succeeded job says how likely its best variant is luck, as the engine said it', async () => {
    for (const top_k of [5, 1]) {
      const { job_id } = await status(submit(), 201);
      const lease = await claimed();
      const verdict = await verdictOf(top_k);
      await finish(database.pool, lease, {
        state: 'succeeded',
        rows: ROWS,
        result_json: { ledger: {}, counts: {}, verdict },
      });
      assert.deepEqual((await status(app.inject(`/backtests/jobs/${job_id}`))).verdict, verdict);
      assert.equal(verdict.overfitting_probability === null, top_k === 1);
    }
  });

  test('a verdict of an earlier version, and one with all there is', async () => {
    const without = (value: object, ...names: readonly string[]): object =>
      Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
    const found = await verdictOf(5);
    const older = {
      ...without(found, 'checks', 'total_return_pct', 'loss_probability', 'permuted', 'holding'),
      compared: { kept: 5, drawn: 3 },
      flags: without(found.flags, 'worse_than_holding', 'unequal_hours', 'short_history'),
    };
    const permuted = {
      done: 2,
      asked: 99,
      variants: 4,
      grid_variants: 8,
      blocks: null,
      walk: false,
      p: 2 / 3,
      as_good: 1,
      best: 'inf',
      best_sharpe_daily: null,
      best_variant: 3,
      bests: ['inf', null],
      sharpes: [0.1, null],
      reason: null,
      typical: null,
      lucky_sharpe_annual: null,
      deflated_sharpe: null,
      sharpe_reason: 'too few',
    };
    const full = { ...found, permuted };
    for (const verdict of [older, full]) {
      const { job_id } = await status(submit(), 201);
      const result_json = { ledger: {}, counts: {}, verdict };
      await finish(database.pool, await claimed(), { state: 'succeeded', rows: ROWS, result_json });
      assert.deepEqual((await status(app.inject(`/backtests/jobs/${job_id}`))).verdict, verdict);
    }
  });

  test('a failed job says why', async () => {
    const { job_id } = await status(submit(), 201);
    const error = { code: 'no_candles', message: 'no market data for requested range', details: { from: '2001' } };
    await finish(database.pool, await claimed(), { state: 'failed', error });
    const job = await status(app.inject(`/backtests/jobs/${job_id}`));
    assert.equal(job.last_error, error.message);
    assert.deepEqual(job.last_error_json, error);
  });

  test('a running job whose lease is over says that it waits', async () => {
    const { job_id } = await status(submit(), 201);
    await claimed();
    assert.equal((await status(app.inject(`/backtests/jobs/${job_id}`))).waiting_for_worker_seconds, null);
    await database.pool.query(`update backtest_jobs set lease_expires_at = clock_timestamp() - interval '90 seconds'`);
    const job = await status(app.inject(`/backtests/jobs/${job_id}`));
    assert.ok(job.waiting_for_worker_seconds !== null && job.waiting_for_worker_seconds >= 90);
    assert.equal(job.eta_seconds, null);
  });

  test('a submit that is blocked ends in 503 with Retry-After, and leaves nothing behind', async () => {
    const pool = openApiPool(database.dsn, { lockTimeoutMs: 100 });
    const blocked = await buildApi({ pool, config: testConfig(), source: SOURCE, reports: REPORTS, user });
    await transaction(database.admin, async (client) => {
      await client.query(`select pg_advisory_xact_lock(hashtextextended('backtest_jobs submit ' || $1::uuid, 0))`, [
        ANN,
      ]);
      const reply = await blocked.inject({ method: 'POST', url: '/backtests/jobs', payload: specBody() });
      assert.equal(reply.statusCode, 503, reply.body);
      assert.equal(reply.headers['retry-after'], '1');
      assert.match(reply.body, /too busy/);
    });
    assert.equal((await count())?.jobs, 0);
    const reply = await blocked.inject({ method: 'POST', url: '/backtests/jobs', payload: specBody() });
    assert.equal(reply.statusCode, 201, reply.body);
    await blocked.close();
    await pool.end();
  });

  test('no connection of the API waits for ever', async () => {
    const pool = openApiPool(database.dsn);
    const { rows } = await pool.query<{ name: string; setting: string }>(
      `select name, setting from pg_settings where name ~ '^(statement|lock|idle_in_transaction_session)_timeout$'`,
    );
    await pool.end();
    assert.equal(rows.length, 3);
    for (const { name, setting } of rows) assert.ok(Number(setting) > 0 && Number(setting) <= 10_000, name);
  });

  test('ready with the schema at the right version only', async () => {
    assert.equal((await app.inject('/readyz')).statusCode, 200);
    await database.admin.query(
      `insert into backtest_migrations (version, name, sha256) values (9999, 'future', repeat('0', 64))`,
    );
    await fails({ url: '/readyz' }, 'service_unavailable');
    await database.admin.query('delete from backtest_migrations where version = 9999');
    assert.equal((await app.inject('/readyz')).statusCode, 200);
  });

  test('over a real socket: submit, list, get, top, cancel, delete as the local user', async () => {
    await using api = await startApi(
      { pool: database.pool, config: testConfig(), source: SOURCE, reports: REPORTS },
      { environment: 'test' },
    );
    const call = async (path: string, init?: RequestInit) => {
      const reply = await fetch(api.url + path, init);
      return { code: reply.status, body: await reply.json() };
    };
    const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(specBody()) };
    const created = await call('/backtests/jobs', json);
    assert.equal(created.code, 201);
    const { job_id } = assertShape(JobStatus, created.body);
    assert.equal(assertShape(JobList, (await call('/api/backtests/jobs')).body).items[0]?.job_id, job_id);
    assert.equal(assertShape(JobStatus, (await call(`/backtests/jobs/${job_id}`)).body).job_id, job_id);
    assert.deepEqual(assertShape(TopVariants, (await call(`/backtests/jobs/${job_id}/top`)).body).items, []);
    const cancelled = await call(`/backtests/jobs/${job_id}/cancel`, { method: 'POST' });
    assert.equal(assertShape(JobStatus, cancelled.body).state, 'cancelled');
    const bait = { method: 'DELETE', headers: { origin: 'https://evil.example' } };
    assert.equal((await call(`/backtests/jobs/${job_id}`, bait)).code, 403);
    assert.deepEqual(await openClient(api.url).delete(`/backtests/jobs/${job_id}`), { job_id });
    const foreign = await call('/backtests/jobs', {
      ...json,
      headers: { ...json.headers, origin: 'https://evil.example' },
    });
    assert.equal(foreign.code, 403);
  });
});
