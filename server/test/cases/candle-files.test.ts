// Files as the world has them, each with what must come out of it; the kinds beside the cases have other inputs.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { SpecError } from '@backtest-jobs/engine';
import { readCandleFile, type FileOptions, type FoundCandles } from '../../src/candles/files/candle-file.ts';
import { gapsOf } from '../../src/candles/gaps.ts';

const root = mkdtempSync(join(tmpdir(), 'backtest-cases-'));
after(() => rmSync(root, { recursive: true }));
const HERE = import.meta.dirname;
const HEADER = 'time,open,high,low,close,volume';
let files = 0;

function fileOf(...rows: readonly string[]): string {
  const file = join(root, `${(files += 1)}.csv`);
  writeFileSync(file, [HEADER, ...rows].join('\n'));
  return file;
}

const bars = (...times: readonly (string | number)[]): string => fileOf(...times.map((time) => `${time},10,11,9,10,1`));
const read = (name: string, options: FileOptions = {}): Promise<FoundCandles> =>
  readCandleFile(join(HERE, name), options);
const opens = ({ candles }: FoundCandles): string[] => Array.from(candles.time, (time) => new Date(time).toISOString());
const days = (found: FoundCandles): string[] => opens(found).map((time) => time.slice(0, 10));

async function refusal(file: string, options: FileOptions = {}): Promise<string> {
  const error: unknown = await readCandleFile(file, options).then(
    () => assert.fail('was accepted'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SpecError, String(error));
  return error.message;
}

test('all rows of a file have one unit of time, and it is reported', async () => {
  const a = await read('epoch-unit/a.csv');
  assert.deepEqual(days(a), ['1973-02-28', '1973-03-01', '1973-03-02', '1973-03-05', '1973-03-06']);
  assert.deepEqual(a.time_units, ['ms']);
  const b = await read('epoch-unit/b.csv');
  assert.deepEqual([days(b), b.time_units], [['1972-01-01', '1972-01-02'], ['s']]);
  const c = await read('epoch-unit/c.csv');
  assert.deepEqual([days(c), c.time_units], [['2024-01-02', '2024-01-03'], ['ns']]);
});

test('a unit of time fits the whole file where its numbers grow a digit or change their sign', async () => {
  const DAY = 86_400_000;
  for (const [unit, factor] of [
    ['s', 1e-3],
    ['ms', 1],
    ['us', 1e3],
  ] as const) {
    const times = Array.from({ length: 800 }, (_, day) => (Date.UTC(1969, 0, 1) + day * DAY) * factor);
    const found = await readCandleFile(bars(...times));
    assert.deepEqual([found.time_units, days(found)[0], days(found).at(-1)], [[unit], '1969-01-01', '1971-03-11']);
  }
  const compact = await readCandleFile(bars('20240129', '20240130', '20240131', '20240201'));
  assert.deepEqual([compact.time_units, days(compact)[3]], [['date'], '2024-02-01']);
  const [seconds, ms] = [Date.UTC(2024, 0, 1) / 1000, Date.UTC(2024, 0, 2)];
  assert.match(await refusal(bars(seconds, ms)), /no one unit reads.*--time-unit/);
  assert.match(await refusal(bars(ms * 1000, ms + DAY)), /no one unit reads/);
});

test('an interval finer than the bars is refused: they would close before their prices are known', async () => {
  const file = join(HERE, 'half-past/hours.csv');
  assert.match(await refusal(file), /1h candles must open on the 1h grid.*import candles of 30m or finer/);
  for (const interval of ['30m', '1m']) assert.match(await refusal(file, { interval }), /must be 1h, as the times/);
  const weeks = bars('2024-01-01', '2024-01-08', '2024-01-15', '2024-01-22', '2024-01-29', '2024-02-05');
  assert.match(await refusal(weeks, { interval: '1d' }), /must not be 1d.*are 7 days apart/);
  const months = bars('2024-01-01', '2024-02-01', '2024-03-01', '2024-04-01', '2024-05-01', '2024-06-01', '2024-07-01');
  assert.match(await refusal(months, { interval: '1d' }), /must not be 1d.*are 29 days apart/);
  const newYork = Array.from({ length: 12 }, (_, day) => `2024-03-${String(day + 4).padStart(2, '0')}`);
  const zoned = bars(...newYork.map((day) => `${day} 00:00:00-0${day < '2024-03-11' ? 5 : 4}:00`));
  assert.match(await refusal(zoned, { interval: '1h' }), /must be 1d, as the times/);
});

test('a time that comes twice with other numbers is a problem that names both lines', async () => {
  const said = await refusal(join(HERE, 'hour-twice/hours.csv'));
  assert.match(said, /line 4: has the time of line 3, 2023-11-05T01:00:00\.000Z, and other numbers/);
  assert.match(said, /--timezone/);
  const volume = fileOf('0,1,1,1,1,1', '60,1,1,1,1,1', '120,1,1,1,1,2', '60,1,1,1,1,3');
  assert.match(await refusal(volume), /line 5: has the time of line 3/);
  const repeated = await readCandleFile(fileOf('0,1,1,1,1,1', '60,1,1,1,1,1', '60,1,1,1,1,1'));
  assert.deepEqual([repeated.duplicates, repeated.candles.time.length], [1, 2]);
});

test('bars that open seconds late go into their minute, and are counted', async () => {
  for (const options of [{}, { interval: '1m' }]) {
    const { candles, interval, moved, bad } = await read('moved-minutes/BTCUSDT-1m-2018-02.csv', options);
    const minutes = [27, 28].map((minute) => Date.UTC(2018, 1, 8, 0, minute));
    const late = [28, 29, 30, 31, 32].map((minute) => Date.UTC(2018, 1, 9, 9, minute));
    assert.deepEqual([[...candles.time], interval, moved.count, bad.count], [[...minutes, ...late], '1m', 3, 0]);
    const { count, missing } = gapsOf(candles.time, 60_000);
    assert.deepEqual([count, missing], [1, 1979]);
    assert.match(moved.shown[0] ?? '', /^line 3: opened 2018-02-09T09:28:14\.789Z, put at 2018-02-09T09:28:00/);
  }
});

test('a bar whose minute is taken and rows without prices are left out by their lines; the others go in', async () => {
  const rows = Array.from({ length: 40 }, (_, minute) => `${minute * 60},1,1,1,1,${minute}`);
  const { candles, bad } = await readCandleFile(
    fileOf(...rows.slice(0, 20), '1213,1,1,1,1,99', ',,,,,', '1200,,,,,0', ...rows.slice(20)),
  );
  assert.deepEqual([candles.time.length, bad.count], [40, 3]);
  assert.match(bad.shown.join('\n'), /line 23: .*\nline 24: .*\nline 22: opens .* is taken by line 25/);
  const hours = Array.from({ length: 30 }, (_, hour) => `${hour * 3600 + (hour === 7 ? 31 : 0)},1,1,1,1,1`);
  const late = await readCandleFile(fileOf(...hours));
  assert.deepEqual([late.interval, late.moved.count, late.candles.time[7]], ['1h', 1, 7 * 3_600_000]);
  const garbage = fileOf(...rows.slice(0, 10), ...rows.slice(10, 20).map((row) => row.replace(',1,', ',x,')));
  assert.match(await refusal(garbage), /line 12: open "x" is not a number/);
  assert.match(await refusal(bars(0, 1, 2, 3, 4, 5, 6)), /its bars are 1 seconds apart/);
});
