import assert from 'node:assert/strict';
import test from 'node:test';
import { candlesQuery, columnsQuery, coverageQuery, extentQuery, tableOf, timesQuery } from './query.ts';

const TABLE = tableOf('market_data');
const RANGE = { start: 1_700_000_000_500, end: 1_700_000_060_000 };
const of = (symbol: string, market_id = 1) => ({ market_id, symbol });

test('a symbol stays a string, whatever is in it', () => {
  const sql = candlesQuery(TABLE, 'DateTime64', of(`'or\\1=1--`), RANGE);
  assert.ok(sql.includes(`market_id = 1 and symbol = '\\'or\\\\1=1--' and ts_open >=`), sql);
  for (const wrong of [of('a b'), of(''), of("x'\u0000"), of('x', 0), of('x', 1.5), of('x', Number.NaN)]) {
    for (const query of [candlesQuery, timesQuery, extentQuery]) {
      assert.throws(() => query(TABLE, 'DateTime', wrong, RANGE), { name: 'SpecError' });
    }
    assert.throws(() => coverageQuery(TABLE, 'DateTime', wrong), { name: 'SpecError' });
  }
  for (const name of ['a; drop table b', 'a.b', '', '1a', "a'"]) {
    assert.throws(() => tableOf(name), /is no name of a database/);
    assert.throws(() => columnsQuery(name), /is no name of a database/);
  }
});

test('times are whole numbers of what the column holds, rounded up and clamped to what it can hold', () => {
  const seconds = extentQuery(TABLE, 'DateTime', of('X'), RANGE);
  assert.ok(seconds.includes('ts_open >= toDateTime(1700000001) and ts_open < toDateTime(1700000060)'), seconds);
  const exact = extentQuery(TABLE, 'DateTime64', of('X'), RANGE);
  assert.ok(exact.includes("ts_open >= fromUnixTimestamp64Milli(toInt64(1700000000500), 'UTC')"), exact);
  for (const type of ['DateTime', 'DateTime64'] as const) {
    const clamped = extentQuery(TABLE, type, of('X'), { start: -1e15, end: 8.64e15 });
    const [from, to] = [...clamped.matchAll(/ts_open >?<?=? ?\w+\((?:toInt64\()?(\d+)/g)].map(([, n]) => Number(n));
    assert.deepEqual([from, to], type === 'DateTime' ? [0, 4294967295] : [0, 4294967295000], clamped);
  }
});

test('gaps are counted from one column', () => {
  const sql = timesQuery(TABLE, 'DateTime64', of('X'), RANGE);
  assert.doesNotMatch(sql, /open\b(?<!ts_open)|high|volume|ingested/);
});
