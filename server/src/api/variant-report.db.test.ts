// Reports of variants of a job: a job is run here as a worker runs it, and each of its rows must come back as it was.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ENGINE_VERSION, loadRange, parseSpec, search, type SearchResult } from '@backtest-jobs/engine';
import type { FastifyInstance } from 'fastify';
import { assertShape, specBody, testConfig } from '../../test/api.ts';
import { testDatabase, type TestDatabase } from '../../test/database.ts';
import { claimed, finish } from '../../test/queue.ts';
import { buildApi } from '../api.ts';
import { parquetSource } from '../candles/parquet.ts';
import type { CandleSource } from '../candles/source.ts';
import type { TopRow } from '../queue/job.ts';
import { openVariantReports, type VariantReports } from '../reports/reporter.ts';
import { importSample } from '../stack/sample.ts';
import { ErrorReply, ERRORS, type ErrorCode } from './errors.ts';
import { JobStatus } from './job-status.ts';
import type { CurrentUser } from './user.ts';
import { VariantReportReply } from './variant-report.ts';

const ANN = '018f0000-0000-7000-8000-00000000000a';
const BOB = '018f0000-0000-7000-8000-00000000000b';
const NOBODYS = '018f0000-0000-7000-8000-0000000000ff';
const SPEC = specBody({ top_trades_n: 5 }, { instrument_id: { market_id: 5, symbol: '^GSPC' } });

const user: CurrentUser = ({ headers }) => ({
  user_id: headers['x-test-user'] === undefined ? ANN : BOB,
  name: 'test',
  role: headers['x-test-user'] === 'admin' ? 'admin' : 'user',
});

describe('variants of a job over HTTP', () => {
  let folder: string;
  let database: TestDatabase;
  let source: CandleSource;
  let reports: VariantReports;
  let app: FastifyInstance;
  let job_id: string;
  let result: SearchResult;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'variant-report-'));
    await importSample(folder);
    database = await testDatabase();
    source = parquetSource(folder);
    reports = openVariantReports({ kind: 'parquet', folder });
    app = await buildApi({ pool: database.pool, config: testConfig(), source, reports, user });
    const submitted = await app.inject({ method: 'POST', url: '/backtests/jobs', payload: SPEC });
    ({ job_id } = assertShape(JobStatus, submitted.json()));
  });

  after(async () => {
    await app.close();
    await reports[Symbol.asyncDispose]();
    await source[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const ask = (payload: object, headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url: '/backtests/variant-report', payload, headers });

  async function reported(payload: object) {
    const reply = await ask(payload);
    assert.equal(reply.statusCode, 200, reply.body);
    return assertShape(VariantReportReply, reply.json());
  }

  async function fails(payload: object, code: ErrorCode, headers: Record<string, string> = {}) {
    const reply = await ask(payload, headers);
    assert.equal(reply.statusCode, ERRORS[code].status, reply.body);
    assert.equal(assertShape(ErrorReply, reply.json()).error.code, code);
  }

  test('while the job has no rows a variant has a report by its index, and no rank', async () => {
    const { job, variant_index } = await reported({ job_id, variant_index: 2 });
    assert.deepEqual(
      [job, variant_index],
      [{ job_id, same_candles: null, same_engine: null, engine_version: null }, 2],
    );
    for (const rank of [1, 2 ** 31, Number.MAX_SAFE_INTEGER]) await fails({ job_id, rank }, 'not_found');
  });

  test('every row of the job comes back from its rank, its index and its stored payload', async () => {
    const { lease } = await claimed(database.pool);
    result = await resultOf();
    const { rows, ledger, counts } = result;
    const stored = JSON.parse(JSON.stringify(rows)) as TopRow[];
    const ending = { state: 'succeeded', rows: stored, result_json: { ledger, counts } } as const;
    assert.equal(await finish(database.pool, lease, ending), 'succeeded');
    const { items } = (await app.inject(`/backtests/jobs/${job_id}/top`)).json<{ items: TopRow[] }>();
    assert.equal(items.length, 5);
    for (const { rank, variant_index, payload, ...item } of items) {
      for (const which of [{ rank }, { variant_index }, { payload }]) {
        const { variant_key, metrics, table_md, trades, ...report } = await reported({ job_id, ...which });
        assert.deepEqual(
          [variant_key, metrics, table_md, trades, report.payload],
          [item.variant_key, item.metrics, item.report_table_md, item.trades, payload],
        );
        assert.deepEqual(report.job, { job_id, same_candles: true, same_engine: true, engine_version: ENGINE_VERSION });
        assert.deepEqual(report.ledger, JSON.parse(JSON.stringify(ledger)));
      }
    }
    await fails({ job_id, rank: 6 }, 'not_found');
  });

  test('a report on other candles or by another engine than those of the job says so', async () => {
    await database.pool.query(
      `update backtest_job_results set result_json = jsonb_set(result_json, '{ledger,digest}', '"other"') where job_id = $1`,
      [job_id],
    );
    assert.equal((await reported({ job_id, rank: 1 })).job?.same_candles, false);
    await database.admin.query(`update backtest_job_results set engine_version = null`);
    const { job } = await reported({ job_id, rank: 1 });
    assert.deepEqual([job?.same_engine, job?.engine_version], [false, 'before 0.4.0']);
  });

  test("another user's job, or none", async () => {
    await fails({ job_id, rank: 1 }, 'forbidden', { 'x-test-user': 'bob' });
    await fails({ job_id, variant_index: 0 }, 'forbidden', { 'x-test-user': 'bob' });
    const asAdmin = { 'x-test-user': 'admin' };
    const [mine, theirs] = [await ask({ job_id, rank: 1 }), await ask({ job_id, rank: 1 }, asAdmin)];
    assert.deepEqual([theirs.statusCode, theirs.body], [200, mine.body], 'an administrator reads any job');
    await fails({ job_id: NOBODYS, rank: 1 }, 'not_found', asAdmin);
    await fails({ job_id: NOBODYS, variant_index: 0 }, 'not_found');
  });

  async function resultOf(): Promise<SearchResult> {
    const spec = parseSpec(SPEC);
    const { candles } = await source.read(spec.template.instrument_id, { ...loadRange(spec), timeframe: '1d' });
    for await (const step of search(candles, spec)) if (step.result !== null) return step.result;
    return assert.fail('no result');
  }
});
