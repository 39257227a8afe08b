// What a job is made of, over HTTP on a real database: its request with axes, its attempts, what lists show of it, and what
// was tried before it.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { buildGrid, parseSpec, search, type VariantRow } from '@backtest-jobs/engine';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { assertShape, REPORTS, SOURCE, specBody, testConfig } from '../../../test/api.ts';
import { testDatabase, type TestDatabase } from '../../../test/database.ts';
import { claimed, expire, finish } from '../../../test/queue.ts';
import { buildApi } from '../../api.ts';
import { cancel } from '../../queue/cancel.ts';
import { heartbeat } from '../../queue/heartbeat.ts';
import { release } from '../../queue/release.ts';
import { ErrorReply } from '../errors.ts';
import { JobList, JobStatus } from '../job-status.ts';
import type { CurrentUser } from '../user.ts';
import { JobAttempts, JobRequest } from './job-request.ts';
import { TopVariants } from './top-variants.ts';

const ANN = '018f0000-0000-7000-8000-00000000000a';
const BOB = '018f0000-0000-7000-8000-00000000000b';
const user: CurrentUser = ({ headers }) => ({ user_id: headers['x-test-user'] === 'bob' ? BOB : ANN, name: 'test' });
const asBob = { headers: { 'x-test-user': 'bob' } };

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

afterEach(() => database.pool.query('delete from backtest_jobs'));

async function json(request: InjectOptions | string, code = 200): Promise<unknown> {
  const reply = await app.inject(request);
  assert.equal(reply.statusCode, code, reply.body);
  return reply.json();
}

async function submit(body: object = specBody(), query = '', headers: Record<string, string> = {}) {
  const url = `/backtests/jobs${query}`;
  return assertShape(JobStatus, await json({ method: 'POST', url, payload: body, headers }, 201));
}

const statusOf = async (job_id: string) => assertShape(JobStatus, await json(`/backtests/jobs/${job_id}`));
const listed = async () => assertShape(JobList, await json('/backtests/jobs')).items;

test('the request of a job: submitted again it is the same request; its axes count the indexes of the engine', async () => {
  const template = {
    indicator_grids: [
      { indicator_id: 'ma.sma', source: { mode: 'explicit', values: ['open', 'close'] }, params: { window: 9 } },
      { indicator_id: 'momentum.rsi', params: { window: { mode: 'range', start: 2, stop_incl: 8, step: 2 } } },
    ],
    risk_grid: {
      sl: { mode: 'explicit', values: ['off', 1, 2] },
      max_bars: { mode: 'explicit', values: ['off', 5] },
    },
  };
  const job = await submit(specBody({ name: 'mine', priority: -3 }, template));
  const url = `/backtests/jobs/${job.job_id}/request`;
  const request = assertShape(JobRequest, await json(url));
  const again = await submit(request.spec);
  assert.deepEqual([again.request_hash, again.name], [job.request_hash, 'mine']);
  assert.deepEqual(request.stage_units, { stage_a: 8, stage_b: 48, finalizing: 5 });
  assert.deepEqual([request.combinations, request.risk_settings], [8, 6]);
  const grid = buildGrid(parseSpec(request.spec));
  assert.deepEqual(
    request.axes.map(({ key, values, length, stride }) => [key, values, length, stride]),
    grid.axes.map(({ key, values }, at) => [key, values, values.length, grid.strides[at]]),
  );
  assert.deepEqual(
    request.risk_axes.map(({ key, length, stride }) => [key, length, stride]),
    [
      ['sl', 3, 2],
      ['tp', 1, 2],
      ['trail', 1, 2],
      ['max_bars', 2, 1],
    ],
  );
  for (const path of ['request', 'attempts']) {
    const stranger = { url: `/backtests/jobs/${job.job_id}/${path}`, ...asBob };
    assert.equal(assertShape(ErrorReply, await json(stranger, 403)).error.code, 'forbidden');
    await json(`/backtests/jobs/${ANN}/${path}`, 404);
  }
});

test('an axis with very many values is not listed value by value', async () => {
  const params = { n: { mode: 'range', start: 1, stop_incl: 12_000, step: 1 } };
  const template = { indicator_grids: undefined, rules: { long: 'close > n' }, params };
  const { job_id } = await submit(specBody({}, template));
  const { axes } = assertShape(JobRequest, await json(`/backtests/jobs/${job_id}/request`));
  assert.deepEqual([axes[0]?.values, axes[0]?.length], [null, 12_000]);
});

