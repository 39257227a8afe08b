// Our SQL and our DDL on the ClickHouse of today, which npm has as chdb, a library of half a gigabyte: nobody is made to
// install it. Where it is (`npm install --no-save chdb@3.4.0`) this runs; the old server has tests of its own.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { candlesQuery, columnsQuery, coverageQuery, extentQuery, NEEDED, tableOf, timesQuery } from './query.ts';

interface Session {
  queryAsync(sql: string): Promise<{ bytes(): Uint8Array; text(): string }>;
  query(sql: string): string;
  cleanup(): void;
}

const NAME: string = 'chdb';
const chdb = await import(NAME).then(
  (found: { Session: new (folder: string) => Session }) => found,
  () => null,
);
const skip = chdb === null ? 'there is no chdb: npm install --no-save chdb@3.4.0' : false;

test('the shipped DDL and every query on a ClickHouse of today', { skip }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backtest-chdb-'));
  const session = new chdb!.Session(join(folder, 'data'));
  const ddl = await readFile(new URL('../../../sql/clickhouse/canonical_candles_1m.sql', import.meta.url), 'utf8');
  session.query('create database market_data');
  session.query(ddl.replace('canonical_candles_1m\n', 'market_data.canonical_candles_1m\n'));
  const table = tableOf('market_data');
  const insert = (minute: number, price: number, ingested: number): string =>
    session.query(
      `insert into ${table} (market_id, symbol, ts_open, ts_close, open, high, low, close, volume_base, ingested_at)
       values (1, 'O\\'B', ${minute * 60_000}, ${minute * 60_000 + 60_000}, ${price}, ${price}, ${price}, ${price}, 0.1, ${ingested})`,
    );
  for (const [minute, price, ingested] of [
    [28e6, 5, 10],
    [28e6, 7, 30],
    [28e6, 6, 20],
    [28e6 + 1, 8, 10],
  ] as const)
    insert(minute, price, ingested);
  const instrument = { market_id: 1, symbol: "O'B" };
  const first = 28e6 * 60_000;
  const range = { start: first, end: first + 120_000 };
  const bytes = async (sql: string): Promise<number[]> => {
    const answer = await session.queryAsync(sql);
    return [...new Float64Array(Uint8Array.from(answer.bytes()).buffer)];
  };
  const text = async (sql: string): Promise<string> => (await session.queryAsync(sql)).text();
  const json = async (sql: string): Promise<unknown[][]> => (JSON.parse(await text(sql)) as { data: unknown[][] }).data;

  const columns = new Map(
    (await text(columnsQuery('market_data'))).split('\n').map((line) => line.split('\t') as [string, string]),
  );
  assert.ok(NEEDED.every((name) => columns.has(name)));
  assert.equal(columns.get('ts_open'), "DateTime64(3, \\'UTC\\')");
  assert.deepEqual(
    await bytes(candlesQuery(table, 'DateTime64', instrument, range)),
    [
      [first, 7, 7, 7, 7, 0.1],
      [first + 60_000, 8, 8, 8, 8, 0.1],
    ].flat(),
  );
  assert.deepEqual(await bytes(timesQuery(table, 'DateTime64', instrument, range)), [first, first + 60_000]);
  const [extent = []] = await json(extentQuery(table, 'DateTime64', instrument, range));
  assert.deepEqual(extent.map(Number), [2, first + 60_000]);
  const [series] = await json(coverageQuery(table, 'DateTime64', instrument));
  assert.deepEqual(series?.slice(0, 4), [1, "O'B", first, first + 60_000]);
  const nothing = { start: -1e15, end: first };
  assert.deepEqual(await bytes(candlesQuery(table, 'DateTime64', instrument, nothing)), []);
  session.cleanup();
  await rm(folder, { recursive: true, force: true });
});
