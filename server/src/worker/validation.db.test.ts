// Jobs whose spec holds bars out, run by real workers: what is stored and told is what the engine says, however often the
// worker was killed, and nothing held out is told before the job has succeeded.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { parseSpec, search, type SearchResult } from '@backtest-jobs/engine';
import type { FastifyInstance } from 'fastify';
import { assertShape, testConfig } from '../../test/api.ts';
import { openFleet, USER, walk, type Fleet } from '../../test/fleet.ts';
import { claimed, finish } from '../../test/queue.ts';
import { buildApi } from '../api.ts';
import { JobStatus } from '../api/job-status.ts';
import { TopVariants } from '../api/job/top-variants.ts';
import { VariantReportReply } from '../api/variant-report.ts';
import { openSource } from '../candles/open.ts';
import type { CandleSource } from '../candles/source.ts';
import { openVariantReports, type VariantReports } from '../reports/reporter.ts';

const CANDLES = walk(1500, '1h');
const SPEC = {
  time_range: { start: '2020-01-05T00:00:00Z', end: '2020-03-01T00:00:00Z' },
  luck: 0,
  warmup_bars: 50,
  template: {
    instrument_id: { market_id: 1, symbol: 'TEST' },
    timeframe: '1h',
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 5, stop_incl: 24, step: 1 } } },
    ],
    risk_grid: { sl: { mode: 'explicit', values: ['off', 2] } },
  },
  top_k: 5,
};
/** Large enough for several snapshots. */
const WALK = {
  ...SPEC,
  preselect: 500,
  template: {
    ...SPEC.template,
    indicator_grids: [
      { indicator_id: 'momentum.rsi', params: { window: { mode: 'range', start: 5, stop_incl: 24, step: 1 } } },
    ],
    signal_grids: {
      'momentum.rsi': {
        long_threshold: { mode: 'range', start: 20, stop_incl: 49, step: 1 },
        short_threshold: { mode: 'range', start: 51, stop_incl: 80, step: 1 },
      },
    },
  },
  validation: { mode: 'walk_forward', folds: 6, train_fraction: 0.6 },
};
const HOLDOUT = { ...SPEC, validation: { mode: 'holdout', fraction: 0.3 } };