test('attempts come by pages, without the names of hosts', async () => {
  const { job_id } = await submit();
  for (const cause of [null, null, null]) {
    const { lease } = await claimed(database.pool, { locked_by: 'host-of-ours-1' });
    await release(database.pool, lease, { outcome: 'released', cause });
  }
  await claimed(database.pool);
  const url = `/backtests/jobs/${job_id}/attempts`;
  const all = assertShape(JobAttempts, await json(url));
  assert.deepEqual(
    all.items.map(({ attempt, outcome }) => [attempt, outcome]),
    [
      [1, 'released'],
      [2, 'released'],
      [3, 'released'],
      [4, null],
    ],
  );
  assert.ok(!JSON.stringify(all).includes('host-of-ours'));
  const first = assertShape(JobAttempts, await json(`${url}?limit=2`));
  assert.equal(first.next_after, 2);
  const second = assertShape(JobAttempts, await json(`${url}?limit=2&after=2`));
  assert.deepEqual([...first.items, ...second.items], all.items);
  assert.equal(second.next_after, null);
});

test('lists say what a job is about, and its best as soon as a heartbeat does', async () => {
  const { job_id } = await submit(specBody({ validation: { mode: 'holdout', fraction: 0.3 } }));
  const before = await statusOf(job_id);
  assert.deepEqual(before.instruments, [{ market_id: 5, symbol: 'SP500' }]);
  assert.deepEqual([before.timeframes, before.across, before.validation_mode], [['1d'], 'each', 'holdout']);
  assert.deepEqual([before.primary_metric, before.best, before.ancestors], ['total_return_pct', null, null]);
  const { lease } = await claimed(database.pool);
  const beat = { lease_seconds: 60, stage: 'stage_a', processed_units: 1 } as const;
  await heartbeat(database.pool, lease, { ...beat, best: { value: 12.5, variant_index: 4 } });
  await heartbeat(database.pool, lease, { ...beat, processed_units: 2 });
  assert.deepEqual((await listed())[0]?.best, { value: 12.5, variant_index: 4 });
  await heartbeat(database.pool, lease, { ...beat, best: { value: Infinity, variant_index: 2 } });
  assert.deepEqual((await statusOf(job_id)).best, { value: 'inf', variant_index: 2 });
  await finish(database.pool, lease, { state: 'cancelled' });
  const [item] = await listed();
  assert.deepEqual(item?.best, { value: 'inf', variant_index: 2 }, 'the best so far of a cancelled job stays');
  assert.deepEqual(item.time_range, { start: '2001-01-01T00:00:00.000Z', end: '2010-01-01T00:00:00.000Z' });
});

/** The end of a real search over 300 days, of ten windows of which some trade alike. */
async function searched() {
  const close = Float64Array.from({ length: 300 }, (_, day) => 100 + 20 * Math.sin(day / 9) + ((day * day) % 3));
  const time = close.map((_, day) => Date.UTC(2024, 0, 1) + day * 86_400_000);
  const spec = parseSpec({
    time_range: { start: '2024-01-01T00:00:00Z', end: '2024-10-01T00:00:00Z' },
    warmup_bars: 0,
    top_k: 20,
    template: {
      instrument_id: { market_id: 1, symbol: 'TEST' },
      timeframe: '1d',
      rules: { long: 'close > sma(close, n)' },
      params: { n: { mode: 'range', start: 2, stop_incl: 6, step: 1 } },
      risk_grid: { tp: { mode: 'explicit', values: ['off', 1, 900, 990] } },
    },
  });
  for await (const { result } of search({ time, open: close, high: close, low: close, close, volume: close }, spec)) {
    if (result !== null) return result;
  }
  throw new Error('the search ended without a result');
}

