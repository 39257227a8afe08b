// Bars over HTTP, from a store on disk by a process of their own.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { rollUp } from '@backtest-jobs/engine/internal';
import type { FastifyInstance } from 'fastify';
import { assertShape, testConfig } from '../../../test/api.ts';
import { walk } from '../../../test/candles.ts';
import { buildApi } from '../../api.ts';
import { importSeries } from '../../candles/import.ts';
import { parquetSource } from '../../candles/parquet.ts';
import { openPool } from '../../db.ts';
import { openVariantReports } from '../../reports/reporter.ts';
import { ErrorReply, ERRORS, type ErrorCode } from '../errors.ts';
import { Bars } from './bars.ts';

const START = Date.UTC(2024, 0, 1);
const HOURS = walk(START, 300, { holes: 30 });
const CANDLES = { ...HOURS, time: HOURS.time.map((time) => START + (time - START) * 60) };
const pool = openPool('postgres://nobody@127.0.0.1:9/nowhere');
let folder: string;
let app: FastifyInstance;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'candles-'));
  await importSeries({ folder, market_id: 1, symbol: 'BTCUSDT', interval: '1h', candles: CANDLES });
  const reports = openVariantReports({ kind: 'parquet', folder });
  app = await buildApi({ pool, config: testConfig({ enabled: false }), source: parquetSource(folder), reports });
});
after(async () => {
  await app.close();
  await pool.end();
  await rm(folder, { recursive: true });
});

const URL_OF_IT = '/market-data/candles?market_id=1&symbol=BTCUSDT';

test('columns, a page at a time, and 304 for who has them', async () => {
  const answer = await app.inject(`/api${URL_OF_IT}&timeframe=4h&start=2024-01-01T00:00:00Z&limit=20`);
  assert.equal(answer.statusCode, 200, answer.body);
  const page = assertShape(Bars, answer.json());
  const { time, close, volume } = rollUp(CANDLES, { timeframeMs: 4 * 3_600_000 }, false);
  assert.deepEqual(page.time, [...time.subarray(0, 20)]);
  assert.deepEqual(page.close, [...close.subarray(0, 20)]);
  assert.deepEqual(page.volume, [...volume.subarray(0, 20)]);
  assert.deepEqual([page.next_start, page.previous_end], [new Date(time[20] ?? 0).toISOString(), null]);
  const { etag, 'cache-control': cached } = answer.headers;
  assert.equal(cached, 'private, no-cache');
  const ask = (tag: string) =>
    app.inject({
      url: `${URL_OF_IT}&timeframe=4h&start=2024-01-01T02:00:00%2B02:00&limit=20`,
      headers: { 'if-none-match': tag },
    });
  const same = await ask(`W/"other", ${etag}`);
  assert.deepEqual([same.statusCode, same.body, same.headers.etag], [304, '', etag]);
  assert.equal((await ask('"other"')).statusCode, 200);
  const last = assertShape(Bars, (await app.inject(`${URL_OF_IT}&timeframe=1h&limit=3`)).json());
  assert.deepEqual(last.time, [...CANDLES.time.subarray(-3)]);
  assert.equal(last.previous_end, new Date(last.time[0] ?? 0).toISOString());
});

test('what is wrong with a question is told, all of it', async () => {
  const cases: readonly [string, ErrorCode, RegExp][] = [
    [
      '?market_id=0&symbol=A&timeframe=7m&limit=10001&start=2024',
      'validation_error',
      /^limit .*market_id .*start .*instant.*timeframe /,
    ],
    ['?market_id=1', 'validation_error', /^symbol must be .*timeframe must be/],
    ['?market_id=1&symbol=a%20b&timeframe=1h', 'validation_error', /^symbol .*no spaces/],
    ['?market_id=1&symbol=NONE&timeframe=1h', 'not_found', /^$/],
    ['?market_id=1&symbol=BTCUSDT&timeframe=15m', 'validation_error', /^timeframe must be a multiple .*: 1h$/],
    [
      '?market_id=1&symbol=BTCUSDT&timeframe=1h&start=2024-01-02T00:00:00Z&end=2024-01-02T00:00:00Z',
      'validation_error',
      /^end must be later than start$/,
    ],
  ];
  for (const [query, code, said] of cases) {
    const answer = await app.inject(`/market-data/candles${query}`);
    assert.equal(answer.statusCode, ERRORS[code].status, answer.body);
    const { error } = assertShape(ErrorReply, answer.json());
    assert.match((error.details.errors ?? []).map(({ path, message }) => `${path} ${message}`).join(' '), said);
  }
  const foreign = await app.inject({ url: `${URL_OF_IT}&timeframe=1h`, headers: { 'sec-fetch-site': 'cross-site' } });
  assert.equal(foreign.statusCode, 403);
});
