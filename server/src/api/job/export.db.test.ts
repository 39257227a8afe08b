// Exports of a job that was run here as a worker runs it: the same rows in every form, as the other routes have them.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadRange, parseSpec, search, type SearchResult } from '@backtest-jobs/engine';
import type { FastifyInstance } from 'fastify';
import { assertShape, specBody, testConfig } from '../../../test/api.ts';
import { testDatabase, type TestDatabase } from '../../../test/database.ts';
import { eventually } from '../../../test/fleet.ts';
import { claimed, finish } from '../../../test/queue.ts';
import { buildApi } from '../../api.ts';
import { openDuck, parquetFiles } from '../../candles/duckdb.ts';
import { parquetSource } from '../../candles/parquet.ts';
import { PROJECT } from '../../config/paths.ts';
import type { TopRow } from '../../queue/job.ts';
import { surface } from '../../queue/portions/surface.ts';
import { openVariantReports, type VariantReports } from '../../reports/reporter.ts';
import { importSample } from '../../stack/sample.ts';
import { ErrorReply } from '../errors.ts';
import type { CurrentUser } from '../user.ts';
import { TopVariants } from './top-variants.ts';

const ANN = '018f0000-0000-7000-8000-00000000000a';
const BOB = '018f0000-0000-7000-8000-00000000000b';
const user: CurrentUser = ({ headers }) => ({ user_id: headers['x-test-user'] === 'bob' ? BOB : ANN, name: 'test' });

// Some windows exclude each other, a parameter has the name of a column, and a part of the bars is held out.
const SPEC = specBody(
  {
    top_trades_n: 3,
    top_k: 12,
    validation: { mode: 'holdout', fraction: 0.3 },
    ranking: { primary_metric: 'total_return_pct', secondary_metric: null, plateau: 1 },
  },
  {
    instrument_id: { market_id: 5, symbol: '^GSPC' },
    indicator_grids: undefined,
    rules: { long: 'sma(close, rank) > sma(close, slow)', exit_long: 'sma(close, rank) < sma(close, slow)' },
    params: { rank: { mode: 'explicit', values: [5, 10, 30] }, slow: { mode: 'explicit', values: [20, 40, 60] } },
    constraints: ['rank * 2 < slow'],
  },
);
let folder: string;
let database: TestDatabase;
let reports: VariantReports;
let app: FastifyInstance;
let url: string;
let job_id: string;
let result: SearchResult;
const scores: number[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-test-'));
  await importSample(folder);
  database = await testDatabase();
  await using source = parquetSource(folder);
  reports = openVariantReports({ kind: 'parquet', folder });
  app = await buildApi({ pool: database.pool, config: testConfig(), source, reports, user });
  const submitted = await app.inject({ method: 'POST', url: '/backtests/jobs', payload: SPEC });
  assert.equal(submitted.statusCode, 201, submitted.body);
  ({ job_id } = submitted.json<{ job_id: string }>());
  url = `/backtests/jobs/${job_id}/export`;
  const { lease } = await claimed(database.pool, { lease_seconds: 600 });
  const spec = parseSpec(SPEC);
  const { candles } = await source.read(spec.template.instrument_id, { ...loadRange(spec), timeframe: '1d' });
  for await (const step of search(candles, spec)) {
    if (step.surface_chunk !== null) {
      await surface(database.pool, lease, { lease_seconds: 600, ...step.surface_chunk });
      scores.push(...step.surface_chunk.scores);
    }
    if (step.result !== null) ({ result } = step as { result: SearchResult });
  }
  const { rows, ...result_json } = result;
  const stored = JSON.parse(JSON.stringify(rows)) as TopRow[];
  assert.equal(await finish(database.pool, lease, { state: 'succeeded', rows: stored, result_json }), 'succeeded');
});