test('rows carry their line and the rows that trade alike; a list has the verdict of the job in short', async () => {
  const { job_id } = await submit();
  const { lease } = await claimed(database.pool);
  const { rows, ...result_json } = await searched();
  await finish(database.pool, lease, { state: 'succeeded', rows, result_json });
  const { items } = assertShape(TopVariants, await json(`/backtests/jobs/${job_id}/top`));
  assert.equal(items.length, 20);
  const alike = (row: VariantRow) => rows.filter(({ trades_hash }) => trades_hash === row.trades_hash);
  for (const [at, row] of rows.entries()) {
    assert.deepEqual(items[at]?.equity_line, row.equity_line);
    assert.equal(row.equity_line.length, 32);
    assert.deepEqual(items[at].alike, { first_rank: alike(row)[0]?.rank, rows: alike(row).length });
    const last = Number((row.total_return_pct + 100).toPrecision(5));
    assert.equal(row.equity_line.at(-1), last);
  }
  const groups = new Set(items.map((item) => item.alike?.first_rank));
  assert.equal(groups.size, 10, 'off and targets that are never reached trade alike');
  const page = assertShape(TopVariants, await json(`/backtests/jobs/${job_id}/top?limit=5&after_rank=5`));
  assert.deepEqual(page.items, items.slice(5, 10));
  const [item] = await listed();
  const { luck, trials, permuted, ...verdict } = result_json.verdict;
  assert.ok(permuted && permuted.p !== null && permuted.done >= 19);
  const summary = {
    luck,
    trials,
    p: permuted.p,
    as_good: permuted.as_good,
    of: permuted.done,
    loss_probability: verdict.loss_probability,
    sharpe_annual: verdict.sharpe_annual,
    lucky_sharpe_annual: verdict.lucky_sharpe_annual,
    deflated_sharpe: verdict.deflated_sharpe,
    overfitting_probability: verdict.overfitting_probability,
  };
  assert.deepEqual(item?.verdict_summary, summary);
  assert.deepEqual((await statusOf(job_id)).verdict_summary, summary);
  // A result of a version before has no summary beside it; one that is large is read for no list.
  await database.pool.query('update backtest_job_results set summary_json = null where job_id = $1', [job_id]);
  assert.deepEqual((await listed())[0]?.verdict_summary, summary);
  const filler = Array.from({ length: 20_000 }, (_, at) => Math.sin(at)); // does not compress
  await database.pool.query(
    `update backtest_job_results set result_json = result_json || jsonb_build_object('filler', $2::jsonb) where job_id = $1`,
    [job_id, JSON.stringify(filler)],
  );
  assert.equal((await listed())[0]?.verdict_summary, null);
  const given = await database.pool.query('update backtest_job_results set summary_json = $2 where job_id = $1', [
    job_id,
    summary,
  ]);
  assert.equal(given.rowCount, 1);
  assert.deepEqual((await listed())[0]?.verdict_summary, summary);
  assert.deepEqual(item?.best, { value: rows[0]?.total_return_pct, variant_index: rows[0]?.variant_index });
});

test('what ancestors tried on the same market is told beside the verdict', async () => {
  const first = await submit();
  const { lease } = await claimed(database.pool);
  const { rows, ...result_json } = await searched();
  await finish(database.pool, lease, { state: 'succeeded', rows, result_json });
  const second = await submit(specBody({ top_k: 3 }), `?parent_job_id=${first.job_id}`);
  const cut = await claimed(database.pool);
  await heartbeat(database.pool, cut.lease, { lease_seconds: 60, stage: 'stage_a', processed_units: 2 });
  await cancel(database.pool, { job_id: second.job_id, user_id: ANN });
  await expire(database.pool, second);
  const later = specBody({ time_range: { start: '2010-01-01T00:00:00Z', end: '2015-01-01T00:00:00Z' } });
  const elsewhere = await submit(later, `?parent_job_id=${second.job_id}`);
  assert.deepEqual(elsewhere.ancestors, { jobs: 0, trials: 0, complete: true }, 'no bar in common');
  const last = await submit(specBody({ top_k: 4 }), `?parent_job_id=${elsewhere.job_id}`);
  assert.equal(last.parent_job_id, elsewhere.job_id);
  const trials = result_json.verdict.trials + 2;
  assert.deepEqual(last.ancestors, { jobs: 2, trials, complete: true });
  // A summary of another version may lack the number: the verdict has it.
  await database.pool.query(
    `update backtest_job_results set summary_json = summary_json - 'trials' where job_id = $1`,
    [first.job_id],
  );
  assert.deepEqual((await statusOf(last.job_id)).ancestors, { jobs: 2, trials, complete: true });
  await json({ method: 'DELETE', url: `/backtests/jobs/${first.job_id}` });
  assert.deepEqual((await statusOf(last.job_id)).ancestors, { jobs: 1, trials: 2, complete: false });
  const request = assertShape(JobRequest, await json(`/backtests/jobs/${last.job_id}/request`));
  assert.equal(request.parent_job_id, elsewhere.job_id);
});

test('a parent must be a job of the same user', async () => {
  const { job_id } = await submit();
  for (const [query, headers] of [
    [`?parent_job_id=${job_id}`, asBob.headers],
    [`?parent_job_id=${ANN}`, {}],
    ['?parent_job_id=x', {}],
    ['?parent=1', {}],
  ] as const) {
    const reply = await json({ method: 'POST', url: `/backtests/jobs${query}`, payload: specBody(), headers }, 422);
    const { error } = assertShape(ErrorReply, reply);
    assert.match(error.details.errors?.[0]?.path ?? '', /^parent/);
  }
});