describe('jobs with validation', () => {
  let fleet: Fleet;
  let source: CandleSource;
  let reports: VariantReports;
  let app: FastifyInstance;

  before(async () => {
    fleet = await openFleet(CANDLES, '1h');
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

  async function resultOf(input: object): Promise<SearchResult> {
    for await (const { result } of search(CANDLES, parseSpec(input))) if (result !== null) return result;
    return assert.fail('no result');
  }

  const get = async (path: string) => (await app.inject(path)).json<unknown>();
  const top = async (id: string) => assertShape(TopVariants, await get(`/backtests/jobs/${id}/top`));
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

  /** What is stored and told about a job that has succeeded. */
  async function assertTold(job_id: string, input: object): Promise<void> {
    const { rows, validation } = await resultOf(input);
    const job = assertShape(JobStatus, await get(`/backtests/jobs/${job_id}`));
    assert.deepEqual(job.validation, plain(validation));
    const { items, report_context } = await top(job_id);
    assert.deepEqual(report_context.validation, plain(parseSpec(input).validation));
    assert.deepEqual(
      items.map(({ out_of_sample, report_table_md }) => ({ out_of_sample, report_table_md })),
      plain(rows.map(({ out_of_sample, report_table_md }) => ({ out_of_sample, report_table_md }))),
    );
  }

  test('a job with a holdout tells both parts, and its variants are reported in both', async () => {
    const job_id = await fleet.submit(HOLDOUT);
    const worker = fleet.worker();
    assert.equal((await fleet.until(job_id, 'the end', ended)).state, 'succeeded');
    worker.kill('SIGTERM');
    assert.equal(await worker.ended, 0);
    await assertTold(job_id, HOLDOUT);
    const { items } = await top(job_id);
    for (const which of [
      { job_id, rank: 2 },
      { spec: HOLDOUT, variant_index: items[1]?.variant_index },
    ]) {
      const reply = await app.inject({ method: 'POST', url: '/backtests/variant-report', payload: which });
      const { out_of_sample, table_md } = assertShape(VariantReportReply, reply.json());
      assert.equal(table_md, items[1]?.report_table_md);
      assert.equal(out_of_sample?.table_md, items[1]?.out_of_sample?.report_table_md);
    }
  });

  test('a job that was cancelled tells nothing of what it held out', async () => {
    const job_id = await fleet.submit(HOLDOUT);
    const { lease } = await claimed(fleet.database.pool);
    await fleet.database.pool.query('update backtest_jobs set cancel_requested_at = now() where job_id = $1', [job_id]);
    const { rows, ...result_json } = await resultOf(HOLDOUT);
    assert.equal(await finish(fleet.database.pool, lease, { state: 'succeeded', rows, result_json }), 'cancelled');
    const { items } = await top(job_id);
    assert.equal(items.length, 5);
    for (const item of items) assert.ok(!('out_of_sample' in item) && !('report_table_md' in item));
    const { rows: stored } = await fleet.database.pool.query(
      'select from backtest_job_top_variants where job_id = $1 and out_of_sample_json is not null',
      [job_id],
    );
    assert.equal(stored.length, 0);
    assert.equal(assertShape(JobStatus, await get(`/backtests/jobs/${job_id}`)).validation, null);
  });

  test('a job that walks forward goes on in the fold it was killed in, and ends as if nothing had happened', async () => {
    const { pool } = fleet.database;
    const job_id = await fleet.submit(WALK);
    const first = fleet.worker({ CRASH_AT: 'snapshot:2' });
    assert.equal(await first.ended, 'SIGKILL');
    const second = fleet.worker();
    const killed = await fleet.until(job_id, 'the end', ended);
    const quiet = await fleet.until(await fleet.submit(WALK), 'the end', ended);
    second.kill('SIGTERM');
    await second.ended;
    assert.deepEqual([killed.state, killed.attempt, quiet.state, quiet.attempt], ['succeeded', 2, 'succeeded', 1]);
    assert.equal(killed.result_hash, quiet.result_hash);
    await assertTold(job_id, WALK);
    const { rows: begun } = await pool.query<{ processed_from: number }>(
      'select processed_from::float8 from backtest_job_attempts where job_id = $1 and attempt = 2',
      [job_id],
    );
    assert.ok((begun[0]?.processed_from ?? 0) > 0);
    // What is kept of stage_a belongs to the fold that gave the rows.
    const { rows: kept } = await pool.query<{ shortlist: number[]; scores: Buffer }>(
      `select stage_a_indexes_json as shortlist,
         (select string_agg(scores, '' order by first_index) from backtest_job_surfaces s where s.job_id = l.job_id) as scores
       from backtest_job_stage_a_shortlist l where job_id = $1`,
      [job_id],
    );
    const surface: Float32Array[] = [];
    let shortlist: Float64Array | null = null;
    for await (const step of search(CANDLES, parseSpec(WALK))) {
      if (step.surface_chunk !== null) surface.push(step.surface_chunk.scores);
      shortlist = step.shortlist;
    }
    assert.deepEqual(kept[0]?.shortlist, [...(shortlist ?? [])]);
    assert.deepEqual(kept[0]?.scores, Buffer.concat(surface.map(({ buffer }) => Buffer.from(buffer))));
  });

  test('a job without validation has none', async () => {
    const job_id = await fleet.submit(SPEC);
    const worker = fleet.worker();
    assert.equal((await fleet.until(job_id, 'the end', ended)).state, 'succeeded');
    worker.kill('SIGTERM');
    await worker.ended;
    assert.equal(assertShape(JobStatus, await get(`/backtests/jobs/${job_id}`)).validation, null);
    for (const item of (await top(job_id)).items) assert.ok(!('out_of_sample' in item));
  });
});

function ended({ state }: { readonly state: string }): boolean {
  return ['succeeded', 'failed', 'cancelled'].includes(state);
}