after(async () => {
  await app.close();
  await reports[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

type Line = Readonly<Record<string, unknown>>;

async function exportOf(query: string, type: RegExp): Promise<Buffer> {
  const reply = await app.inject(`${url}?${query}`);
  assert.equal(reply.statusCode, 200, reply.body);
  assert.match(String(reply.headers['content-type']), type);
  assert.match(
    String(reply.headers['content-disposition']),
    /^attachment; filename="backtest-[0-9a-f-]+-[a-z]+\.[a-z]+"$/,
  );
  assert.equal(reply.headers['x-content-type-options'], 'nosniff');
  assert.match(String(reply.headers['content-security-policy']), /sandbox/);
  return reply.rawPayload;
}

async function lines(query: string): Promise<Line[]> {
  const text = (await exportOf(`${query}&format=ndjson`, /^application\/x-ndjson/)).toString();
  return text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Line);
}

/** The rows of a CSV without quotes, as text. */
async function cells(query: string): Promise<string[][]> {
  const text = (await exportOf(`${query}&format=csv`, /^text\/csv/)).toString();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
}

async function parquetRows(query: string): Promise<Line[]> {
  const file = join(folder, 'read.parquet');
  await writeFile(file, await exportOf(`${query}&format=parquet`, /^application\/vnd\.apache\.parquet/));
  using duck = await openDuck();
  const reader = await duck.connection.runAndReadAll(`select * from ${parquetFiles([file])}`);
  return reader.getRowObjectsJson();
}

/** CSV and Parquet have what NDJSON has. */
async function sameInAllForms(query: string): Promise<Line[]> {
  const rows = await lines(query);
  const [head = [], ...body] = await cells(query);
  const told = (value: unknown): string =>
    value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  assert.deepEqual(
    body,
    rows.map((row) => head.map((name) => told(row[name]))),
  );
  const form = (value: unknown): unknown => {
    if (typeof value === 'number') return String(value);
    if (value === 'Infinity' || value === '-Infinity') return value === 'Infinity' ? 'inf' : '-inf';
    return typeof value === 'string' && /^\d{4}-\d\d-\d\d[ T]/.test(value)
      ? new Date(`${value.replace(' ', 'T').replace('Z', '')}Z`).toISOString()
      : value;
  };
  const plain = (all: readonly Line[]) =>
    all.map((row) => Object.entries(row).map(([name, value]) => [name, form(value)]));
  assert.deepEqual(plain(await parquetRows(query)), plain(rows));
  return rows;
}

test('the best variants, with parameters, metrics and what was held out as columns', async () => {
  const rows = await sameInAllForms('what=top');
  const { items } = assertShape(TopVariants, (await app.inject(`/backtests/jobs/${job_id}/top`)).json());
  assert.equal(rows.length, items.length);
  for (const [at, item] of items.entries()) {
    const row = rows[at] ?? {};
    assert.deepEqual(
      [row['rank'], row['variant_index'], row['variant_key']],
      [item.rank, item.variant_index, item.variant_key],
    );
    for (const [name, value] of Object.entries(item.metrics)) assert.equal(row[name], value, name);
    const { params, risk_params } = item.payload as { params: Line; risk_params: Line };
    assert.deepEqual(
      [row['param.rank'], row['slow'], row['sl']],
      [params['rank'], params['slow'], risk_params['sl_pct']],
    );
    assert.equal(row['unseen_sharpe'], item.out_of_sample?.metrics['sharpe']);
  }
});

test('trades of all rows that keep theirs, or of one rank', async () => {
  const rows = await sameInAllForms('what=trades');
  const expected = result.rows.flatMap(({ rank, variant_index, trades }) =>
    (trades ?? []).map((trade) => Object.assign({ rank, variant_index }, trade)),
  );
  assert.ok(expected.length > 20);
  assert.deepEqual(rows, expected);
  assert.deepEqual(
    await lines('what=trades&rank=2'),
    expected.filter(({ rank }) => rank === 2),
  );
});

test('a row for each base variant that constraints leave, with its score', async () => {
  const rows = await sameInAllForms('what=surface');
  const expected = scores.flatMap((score, base_index) => {
    const [rank, slow] = [[5, 10, 30][Math.floor(base_index / 3)] ?? 0, [20, 40, 60][base_index % 3] ?? 0];
    const total_return_pct = Number.isNaN(score) ? null : score;
    return rank * 2 < slow ? [{ base_index, rank, slow, total_return_pct }] : [];
  });
  assert.equal(expected.length, 5);
  assert.deepEqual(rows, expected);
});

const PYTHON = 'python3';
const modules = spawnSync(PYTHON, ['-c', 'import pandas, polars, pyarrow']);
const lacks = modules.status === 0 ? false : `${PYTHON} with pandas, polars and pyarrow is not there: install them`;

test('pandas and polars read the Parquet in a line each: the example', { skip: lacks }, async () => {
  const file = join(folder, 'scores.parquet');
  await writeFile(file, await exportOf('what=surface&format=parquet', /parquet/));
  const { status, stdout, stderr } = spawnSync(PYTHON, [join(PROJECT, 'examples', 'read-export.py'), file], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  const rows = await lines('what=surface');
  const made = rows.filter(({ total_return_pct }) => Number(total_return_pct) > 0).length;
  assert.match(stdout, new RegExp(`^${rows.length} variants, ${made} above 0$`, 'm'));
  assert.match(stdout, /base_index +rank +slow +total_return_pct/);
});

test('the equity of a rank or of any variant, bar by bar', async () => {
  const rows = await sameInAllForms('what=equity&rank=2');
  const payload = { job_id, rank: 2 };
  const report = (await app.inject({ method: 'POST', url: '/backtests/variant-report', payload })).json<{
    series: { time: number[]; equity: number[] };
    variant_index: number;
  }>();
  assert.equal(rows.length, report.series.time.length);
  assert.deepEqual(
    rows.map((row) => row['equity']),
    report.series.equity,
  );
  assert.deepEqual(
    rows.map((row) => Date.parse(String(row['time']))),
    report.series.time,
  );
  assert.deepEqual(await lines(`what=equity&variant_index=${report.variant_index}`), rows);
});

test('a stranger, a wrong question and a variant that is not there get an error and no file', async () => {
  for (const what of ['top', 'trades', 'surface', 'equity']) {
    const reply = await app.inject({ url: `${url}?what=${what}`, headers: { 'x-test-user': 'bob' } });
    assert.deepEqual([reply.statusCode, assertShape(ErrorReply, reply.json()).error.code], [403, 'forbidden']);
  }
  const cases: Readonly<Record<string, number>> = {
    'what=trade': 422,
    'format=xlsx': 422,
    'what=top&rank=1': 422,
    'what=equity&rank=1&variant_index=0': 422,
    'what=equity&rank=99': 404,
    'what=equity&variant_index=999999': 422,
  };
  for (const [query, code] of Object.entries(cases)) {
    const reply = await app.inject(`${url}?${query}`);
    assert.equal(reply.statusCode, code, `${query} ${reply.body}`);
    assert.equal(reply.headers['content-disposition'], undefined);
    assertShape(ErrorReply, reply.json());
  }
});

test('a client that leaves ends its export, and leaves no file behind', async () => {
  const folders = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('backtest-export-'));
  const before = await folders();
  const address = new URL(await app.listen({ port: 0 }));
  const request = get(new URL(`${url}?what=equity&format=parquet`, address));
  request.on('error', () => {});
  await eventually('the export begins', async () => (await folders()).length > before.length);
  request.destroy();
  await new Promise((resolve) => request.once('close', resolve));
  await eventually('its folder goes', async () => (await folders()).length <= before.length);
});
