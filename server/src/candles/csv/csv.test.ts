import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parseSpec, SpecError } from '@backtest-jobs/engine';
import { timeline } from '@backtest-jobs/engine/internal';
import { zipOf } from '../../../test/candles.ts';
import { readCsv } from './csv.ts';

const folder = mkdtempSync(join(tmpdir(), 'backtest-csv-'));
after(() => rmSync(folder, { recursive: true }));
const HEADER = 'time,open,high,low,close,volume';
const DAY = 86_400_000;

function write(content: string | Uint8Array, name = 'prices.csv'): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

const lines = (...rows: string[]): string => rows.join('\n');

async function refusal(content: string | Uint8Array, interval?: string): Promise<readonly string[]> {
  const file = write(content);
  const error: unknown = await readCsv(file, { interval }).then(
    () => assert.fail('was accepted'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SpecError, String(error));
  return error.problems.map(({ path, message }) => `${path}: ${message}`.replace(file, 'FILE'));
}

test('columns by name, in any order and case, others ignored', async () => {
  const file = write(
    lines('Volume,CLOSE,adjclose,Low,High,Open,Date', '7,3,x,1,4,2,2024-01-01', '8,3.5,,1e0,+4.5,.5,2024-01-02'),
  );
  const { candles, baseMs, interval, rows, duplicates } = await readCsv(file);
  assert.deepEqual([baseMs, interval, rows, duplicates], [DAY, '1d', 2, 0]);
  const columns = Object.fromEntries(Object.entries(candles).map(([name, column]) => [name, [...column]]));
  assert.deepEqual(columns, {
    time: [Date.UTC(2024, 0, 1), Date.UTC(2024, 0, 2)],
    open: [2, 0.5],
    high: [4, 4.5],
    low: [1, 1],
    close: [3, 3.5],
    volume: [7, 8],
  });
  assert.ok(candles.time.buffer instanceof SharedArrayBuffer);
});

test('all the names of the time column, and volume_base', async () => {
  for (const name of ['time', 'ts', 'ts_open', 'timestamp', 'date', 'TimeStamp']) {
    const { candles } = await readCsv(
      write(lines(`${name},open,high,low,close,volume_base`, '0,1,1,1,1,0', '60,1,1,1,1,0')),
    );
    assert.deepEqual([...candles.time], [0, 60_000]);
  }
});

test('gzip, byte order mark, CRLF, quotes, empty lines, semicolons and tabs', async () => {
  const rows = ['"2024-01-01T00:00:00Z","1","2","1","1.5","0"', '', '2024-01-01T01:00:00Z,1,2,1,1.5,0', '   '];
  const text = `\uFEFF${[HEADER, ...rows].join('\r\n')}\r\n`;
  const variants = [text, gzipSync(text), text.replaceAll(',', ';'), text.replaceAll(',', '\t')];
  for (const content of variants) {
    const { candles, interval } = await readCsv(write(content));
    assert.equal(interval, '1h');
    assert.deepEqual([...candles.close], [1.5, 1.5]);
  }
  const quoted = await readCsv(
    write(lines('"a ""b"", c",time,open,high,low,close,volume', '"x, y",0,1,1,1,1,1', ',60,1,1,1,1,1')),
  );
  assert.equal(quoted.candles.time.length, 2);
});

test('lines across chunks of the stream stay whole', async () => {
  const rows = Array.from({ length: 40_000 }, (_, i) => `${i * 60},${i + 1},${i + 2},${i + 0.5},${i + 1},${i}`);
  const { candles } = await readCsv(write(lines(HEADER, ...rows)));
  assert.equal(candles.time.length, 40_000);
  assert.ok(candles.volume.every((volume, i) => volume === i && candles.time[i] === i * 60_000));
});

test('rows in any order are sorted, a repeated row counts once, and two bars of one time are refused', async () => {
  const { candles, rows, duplicates } = await readCsv(
    write(lines(HEADER, '120,3,3,3,3,0', '0,1,1,1,1,0', '60,2,2,2,2,0', '0,1,1,1,1,0', '120,3,3,3,3,0')),
  );
  assert.deepEqual([[...candles.time], [...candles.open], rows, duplicates], [[0, 60_000, 120_000], [1, 2, 3], 5, 2]);
  const [first, second] = await refusal(lines(HEADER, '0,1,1,1,1,0', '60,2,2,2,2,0', '60,2,2,2,2,1', '120,3,3,3,3,0'));
  assert.equal(first, 'FILE: line 4: has the time of line 3, 1970-01-01T00:01:00.000Z, and other numbers');
  assert.match(second ?? '', /^FILE: 1 times have two different bars\. .* say its zone with --timezone/);
});

test('every bad row is told with its line and its words', async () => {
  const rows = [
    '0,1,1,1,1,0',
    '60,1,1,1,abc,0',
    '120,1,1,1,1',
    '180,0,1,1,1,0',
    '240,1,1,-1,1,0',
    '300,1,1,2,1,0',
    '360,1,1,1,1,-1',
    '420,NaN,1,1,1,0',
    '480,1,1e999,1,1,0',
    'soon,1,1,1,1,0',
    '540,,1,1,1,0',
    '600,0x64,200,1,1,0',
  ];
  assert.deepEqual(await refusal(lines(HEADER, ...rows)), [
    'FILE: line 3: close "abc" is not a number',
    'FILE: line 4: has 5 fields where the header has 6',
    'FILE: line 5: open must be a positive number, not 0',
    'FILE: line 6: low must be a positive number, not -1',
    'FILE: line 7: high 1 is below low 2',
    'FILE: line 8: volume must be 0 or more, not -1',
    'FILE: line 9: open "NaN" is not a number',
    'FILE: line 10: high must be a positive number, not Infinity',
    'FILE: line 11: time "soon" is not a time: an epoch or ISO',
    'FILE: line 12: open "" is not a number',
    'FILE: line 13: open "0x64" is not a number',
  ]);
});

test('of many bad rows the first twenty are told, and how many more there are', async () => {
  const told = await refusal(lines(HEADER, ...Array.from({ length: 50 }, () => 'x,1,1,1,1,1')));
  assert.equal(told.length, 21);
  assert.match(told[0] ?? '', /line 2: /);
  assert.equal(told[20], 'FILE: and 30 more bad rows');
});

test('open and close outside of low and high are left as they are', async () => {
  const { candles } = await readCsv(write(lines(HEADER, '0,5,4,3,1,0', '60,1,1,1,1,0')));
  assert.deepEqual([candles.open[0], candles.close[0]], [5, 1]);
});

test('a file that is no table of candles', async () => {
  assert.deepEqual(await refusal(''), ['FILE: is empty']);
  assert.deepEqual(await refusal(HEADER), ['FILE: has no rows']);
  assert.match(
    (await refusal(lines('1,2,3,4,5', '1,2,3,4,5')))[0] ?? '',
    /the columns must be named, and there is no time or ts or ts_open/,
  );
  assert.match(
    (await refusal(lines('time,open,high,close', '1,2,3,4')))[0] ?? '',
    /there is no low or l, no volume or volume_base or vol among: time, open, high, close;/,
  );
  assert.match(
    (await refusal(lines('time,date,open,high,low,close,volume', '')))[0] ?? '',
    /time and date could both be the time: say which with --time-column/,
  );
  assert.match((await refusal('x'.repeat(500_000)))[0] ?? '', /more than 65536 letters/);
  assert.match(
    (await refusal(gzipSync(lines(HEADER, '0,1,1,1,1,1')).subarray(0, 30)))[0] ?? '',
    /FILE: is not sound gzip/,
  );
  await assert.rejects(readCsv(join(folder, 'none.csv')), /none\.csv: cannot be read: ENOENT/);
  await assert.rejects(readCsv(folder), /cannot be read: EISDIR/);
});

const at = (...seconds: number[]): string => lines(HEADER, ...seconds.map((second) => `${second},1,1,1,1,1`));

test('an interval is one of ours, given or deduced, and every time lies on its grid', async () => {
  assert.equal((await readCsv(write(at(0, 60, 180)), { interval: '1m' })).baseMs, 60_000);
  assert.equal((await readCsv(write(at(0, 180, 60)))).interval, '1m');
  assert.match((await refusal(at(0)))[0] ?? '', /the interval cannot be deduced from its times, give it: one of 1m, /);
  assert.equal((await readCsv(write(at(0)), { interval: '1d' })).interval, '1d');
  assert.match(
    (await refusal(at(0, 45, 90)))[0] ?? '',
    /its bars are 45 seconds apart, and candles shorter than 1m are not stored/,
  );
  assert.deepEqual(await refusal(at(0, 60), '7m'), [
    'interval: must be one of 1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h, 6h, 8h, 12h, 1d, not "7m"',
  ]);
  const contradicted = (given: string): string[] => [
    `interval: must be 1h, as the times in FILE say, not ${given}; or leave it out`,
  ];
  assert.deepEqual(await refusal(at(0, 3600, 10_800), '1m'), contradicted('1m'));
  assert.deepEqual(await refusal(at(0, 3600, 86_400), '1d'), contradicted('1d'));
  assert.equal(
    (await readCsv(write(at(0, 180, 420)), { interval: '1m' })).interval,
    '1m',
    'with holes; three minutes are no interval',
  );
  assert.deepEqual(await refusal(at(1800, 5400)), [
    'FILE: 1h candles must open on the 1h grid of UTC, and the one of 1970-01-01T00:30:00.000Z does not: import candles of 30m or finer, from which larger bars are rolled up on the grid; if its times are local, say their zone with --timezone; a session market has its own grid where day_begins and zone of the configuration say it',
  ]);
});

test('a bar out of place is named, and does not change the interval of the others', async () => {
  const hours = Array.from({ length: 24 }, (_, hour) => hour * 3600);
  const odd = (by: number): string => at(...hours.map((time, hour) => (hour === 5 ? time + by : time)));
  for (const by of [60, 90, 1800, -60]) {
    const time = new Date((5 * 3600 + by) * 1000).toISOString();
    const message = `1h candles must open on the 1h grid of UTC, and the one of ${time} does not`;
    for (const interval of [undefined, '1h']) {
      const { bad, candles } = await readCsv(write(odd(by)), { interval });
      assert.deepEqual([bad, candles.time.length], [{ count: 1, shown: [`line 7: ${message}`] }, 23]);
    }
  }
  const running = at(...hours, 23 * 3600 + 1260);
  assert.match((await readCsv(write(running))).bad.shown[0] ?? '', /^line 26: 1h candles .* 1970-01-01T23:21:00/);
});

test('a file has one interval, for the import and for the engine', async () => {
  const next = random(11);
  const spec = parseSpec({
    time_range: { start: '1970-01-01T00:00:00Z', end: '1970-02-01T00:00:00Z' },
    luck: 0,
    template: {
      instrument_id: { market_id: 1, symbol: 'X' },
      timeframe: '1d',
      indicator_grids: [{ indicator_id: 'ma.sma' }],
    },
    warmup_bars: 0,
  });
  const grid = (bars: number, step: number): number[] => Array.from({ length: bars }, (_, bar) => bar * step * 60);
  const files: readonly (readonly [interval: string, times: readonly number[]])[] = [
    ['1m', grid(4000, 1).filter(() => next() < 0.02)],
    ['15m', grid(2000, 15).filter(() => next() < 0.1)],
    ['1m', grid(300, 5).flatMap((time) => (time % 1200 === 0 ? [time, time + 60] : [time]))],
    ['1h', grid(500, 60).filter((time) => time % 86_400 >= 14 * 3600 && time % 86_400 < 20 * 3600)],
    ['30m', grid(24, 1440).flatMap((day) => [14, 15, 16, 17, 18, 18.5].map((hour) => day + hour * 3600))],
    ['1d', grid(31, 1440).filter((time) => (time / 86_400) % 7 < 5)],
  ];
  for (const [interval, times] of files) {
    const { candles, baseMs, interval: imported } = await readCsv(write(at(...times)));
    assert.equal(imported, interval);
    assert.equal(timeline(candles, spec).ledger.base_interval_ms, baseMs);
  }
});

test('without a header the columns are those of exchange archives, and the first line is a candle', async () => {
  const kline = (time: number | string, price: number): string =>
    `${time},${price},${price + 1},${price - 1},${price},7.5,${time}999,750.1,12,3.1,310.2,0`;
  const { candles, rows } = await readCsv(write(lines(kline(1704067200000, 10), kline(1704067260000, 11))));
  assert.deepEqual([rows, [...candles.open], [...candles.volume]], [2, [10, 11], [7.5, 7.5]]);
  const marked = await readCsv(write(`\uFEFF${lines(kline('2024-01-01 00:00', 10), kline('2024-01-01 00:01', 11))}`));
  assert.equal(marked.candles.time[0], Date.UTC(2024, 0, 1));
  assert.match((await refusal(lines(kline(0, 10), '60000,1,2,1,1')))[0] ?? '', /line 2: has 5 fields where the first/);
});

test('milliseconds turn into microseconds in the middle of 2025 archives', async () => {
  const [before, after] = [Date.UTC(2024, 11, 31, 23, 59), Date.UTC(2025, 0, 1)];
  const { candles } = await readCsv(write(lines(`${before},1,1,1,1,1`, `${after}000,2,2,2,2,2`)));
  assert.deepEqual([...candles.time], [before, after]);
});

test('columns as the caller says: by name, by number, no volume, and the unit of an epoch', async () => {
  const file = write(lines('when,first,max,min,last', '60,1,3,1,2', '120,2,4,2,3'));
  const columns = { time: 'WHEN', open: 'first', high: '3', low: 'min', close: '5', volume: 'none' };
  const { candles } = await readCsv(file, { columns, interval: '1m', timeUnit: 's' });
  assert.deepEqual(
    [[...candles.time], [...candles.high], [...candles.volume]],
    [
      [60_000, 120_000],
      [3, 4],
      [0, 0],
    ],
  );
  const bare = write(lines('x,9,60000,1,3,1,2', 'y,9,120000,2,4,2,3'));
  const numbers = { time: '3', open: '4', high: '5', low: '6', close: '7', volume: '2' };
  const read = await readCsv(bare, { columns: numbers, timeUnit: 'ms' });
  assert.deepEqual(
    [[...read.candles.time], [...read.candles.volume]],
    [
      [60_000, 120_000],
      [9, 9],
    ],
  );
  write(lines('when,first,max,min,last', '60,1,3,1,2'));
  await assert.rejects(readCsv(file, { columns: { ...columns, open: 'begin' } }), /has no column "begin" for the open/);
  await assert.rejects(readCsv(file, { columns: { ...columns, open: '6' } }), /has no column "6" for the open/);
});

test('the fast way and the long way read the same numbers', async () => {
  const next = random(7);
  const row = (i: number): string[] => {
    const price = (next() * 10 ** Math.floor(next() * 9 - 3)).toFixed(Math.floor(next() * 12));
    const sound = Number(price) > 0 ? price : '0.00001';
    return [new Date(i * 60_000).toISOString().slice(0, 19), sound, sound, sound, sound, (next() * 1e6).toFixed(8)];
  };
  const rows = Array.from({ length: 5000 }, (_, i) => row(i + 1e7));
  const fast = await readCsv(write(lines(HEADER, ...rows.map((fields) => fields.join(',')))));
  const slow = await readCsv(write(lines(HEADER, ...rows.map((fields) => fields.map((one) => `"${one}"`).join(',')))));
  assert.deepEqual(fast, slow);
  assert.deepEqual(
    [...fast.candles.open],
    rows.map(([, open]) => Number(open)),
  );
});

test('a zip archive: its CSV files in order of name, whatever else is in it', async () => {
  const [one, two] = [lines(HEADER, '0,1,1,1,1,0', ''), lines('60,2,2,2,2,0', '120,3,3,3,3,0')];
  const zip = zipOf({ '2.csv': two, '__MACOSX/1.csv': 'x', 'read.me': 'x', '1.CSV': one });
  const { candles } = await readCsv(write(zip));
  assert.deepEqual([...candles.close], [1, 2, 3]);
  const bad = zipOf({ '1.csv': one, '2.csv': lines('60,0,1,1,1,1') });
  assert.deepEqual(await refusal(bad), ['FILE (2.csv): line 1: open must be a positive number, not 0']);
  assert.match((await refusal(zipOf({ 'a.txt.exe': 'x' })))[0] ?? '', /FILE: is a zip archive without a \.csv file/);
  assert.match((await refusal(zipOf({ '1.csv': one }, { flags: 1 })))[0] ?? '', /FILE: is encrypted/);
  assert.match((await refusal(zipOf({ '1.csv': one }, { crc: 5 })))[0] ?? '', /wrong checksum/);
  assert.match(
    (await refusal(zipOf({ '1.csv': one }, { size: 5 })))[0] ?? '',
    /not a sound zip archive: too many bytes/,
  );
  assert.match((await refusal(zipOf({ '../1.csv': one })))[0] ?? '', /not a sound zip archive: invalid relative path/);
  assert.match((await refusal(zip.subarray(0, 60)))[0] ?? '', /FILE: is not a sound zip archive/);
});

test('bombs: a small file that unpacks to more than candles would is not read to its end', async () => {
  const nothing = `${HEADER}\n${`${'x'.repeat(999)}\n`.repeat(100 * 1024)}`;
  for (const bomb of [gzipSync(nothing), zipOf({ 'a.csv': nothing })]) {
    assert.match((await refusal(bomb))[0] ?? '', /FILE: unpacks to more than candles would \(6\d MiB from .* so far\)/);
  }
});
