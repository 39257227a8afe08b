// Numbers and dates as programs and countries write them, each by the option that its error names.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readCsv, type ReadOptions } from './csv.ts';
import { ordered, parseNumber } from './values.ts';

let root = '';
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'backtest-values-'));
});
after(() => rm(root, { recursive: true }));

async function read(text: string, options: ReadOptions = {}) {
  const file = join(root, 'x.csv');
  await writeFile(file, text);
  return readCsv(file, options);
}

const first = ({ candles: { time, open, high, low, close, volume } }: Awaited<ReturnType<typeof read>>) => [
  new Date(time[0]!).toISOString().slice(0, 16),
  ...[open, high, low, close, volume].map((column) => column[0]),
];

test('a decimal comma is read when it is said, with points between thousands, and the error says so', async () => {
  const text =
    'time;open;high;low;close;volume\n2024-01-02;1.234,50;1.300;1.200,25;1234;12,5\n2024-01-03;1,5;2;1;1,75;0\n';
  await assert.rejects(
    read(text),
    /open "1\.234,50" is not a number; where a comma is the decimal point --decimal-comma reads it/,
  );
  const found = await read(text, { decimalComma: true });
  assert.deepEqual(first(found), ['2024-01-02T00:00', 1234.5, 1300, 1200.25, 1234, 12.5]);
  assert.equal(found.candles.open[1], 1.5);
  for (const wrong of ['1,234.5', '12.34,5', '1.2.3', '', '1,2,3'])
    assert.ok(Number.isNaN(parseNumber(wrong, true)), wrong);
  assert.deepEqual([parseNumber('$101.5'), parseNumber('1e-7'), parseNumber('0x10')], [101.5, 1e-7, Number.NaN]);
});

test('dates that could be two days are read in the order that is said', async () => {
  const text =
    'Date,Close/Last,Volume,Open,High,Low\n08/09/2024,$101,7,$100,$102,$99\n08/08/2024,$100,7,$99,$101,$98\n';
  await assert.rejects(read(text), /"08\/09\/2024" is not a time: an epoch or ISO; say with --date-order whether/);
  assert.deepEqual(first(await read(text, { dateOrder: 'mdy' })), ['2024-08-08T00:00', 99, 101, 98, 100, 7]);
  assert.equal(first(await read(text, { dateOrder: 'dmy', interval: '1d' }))[0], '2024-08-08T00:00');
  assert.deepEqual(
    [
      ordered('8.9.2024 10:00', 'mdy'),
      ordered('8/9/2024', 'dmy'),
      ordered('2024-08-09', 'dmy'),
      ordered('1/2/3', 'mdy'),
    ],
    ['2024-08-09 10:00', '2024-09-08', '2024-08-09', '1/2/3'],
  );
});

test('MetaTrader without a header, yfinance with three lines of it, and bars between the columns', async () => {
  const bars = [100, 101, 102, 103].map(
    (open, at) => `0${at}:00,${open},${open + 2},${open - 1},${open + 1},${5 + at}`,
  );
  const found = await read(bars.map((bar) => `2024.01.02,${bar}\n`).join(''));
  assert.deepEqual([found.interval, ...first(found)], ['1h', '2024-01-02T00:00', 100, 102, 99, 101, 5]);
  await assert.rejects(
    read(bars.map((bar) => `2024.01.02,${bar.replace(/,(\d+),(\d+)/, ',$2,$1')}\n`).join('')),
    /has no header/,
  );
  const days = Array.from({ length: 25 }, (_, at) => `2024-01-${String(at + 1).padStart(2, '0')},101,102,99,100,7\n`);
  const yahoo = await read(`Price,Close,High,Low,Open,Volume\nTicker,A,A,A,A,A\nDate,,,,,\n${days.join('')}`);
  assert.deepEqual(
    [yahoo.bad.count, yahoo.candles.time.length, ...first(yahoo).slice(1, 5)],
    [2, 25, 100, 102, 99, 101],
  );
  const piped = await read('time|open|high|low|close|volume\n2024-01-02|1|2|1|2|5\n', { interval: '1d' });
  assert.equal(piped.rows, 1);
});
