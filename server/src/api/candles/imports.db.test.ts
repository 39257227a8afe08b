// Candles sent by HTTP in two steps, over a running server: what the first step tells is what the second does, and nothing less
// than all of it ever happens.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parseSpec, type Candles } from '@backtest-jobs/engine';
import { HOUR_MS } from '@backtest-jobs/engine/internal';
import { assertShape, specBody, testConfig } from '../../../test/api.ts';
import { csvOf, walk, zipOf } from '../../../test/candles.ts';
import { testDatabase, type TestDatabase } from '../../../test/database.ts';
import { eventually } from '../../../test/fleet.ts';
import { finish, running } from '../../../test/queue.ts';
import { startApi, type RunningApi } from '../../api.ts';
import { parquetSource } from '../../candles/parquet.ts';
import type { CandleSource } from '../../candles/source.ts';
import { submissionOf } from '../../queue/submit.ts';
import { openVariantReports, type VariantReports } from '../../reports/reporter.ts';
import { ErrorReply, ERRORS, type ErrorCode } from '../errors.ts';
import type { CurrentUser } from '../user.ts';
import { ImportList, ImportStatus } from './import-status.ts';

const ANN = '018f0000-0000-7000-8000-00000000000a';
const BOB = '018f0000-0000-7000-8000-00000000000b';
const user: CurrentUser = ({ headers }) =>
  headers['x-test-user'] === 'bob'
    ? { user_id: BOB, name: 'bob' }
    : { user_id: ANN, name: 'ann', role: 'admin' as const };
const START = Date.UTC(2024, 0, 1);

/** Hours from an hour on, at a price of their own. */
function hours(from: number, count: number, factor = 1): Candles {
  const { time, open, high, low, close, volume } = walk(START, 500);
  const cut = (column: Float64Array) => column.slice(from, from + count);
  const priced = (column: Float64Array) => cut(column).map((price) => price * factor);
  return {
    time: cut(time).map((_, at) => START + (from + at) * HOUR_MS),
    open: priced(open),
    high: priced(high),
    low: priced(low),
    close: priced(close),
    volume: cut(volume),
  };
}

/** Lines of spaces: 70 MiB that pack into 70 KiB. */
const BOMB = Buffer.concat([
  Buffer.from('time,open,high,low,close,volume\n'),
  Buffer.alloc(70 * 2 ** 20, `${' '.repeat(49_999)}\n`),
]);
const IMPORTS = { max_file_bytes: 200_000, max_bytes_per_user: 300_000, max_bytes_total: 400_000, keep_hours: 24 };

