// Reports of variants of a spec, over HTTP and from stored candles. What a job adds is in variant-report.db.test.ts.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parseSpec, variantReport } from '@backtest-jobs/engine';
import type { FastifyInstance } from 'fastify';
import { assertShape, specBody, testConfig } from '../../test/api.ts';
import { buildApi } from '../api.ts';
import { parquetSource } from '../candles/parquet.ts';
import type { CandleSource } from '../candles/source.ts';
import { openPool } from '../db.ts';
import { openVariantReports, type VariantReports } from '../reports/reporter.ts';
import { variantJson } from '../reports/variant-json.ts';
import { importSample } from '../stack/sample.ts';
import { ErrorReply } from './errors.ts';
import { VariantReportReply } from './variant-report.ts';

const pool = openPool('postgres://nobody@127.0.0.1:9/nowhere', { connectTimeoutMs: 2000 });
const JOB = '018f4c5e-1111-7222-8333-444455556666';
const SPEC = specBody({}, { instrument_id: { market_id: 5, symbol: '^GSPC' } });
const WAITING = new AbortController().signal;
let folder: string;
let stored: CandleSource;
let reports: VariantReports;
let app: FastifyInstance;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'variant-report-'));
  await importSample(folder);
  stored = parquetSource(folder);
  reports = openVariantReports({ kind: 'parquet', folder });
  // The child process reads; the event loop of the API never does.
  const source = { ...stored, read: () => Promise.reject(new Error('the API never reads candles')) };
  app = await buildApi({ pool, config: testConfig(), source, reports });
});

after(async () => {
  await app.close();
  await reports[Symbol.asyncDispose]();
  await stored[Symbol.asyncDispose]();
  await pool.end();
  await rm(folder, { recursive: true });
});

const ask = (payload: object, on = app) => on.inject({ method: 'POST', url: '/backtests/variant-report', payload });

async function reported(payload: object) {
  const reply = await ask(payload);
  assert.equal(reply.statusCode, 200, reply.body);
  assert.match(String(reply.headers['content-type']), /^application\/json/);
  return assertShape(VariantReportReply, reply.json());
}

async function problems(payload: object): Promise<string[] | undefined> {
  const reply = await ask(payload);
  assert.equal(reply.statusCode, 422, reply.body);
  const { error } = assertShape(ErrorReply, reply.json());
  return error.details.errors?.map(({ path, code }) => `${path} ${code}`);
}

test('a variant of a spec, by index and by payload, as the engine reports it', async () => {
  const { job, ...report } = await reported({ spec: SPEC, variant_index: 3 });
  assert.equal(job, null);
  const spec = parseSpec(SPEC);
  const { candles } = await stored.read(spec.template.instrument_id, {
    start: 0,
    end: Date.parse(spec.time_range.end),
    timeframe: '1d',
  });
  assert.deepEqual(report, JSON.parse(JSON.stringify(variantJson(variantReport(candles, spec, { variant_index: 3 })))));
  assert.equal(report.rows.length, 25);
  assert.equal(report.series.equity.length, report.ledger['target_bars']);
  assert.ok(report.trades.length > 0);
  const again = await reported({ spec: SPEC, payload: report.payload, points: 50 });
  assert.ok(again.series.time.length <= 50);
  assert.deepEqual({ ...again, variant_index: 3, series: report.series }, { ...report, job: null });
});

test('questions at once are answered one by one, each with its own variant', async () => {
  const all = await Promise.all([0, 1, 2, 3, 4, 5].map((variant_index) => reported({ spec: SPEC, variant_index })));
  assert.deepEqual(
    all.map(({ variant_index }) => variant_index),
    [0, 1, 2, 3, 4, 5],
  );
  assert.equal(new Set(all.map(({ variant_key }) => variant_key)).size, 6);
});

test('what is wrong with a question: everything, with its path', async () => {
  assert.deepEqual(await problems({}), ['spec required', 'variant_index required']);
  assert.deepEqual(await problems({ spec: SPEC, job_id: JOB, variant_index: 1, rank: 1, payload: {} }), [
    'job_id conflict',
    'payload conflict',
    'rank conflict',
  ]);
  assert.deepEqual(await problems({ spec: SPEC, rank: 1 }), ['rank conflict']);
  assert.deepEqual(await problems({ job_id: 'seven', variant_index: -1, points: 3, top: 1 }), [
    'job_id invalid_value',
    'points invalid_value',
    'top unknown_field',
    'variant_index invalid_value',
  ]);
  const wrong = specBody({ topk: 1 }, { instrument_id: { market_id: 5, symbol: 'NOTHING' } });
  assert.deepEqual(await problems({ spec: wrong, variant_index: 0 }), [
    'spec.template.instrument_id unknown_instrument',
    'spec.topk unknown_field',
  ]);
  assert.deepEqual(await problems({ spec: [], variant_index: 0 }), ['spec invalid_type']);
  assert.deepEqual(await problems({ spec: SPEC, variant_index: 6 }), ['variant_index no_such_variant']);
  assert.deepEqual(await problems({ spec: SPEC, payload: { rules: { long: 'close >' }, risk_params: { tap: 1 } } }), [
    'payload.risk_params.tap unknown_field',
    'payload.rules.long invalid_rule',
  ]);
});

test('a job cannot be asked about without its database, and nobody signed in is answered', async () => {
  assert.equal((await ask({ job_id: JOB, rank: 1 })).statusCode, 503);
  const strict = await buildApi({ pool, config: testConfig(), source: stored, reports, user: () => null });
  assert.equal((await ask({ spec: SPEC, variant_index: 0 }, strict)).statusCode, 401);
  await strict.close();
});

test('whoever hangs up kills the child process, and the next question is answered', async () => {
  const spec = parseSpec(SPEC);
  const question = { spec, which: { variant_index: 0 }, points: 4, job: null };
  const hungUp = new AbortController();
  const [first, waiting] = [reports.report(question, hungUp.signal), reports.report(question, hungUp.signal)];
  const next = reports.report(question, WAITING);
  for (let turn = 0; turn < 9; turn += 1) await Promise.resolve(); // it is asked now, and cannot have answered
  hungUp.abort();
  await assert.rejects(first, { name: 'AbortError' });
  await assert.rejects(waiting, { name: 'AbortError' });
  assert.ok((await next).length > 1000);
});
