// Shapes of CSV files that programs write: lines above the header, times in two columns, local times, no header at all.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { readCandleFile, type FileOptions } from '../../src/candles/files/candle-file.ts';

const root = mkdtempSync(join(tmpdir(), 'backtest-shapes-'));
after(() => rmSync(root, { recursive: true }));
const HERE = import.meta.dirname;
let files = 0;

function fileOf(...lines: readonly string[]): string {
  const file = join(root, `${(files += 1)}.csv`);
  writeFileSync(file, lines.join('\n'));
  return file;
}

async function opens(file: string, options: FileOptions = {}): Promise<string[]> {
  const { candles } = await readCandleFile(file, options);
  return Array.from(candles.time, (time) => new Date(time).toISOString().slice(0, 16));
}

test('a line above the header: one error with all that is unclear, and options that read the file', async () => {
  const file = join(HERE, 'preamble/hours.csv');
  await assert.rejects(readCandleFile(file), (error: Error) => {
    assert.match(error.message, /line 2 looks like the header: .*--skip-lines 1/);
    assert.match(error.message, /unix and date could both be the time: say which with --time-column/);
    assert.match(error.message, /Volume BTC and Volume USDT could both be the volume: say which with --volume-column/);
    return true;
  });
  const columns = { time: 'unix', volume: 'Volume BTC' };
  const { candles, interval } = await readCandleFile(file, { skipLines: 1, columns });
  assert.deepEqual([[...candles.volume], interval], [[2, 3], '1h']);
});

test('date and time in two columns, MetaTrader headers, an index without a name, dates with slashes and points', async () => {
  const meta = fileOf(
    '<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>',
    '2017.08.16\t09:30:00\t1\t2\t1\t2\t5\t0',
    '2017.08.16\t09:31:00\t1\t2\t1\t2\t5\t0',
  );
  assert.deepEqual(await opens(meta), ['2017-08-16T09:30', '2017-08-16T09:31']);
  for (const [first, second] of [
    ['2017/08/16', '2017/08/17'],
    ['16.08.2017', '17.08.2017'],
    ['2017.8.16', '2017.8.17'],
  ]) {
    const pandas = fileOf(',open,high,low,close,volume', `${first},1,2,1,2,5`, `${second},1,2,1,2,5`);
    assert.deepEqual(await opens(pandas), ['2017-08-16T00:00', '2017-08-17T00:00']);
  }
  const history = fileOf('date;open;high;low;close;volume', '20170816 093000;1;2;1;2;0', '20170816 093100;1;2;1;2;0');
  assert.deepEqual(await opens(history), ['2017-08-16T09:30', '2017-08-16T09:31']);
  const american = fileOf('date,open,high,low,close,volume', '08/16/2017,1,2,1,2,5');
  await assert.rejects(readCandleFile(american), /"08\/16\/2017" is not a time/);
});

test('a zone turns local times into UTC, the hour that comes twice too, in either order of rows', async () => {
  const timezone = 'America/New_York';
  const file = join(HERE, 'hour-twice/hours.csv');
  const hours = ['2023-11-05T04:00', '2023-11-05T05:00', '2023-11-05T06:00', '2023-11-05T07:00'];
  assert.deepEqual(await opens(file, { timezone }), hours);
  const local = [30, 31]
    .flatMap((minute) => [`00:${minute}`])
    .concat(['01:58', '01:59', '01:00', '01:01', '01:59', '02:00']);
  const rows = local.map((time) => `2023-11-05 ${time}:00,1,2,1,2,5`);
  const utc = ['04:30', '04:31', '05:58', '05:59', '06:00', '06:01', '06:59', '07:00'].map(
    (time) => `2023-11-05T${time}`,
  );
  const header = 'time,open,high,low,close,volume';
  assert.deepEqual(await opens(fileOf(header, ...rows), { timezone }), utc);
  assert.deepEqual(await opens(fileOf(header, ...rows.toReversed()), { timezone }), utc);
  const stated = fileOf(header, '2024-07-01T00:00:00Z,1,2,1,2,5', '2024-07-01 01:00:00+00:00,1,2,1,2,5');
  assert.deepEqual(await opens(stated, { timezone }), ['2024-07-01T00:00', '2024-07-01T01:00']);
  await assert.rejects(readCandleFile(file, { timezone: 'New York' }), /timezone: must be a zone of the IANA/);
});

test('without a header the guessed order is held to the prices', async () => {
  const bar = (minute: number, ...values: number[]): string => [1_704_067_200 + minute * 60, ...values].join(',');
  const coinbase = [bar(0, 9, 12, 10, 11, 5), bar(1, 10, 13, 11, 12, 5), bar(2, 11, 14, 12, 13, 5)]; // low, high, open, close
  await assert.rejects(readCandleFile(fileOf(...coinbase)), /no header.*line 1 has 9, 12, 10, 11.*--open-column 2/);
  const ours = [bar(0, 10, 12, 9, 11, 5), bar(1, 11, 13, 10, 12, 5), bar(2, 12, 14, 11, 13, 5)];
  assert.equal((await readCandleFile(fileOf(...ours))).candles.open[1], 11);
  assert.equal((await readCandleFile(fileOf(...ours.toReversed()))).candles.open[1], 11);
  const closeFirst = [bar(0, 11, 12, 9, 10, 5), bar(1, 12, 13, 10, 11, 5), bar(2, 13, 14, 11, 12, 5)];
  await assert.rejects(readCandleFile(fileOf(...closeFirst)), /nothing tells its open from its close/);
  const columns = { open: '5', high: '3', low: '4', close: '2' };
  assert.equal((await readCandleFile(fileOf(...closeFirst), { columns })).candles.open[1], 11);
  const kraken = [bar(0, 10, 12, 9, 11, 10.5), bar(1, 11, 13, 10, 12, 11.5), bar(2, 12, 14, 11, 13, 12.5)]; // vwap
  await assert.rejects(readCandleFile(fileOf(...kraken)), /its volume lies between low and high/);
});
