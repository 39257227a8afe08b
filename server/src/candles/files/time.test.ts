import assert from 'node:assert/strict';
import test from 'node:test';
import { parseTime } from './time.ts';

const NOON = Date.UTC(2024, 0, 31, 12);
const MIDNIGHT = Date.UTC(2024, 0, 31);

test('every way a file writes a time', () => {
  const cases: readonly [string, number][] = [
    ['1706702400', NOON],
    ['1706702400.0', NOON],
    ['1706702400.5', NOON + 500],
    ['1706702400000', NOON],
    ['1706702400000000', NOON],
    ['1706702400000000000', NOON],
    ['1706702400123000000', NOON + 123],
    ['0', 0],
    ['60', 60_000],
    ['-86400', -86_400_000],
    ['20240131', MIDNIGHT],
    ['2024-01-31', MIDNIGHT],
    ['2024-01-31T12:00:00Z', NOON],
    ['2024-01-31t12:00z', NOON],
    ['2024-01-31 12:00:00', NOON],
    ['2024-01-31 12:00:00 UTC', NOON],
    ['2024-01-31 12:00:00.250000', NOON + 250],
    ['2024-01-31T12:00:00.000000000Z', NOON],
    ['2024-01-31T14:00:00+02:00', NOON],
    ['2024-01-31 06:30:00-0530', NOON],
    ['2024-01-31 14:00:00+02', NOON],
    ['1927-12-30', Date.UTC(1927, 11, 30)],
  ];
  for (const [text, time] of cases) assert.equal(parseTime(text), time, text);
});

test('what is no time', () => {
  for (const text of [
    '',
    'yesterday',
    '2024-02-30',
    '2023-02-29',
    '2024-13-01',
    '20240230',
    '2024-01-31T24:00:00Z',
    '2024-01-31T12:60:00Z',
    '2024-01-31T12:00:00.0001Z',
    '2024-01-31T12:00:00+99:00',
    '01/31/2024',
    '1706702400000001',
    '1706702400000000001',
    '1706702400000500000',
    '9999999999999999999',
    '1e9',
    '0x10',
  ]) {
    assert.ok(Number.isNaN(parseTime(text)), text);
  }
});