describe('imports over HTTP', () => {
  let folder: string;
  let database: TestDatabase;
  let source: CandleSource;
  let reports: VariantReports;
  let api: RunningApi;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'imports-'));
    database = await testDatabase();
    source = parquetSource(folder);
    reports = openVariantReports({ kind: 'parquet', folder });
    const config = testConfig();
    const backtest = { ...config.backtest, imports: IMPORTS };
    api = await startApi(
      { pool: database.pool, config: { ...config, backtest }, source, reports, user },
      { environment: 'dev' },
    );
  });

  after(async () => {
    await api[Symbol.asyncDispose]();
    await reports[Symbol.asyncDispose]();
    await source[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  type Bytes = string | Uint8Array<ArrayBuffer>;

  function formOf(content: Bytes | null, fields: Record<string, string> = {}, name = 'hours.csv'): FormData {
    const form = new FormData();
    for (const [field, value] of Object.entries({ market_id: '1', symbol: 'BTCUSDT', ...fields }))
      form.append(field, value);
    if (content !== null) form.append('file', new Blob([content]), name);
    return form;
  }

  const post = (body: FormData, headers: Record<string, string> = {}) =>
    fetch(`${api.url}/market-data/imports`, { method: 'POST', body, headers });

  async function staged(content: Bytes, fields: Record<string, string> = {}, headers: Record<string, string> = {}) {
    const answer = await post(formOf(content, fields), headers);
    const body = await answer.text();
    assert.equal(answer.status, 201, body);
    return assertShape(ImportStatus, JSON.parse(body));
  }

  const ask = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
    fetch(`${api.url}/api/market-data/imports/${path}`, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });

  async function told(answer: Response) {
    const body = await answer.text();
    assert.equal(answer.status, 200, body);
    return assertShape(ImportStatus, JSON.parse(body));
  }

  async function fails(answer: Response, code: ErrorCode) {
    const body = await answer.text();
    assert.equal(answer.status, ERRORS[code].status, body);
    const { error } = assertShape(ErrorReply, JSON.parse(body));
    assert.equal(error.code, code, body);
    return error;
  }

  const stored = async (symbol: string) =>
    (await source.coverage({ market_id: 1, symbol })).map(({ interval, rows }) => `${interval} ${rows}`).join();
  const closes = async (symbol: string, count: number) => {
    const [series] = await source.coverage({ market_id: 1, symbol });
    return series ? [...(await source.bars(series, { start: START, end: START + count * HOUR_MS })).close] : [];
  };
  const inStaging = () => readdir(join(folder, '.staged')).catch(() => []);
  const noneUnfinished = () =>
    eventually('no unfinished upload', async () => !(await inStaging()).some((name) => name.endsWith('.part')), {
      seconds: 20,
    });

  test('a file is judged, waits, and becomes part of the store once', async () => {
    const one = await staged(csvOf(hours(0, 100)), { interval: '1h' });
    assert.equal(one.state, 'staged');
    assert.deepEqual(one.file, { name: 'hours.csv', bytes: csvOf(hours(0, 100)).length });
    const { added, replaced, rows, gaps, stored: would } = one.report;
    assert.deepEqual([added, replaced, rows, gaps, would], [100, 0, 100, 0, 100]);
    assert.deepEqual(
      one.changes.map(({ start }) => start),
      ['2024-01-01T00:00:00.000Z'],
    );
    assert.equal(await stored('BTCUSDT'), '', 'nothing has happened');
    assert.deepEqual(await told(await ask('GET', one.import_id)), one);
    const done = await told(await ask('POST', `${one.import_id}/commit`));
    assert.deepEqual([done.state, done.report.added], ['committed', 100]);
    assert.equal(await stored('BTCUSDT'), '1h 100');
    assert.deepEqual(
      await told(await ask('POST', `${one.import_id}/commit`, {})),
      done,
      'asking again changes nothing',
    );
    assert.deepEqual(await told(await ask('GET', one.import_id)), done);
    const packed = await staged(zipOf({ 'BTCUSDT-1h-2024-01.csv': csvOf(hours(90, 30)) }) as Uint8Array<ArrayBuffer>);
    assert.deepEqual([packed.report.added, packed.report.replaced, packed.report.stored], [20, 0, 120]);
    assert.equal((await ask('DELETE', packed.import_id)).status, 200);
    await fails(await ask('GET', packed.import_id), 'not_found');
    assert.equal(await stored('BTCUSDT'), '1h 100');
  });

  test('replacing needs a word and the role, and names the jobs whose candles change', async () => {
    const symbol = 'ETHUSDT';
    const first = await staged(csvOf(hours(0, 100)), { symbol });
    await told(await ask('POST', `${first.import_id}/commit`));
    const instrument_id = { market_id: 1, symbol };
    const ranOn = async (name: string, user_id: string, start: string, base_interval_ms = HOUR_MS) => {
      const body = specBody(
        { name, time_range: { start, end: '2024-01-04T00:00:00Z' }, warmup_bars: 10 },
        { instrument_id, timeframe: '1h' },
      );
      const { lease } = await running(database.pool, {
        ...submissionOf(body, parseSpec(body), { strategy: null }),
        user_id,
      });
      const result_json = { ledger: { base_interval_ms, digest: 'a' } };
      await finish(database.pool, lease, { state: 'succeeded', rows: [], result_json });
    };
    await ranOn('before', ANN, '2024-01-01T00:00:00Z');
    await ranOn('warm-up', BOB, '2024-01-03T05:00:00Z');
    await ranOn('of minutes', ANN, '2024-01-01T00:00:00Z', 60_000);
    await ranOn('later', ANN, '2024-01-03T18:00:00Z');
    // Hours 48 to 50 are those of the third day from midnight on; the warm-up of the second job reaches into them.
    const wrong = await staged(csvOf(hours(48, 3, 2)), { symbol });
    assert.deepEqual([wrong.report.added, wrong.report.replaced], [0, 3]);
    assert.deepEqual(wrong.changes, [{ start: '2024-01-03T00:00:00.000Z', end: '2024-01-03T02:00:00.001Z' }]);
    assert.deepEqual(new Set(wrong.jobs.items.map(({ name }) => name)), new Set(['before', 'warm-up']));
    const refused = await fails(await ask('POST', `${wrong.import_id}/commit`), 'conflict');
    assert.match(refused.message, /3 bars of the store would be replaced: send \{"replace": true\}, as admin/);
    assert.equal(refused.details['replaced'], 3);
    assert.deepEqual(await closes(symbol, 100), [...hours(0, 100).close]);
    const bob = { 'x-test-user': 'bob' };
    const his = await staged(csvOf(hours(48, 3, 2)), { symbol }, bob);
    assert.deepEqual(
      his.jobs.items.map(({ name }) => name),
      ['warm-up'],
      'of others he sees none',
    );
    await fails(await ask('POST', `${his.import_id}/commit`, { replace: true }, bob), 'forbidden');
    const done = await told(await ask('POST', `${wrong.import_id}/commit`, { replace: true }));
    assert.deepEqual([done.report.replaced, done.jobs], [3, wrong.jobs]);
    assert.deepEqual((await closes(symbol, 51)).slice(48), [...hours(48, 3, 2).close]);
    assert.equal(await stored(symbol), '1h 100');
  });

  test('a store that changed between the two steps is not overwritten unasked', async () => {
    const symbol = 'LTCUSDT';
    const bob = { 'x-test-user': 'bob' };
    const mine = await staged(csvOf(hours(0, 10, 2)), { symbol });
    const his = await staged(csvOf(hours(0, 10)), { symbol }, bob);
    await told(await ask('POST', `${his.import_id}/commit`, undefined, bob));
    const late = await staged(csvOf(hours(0, 20, 3)), { symbol: 'XRPUSDT' }, bob);
    assert.equal(mine.report.replaced, 0);
    await fails(await ask('POST', `${mine.import_id}/commit`), 'conflict');
    assert.deepEqual(await closes(symbol, 10), [...hours(0, 10).close]);
    await told(await ask('POST', `${late.import_id}/commit`, { replace: true }, bob)); // nothing is replaced
  });

  test('who asks for what is not there or not his', async () => {
    const { import_id } = await staged(csvOf(hours(0, 5)), { symbol: 'A' });
    const bob = { 'x-test-user': 'bob' };
    for (const [method, path] of [
      ['GET', import_id],
      ['DELETE', import_id],
      ['POST', `${import_id}/commit`],
    ] as const) {
      const error = await fails(await ask(method, path, undefined, bob), 'forbidden');
      assert.ok(!JSON.stringify(error).includes('hours.csv'));
      const nothing = path.replace(import_id, BOB);
      await fails(await ask(method, nothing), 'not_found');
      await fails(await ask(method, path.replace(import_id, '..%2f..')), 'validation_error');
    }
    await fails(await ask('POST', `${import_id}/commit`, { replace: 'yes', more: 1 }), 'validation_error');
    assert.equal((await ask('DELETE', import_id)).status, 200);
  });

  test('everything wrong with the fields at once, and what is wrong with the file, in the words of the API', async () => {
    const { details } = await fails(
      await post(
        formOf(null, {
          market_id: '0',
          symbol: 'a b',
          interval: '7m',
          skip_lines: '-1',
          adjust: 'maybe',
          nonsense: '1',
          time_unit: 'h',
        }),
      ),
      'validation_error',
    );
    assert.deepEqual(
      details.errors?.map(({ path }) => path),
      ['adjust', 'file', 'interval', 'market_id', 'nonsense', 'skip_lines', 'symbol', 'time_unit'],
    );
    const twice = formOf('x');
    twice.append('symbol', 'ETHUSDT');
    const cases: readonly [FormData, RegExp][] = [
      [twice, /symbol: stands there twice/],
      [formOf('x', { market_id: '77' }), /market_id: is not in the configuration, which has 1 binance spot/],
      [formOf('time,open,high,low,close,volume\nyesterday,1,1,1,1,1\n'), /^hours\.csv: line 2: /],
      [formOf('a,b\n1,2\n'), /^hours\.csv: .*time_column/],
      [formOf(csvOf(hours(0, 5)), { timezone: 'Nowhere/City' }), /zone/i],
      [formOf(csvOf(hours(0, 5)), { interval: '1m' }), /interval/],
      [formOf(''), /hours\.csv/],
      [formOf(gzipSync(BOMB)), /unpacks to more than candles would/],
      [formOf(zipOf({ 'a.csv': BOMB }) as Uint8Array<ArrayBuffer>), /unpacks to more than candles would/],
      [formOf(Buffer.from('PK\u0003\u0004nonsense')), /is not a sound zip archive/],
      [formOf(Buffer.from('PAR1nonsense')), /is not sound Parquet/],
    ];
    for (const [form, said] of cases) {
      const error = await fails(await post(form), 'validation_error');
      assert.match(error.message, said);
      assert.ok(!JSON.stringify(error).includes(folder), error.message);
    }
    assert.equal((await inStaging()).filter((name) => name.endsWith('.part')).length, 0);
  });

  test('bodies of another type, too large, broken or too many', async () => {
    const url = `${api.url}/market-data/imports`;
    for (const type of ['application/json', 'text/csv', 'multipart/mixed; boundary=x']) {
      const answer = await fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': type } });
      await fails(answer, 'unsupported_media_type');
    }
    await fails(await post(formOf('x'.repeat(IMPORTS.max_file_bytes + 1))), 'payload_too_large');
    const two = formOf('x');
    two.append('file', new Blob(['y']), 'other.csv');
    await fails(await post(two), 'payload_too_large');
    const many = formOf('x');
    for (let at = 0; at < 60; at += 1) many.append(`f${at}`, '1');
    await fails(await post(many), 'payload_too_large');
    for (const [type, body] of [
      ['multipart/form-data', 'x'],
      [
        'multipart/form-data; boundary=b',
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf',
      ],
      ['multipart/form-data; boundary=b', 'nothing like it'],
    ] as const) {
      const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': type } });
      assert.ok([400, 415, 422].includes(answer.status), `${answer.status} ${await answer.text()}`);
    }
    await noneUnfinished();
    // Numbers that no gzip makes small, so that the quota is reached by the bytes that are kept.
    const rows = csvOf(hours(0, 400)).repeat(1).padEnd(190_000, '\n');
    const kept = await staged(rows, { symbol: 'B' });
    const error = await fails(await post(formOf(rows, { symbol: 'B' })), 'quota_exceeded');
    assert.match(error.message, /more than 300000 bytes of yours would be staged/);
    assert.ok((error.details['import_ids'] as string[]).includes(kept.import_id));
    assert.equal((await ask('DELETE', kept.import_id)).status, 200);
  });

  test('who hangs up in the middle leaves nothing, and until then holds one of two places', async () => {
    const before = await inStaging();
    const { port } = api;
    const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n';
    const sockets = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    for (const socket of sockets) {
      socket.write(
        `POST /market-data/imports HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n${head}time,open`,
      );
    }
    await eventually('the files', async () => (await inStaging()).length === before.length + 2, { seconds: 20 });
    const { details } = await fails(await post(formOf('x')), 'quota_exceeded');
    assert.deepEqual([details['open'], details['limit']], [2, 2]);
    for (const socket of sockets) socket.destroy();
    await noneUnfinished();
    assert.deepEqual(await inStaging(), before);
    assert.equal((await fetch(`${api.url}/healthz`)).status, 200);
  });

  test('nobody signed in', async () => {
    await using strict = await startApi(
      { pool: database.pool, config: testConfig(), source, reports, user: () => null },
      { environment: 'dev' },
    );
    for (const [method, path] of [
      ['POST', ''],
      ['GET', `/${BOB}`],
      ['DELETE', `/${BOB}`],
      ['POST', `/${BOB}/commit`],
    ] as const) {
      const body = path === '' ? { body: formOf('x') } : {};
      await fails(await fetch(`${strict.url}/market-data/imports${path}`, { method, ...body }), 'unauthorized');
    }
  });

  test('two commits at once, or one whose client leaves, are one', async () => {
    const { import_id } = await staged(csvOf(hours(0, 60)), { symbol: 'C' });
    const both = await Promise.all([1, 2].map(() => ask('POST', `${import_id}/commit`)));
    const statuses = both.map(({ status }) => status);
    assert.ok(statuses.includes(200) && statuses.every((status) => status === 200 || status === 409), statuses.join());
    assert.equal(await stored('C'), '1h 60');
    const next = await staged(csvOf(hours(60, 60)), { symbol: 'C' });
    const client = new AbortController();
    const { signal } = client;
    const left = fetch(`${api.url}/market-data/imports/${next.import_id}/commit`, { method: 'POST', signal });
    left.catch(() => {});
    await eventually(
      'that it has begun',
      async () => (await readdir(join(folder, '.staged', next.import_id))).includes('lock'),
      { seconds: 20 },
    );
    client.abort();
    await eventually('its end', async () => (await told(await ask('GET', next.import_id))).state === 'committed', {
      seconds: 20,
    });
    assert.equal(await stored('C'), '1h 120');
  });

  test('a process that dies after the import and before its answer has imported all; a repeat ends it', async () => {
    const symbol = 'DOGEUSDT';
    const { CRASH_AT, ROEHUB_ENV } = process.env;
    const { import_id } = await staged(csvOf(hours(0, 50)), { symbol });
    // Children get it, a process of its own each time one was killed.
    Object.assign(process.env, { CRASH_AT: 'import add', ROEHUB_ENV: 'test' });
    const other = await startApi(
      { pool: database.pool, config: testConfig(), source, reports, user },
      { environment: 'dev' },
    );
    try {
      const url = `${other.url}/market-data/imports/${import_id}/commit`;
      await fails(await fetch(url, { method: 'POST' }), 'unexpected_error');
    } finally {
      for (const [name, value] of Object.entries({ CRASH_AT, ROEHUB_ENV })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await other[Symbol.asyncDispose]();
    }
    assert.equal(await stored(symbol), '1h 50');
    assert.equal((await told(await ask('GET', import_id))).state, 'staged');
    const done = await told(await ask('POST', `${import_id}/commit`));
    assert.deepEqual([done.state, done.report.added, done.report.stored], ['committed', 0, 50]);
  });

  test('a user lists what he has sent, newest first, and nothing of others', async () => {
    const bob = { 'x-test-user': 'bob' };
    const list = async (query: string, headers: Record<string, string> = {}) => {
      const answer = await fetch(`${api.url}/market-data/imports${query}`, { headers });
      assert.equal(answer.status, 200);
      return assertShape(ImportList, await answer.json()).items;
    };
    const first = await staged(csvOf(hours(0, 5)));
    const second = await staged(csvOf(hours(5, 9)));
    const theirs = await staged(csvOf(hours(0, 5)), {}, bob);
    const mine = await list('');
    const { changes: _changes, jobs: _jobs, ...item } = second;
    assert.deepEqual(mine[0], item);
    assert.equal(mine[1]?.import_id, first.import_id);
    assert.ok(mine.every(({ import_id }) => import_id !== theirs.import_id));
    assert.deepEqual(await list('?limit=1'), [item]);
    assert.equal((await list('', bob))[0]?.import_id, theirs.import_id);
    for (const limit of [0, 201]) {
      const answer = await fetch(`${api.url}/market-data/imports?limit=${limit}`);
      await fails(answer, 'validation_error');
    }
    for (const { import_id } of [first, second]) await ask('DELETE', import_id);
    await ask('DELETE', theirs.import_id, undefined, bob);
  });

  test('a server whose candles are in a ClickHouse says so before it reads a body', async () => {
    const url = 'http://127.0.0.1:9';
    const clickhouse = { ...reports, settings: { kind: 'clickhouse', url } as unknown as VariantReports['settings'] };
    await using other = await startApi(
      { pool: database.pool, config: testConfig(), source, reports: clickhouse, user },
      { environment: 'dev' },
    );
    const form = formOf(csvOf(hours(0, 5)));
    for (const [method, path, body] of [
      ['POST', '', form],
      ['GET', `/${BOB}`, null],
      ['DELETE', `/${BOB}`, null],
      ['POST', `/${BOB}/commit`, null],
    ] as const) {
      const answer = await fetch(`${other.url}/market-data/imports${path}`, { method, ...(body && { body }) });
      const error = await fails(answer, 'conflict');
      assert.match(
        error.message,
        /ClickHouse, which it only reads: insert them there, or run the API with CANDLE_SOURCE=/,
      );
    }
  });
});
