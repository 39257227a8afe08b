// The report page of a job over HTTP: a job is run here as a worker runs it; what the page says is what the job found.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadRange, parseSpec, search, type SearchResult } from '@backtest-jobs/engine';
import type { FastifyInstance } from 'fastify';
import { assertShape, specBody, testConfig } from '../../../test/api.ts';
import { testDatabase, type TestDatabase } from '../../../test/database.ts';
import { claimed, finish } from '../../../test/queue.ts';
import { NASTY } from '../../../test/report-data.ts';
import { buildApi } from '../../api.ts';
import { parquetSource } from '../../candles/parquet.ts';
import { main } from '../../cli.ts';
import type { ReportData } from '../../pages/report-data.ts';
import type { TopRow } from '../../queue/job.ts';
import { openVariantReports, type VariantReports } from '../../reports/reporter.ts';
import { importSample } from '../../stack/sample.ts';
import { ErrorReply } from '../errors.ts';
import type { CurrentUser } from '../user.ts';

const ANN = '018f0000-0000-7000-8000-00000000000a';
const BOB = '018f0000-0000-7000-8000-00000000000b';
const user: CurrentUser = ({ headers }) => ({ user_id: headers['x-test-user'] === 'bob' ? BOB : ANN, name: 'test' });
const SPEC = specBody(
  { name: NASTY, top_trades_n: 1, luck: 0, validation: { mode: 'holdout', fraction: 0.3 } },
  { instrument_id: { market_id: 5, symbol: '^GSPC' } },
);

let folder: string;
let database: TestDatabase;
let reports: VariantReports;
let app: FastifyInstance;
let url: string;
let result: SearchResult;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-page-'));
  await importSample(folder);
  database = await testDatabase();
  await using source = parquetSource(folder);
  reports = openVariantReports({ kind: 'parquet', folder });
  app = await buildApi({ pool: database.pool, config: testConfig(), source, reports, user });
  const submitted = await app.inject({ method: 'POST', url: '/backtests/jobs', payload: SPEC });
  assert.equal(submitted.statusCode, 201, submitted.body);
  url = `/backtests/jobs/${submitted.json<{ job_id: string }>().job_id}/report`;
  const spec = parseSpec(SPEC);
  const { candles } = await source.read(spec.template.instrument_id, { ...loadRange(spec), timeframe: '1d' });
  for await (const step of search(candles, spec)) if (step.result !== null) ({ result } = step);
});

after(async () => {
  await app.close();
  await reports[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const ask = (query = '', as = 'ann') => app.inject({ method: 'GET', url: url + query, headers: { 'x-test-user': as } });

async function pageOf(query = ''): Promise<{ text: string; data: ReportData }> {
  const { statusCode, body, headers } = await ask(query);
  assert.equal(statusCode, 200, body);
  assert.equal(headers['content-type'], 'text/html; charset=utf-8');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.match(String(headers['content-disposition']), /^attachment; filename="backtest-[-0-9a-f]+\.html"$/);
  assert.equal(headers['content-security-policy'], "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  assert.doesNotMatch(body, /<img/);
  const [, json = ''] = /id="report-data">(.*?)<\/script>/s.exec(body) ?? [];
  return { text: body, data: JSON.parse(json) as ReportData };
}

test('a job that has not begun has a page that says so', async () => {
  const { text, data } = await pageOf();
  assert.match(text, /The job is queued/);
  assert.deepEqual([data.rows, data.variant, data.verdict], [[], null, null]);
});

test('the page of a job has what the job found, and the best run again', async () => {
  const { lease } = await claimed(database.pool, { lease_seconds: 600 });
  const { rows, ...result_json } = result;
  const ending = { state: 'succeeded', rows: rows as unknown as TopRow[], result_json } as const;
  assert.equal(await finish(database.pool, lease, ending), 'succeeded');
  const { data } = await pageOf();
  assert.equal(data.title, NASTY);
  assert.deepEqual(data.verdict, JSON.parse(JSON.stringify(result.verdict)));
  assert.deepEqual(
    data.rows.map(({ rank, variant_index, metrics, unseen }) => ({ rank, variant_index, metrics, unseen })),
    rows.map(({ rank, variant_index, metrics, out_of_sample }) => ({
      rank,
      variant_index,
      metrics,
      unseen: out_of_sample?.metrics,
    })),
  );
  const [best] = rows;
  assert.deepEqual(data.variant?.metrics, best?.metrics);
  assert.deepEqual(data.variant?.unseen?.metrics, best?.out_of_sample?.metrics);
  assert.deepEqual([data.variant?.rank, data.variant?.same_candles, data.missing], [1, true, null]);
});

test('any variant has a page of its own', async () => {
  const last = result.rows.at(-1);
  const { data } = await pageOf(`?variant_index=${last?.variant_index}`);
  assert.deepEqual([data.about, data.variant?.rank, data.variant?.metrics], ['variant', last?.rank, last?.metrics]);
  assert.equal(data.rows.length, 0);
});

test('backtest report writes the page that the API sends', async () => {
  const api = await app.listen({ host: '127.0.0.1', port: 0 });
  const file = join(folder, 'page.html');
  const [, , , job_id = ''] = url.split('/');
  assert.equal(await main(['report', job_id, '--api', api, '--out', file]), 0);
  assert.equal(await readFile(file, 'utf8'), (await pageOf()).text);
  assert.equal(await main(['report', job_id, '--variant', '0', '--api', api, '--out', file]), 0);
  assert.equal(await readFile(file, 'utf8'), (await pageOf('?variant_index=0')).text);
});

test("another user's job, no such job, no such variant", async () => {
  for (const [query, as, status] of [
    ['', 'bob', 403],
    ['?variant_index=0', 'bob', 403],
    ['?variant_index=999999999', 'ann', 422],
    ['?variant_index=x', 'ann', 422],
    ['?what=1', 'ann', 422],
  ] as const) {
    const reply = await ask(query, as);
    assert.equal(reply.statusCode, status, reply.body);
    assertShape(ErrorReply, reply.json());
  }
});

test('without its candles a job still has a page, which says what is missing', async () => {
  await rm(folder, { recursive: true });
  await importSample(folder).then(() => rm(join(folder, '5'), { recursive: true }));
  const { text, data } = await pageOf();
  assert.equal(data.variant, null);
  assert.equal(data.rows.length, result.rows.length);
  assert.match(text, /could not be run again/);
});
