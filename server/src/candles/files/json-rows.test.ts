// Candles in JSON, and files of other programs.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { COLUMNS } from '@backtest-jobs/engine/internal';
import { digestOf, walk, zipOf } from '../../../test/candles.ts';
import { readCandleFile } from './candle-file.ts';
import { jsonRows } from './json-rows.ts';

let root = '';
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'backtest-json-'));
});
after(() => rm(root, { recursive: true }));

let files = 0;
async function read(content: string | Uint8Array, name = 'X.json') {
  files += 1;
  const file = join(root, `${files}-${name}`);
  await writeFile(file, content);
  return readCandleFile(file);
}

const WHOLE = walk(Date.UTC(2024, 0, 1), 3000, { holes: 100 });
const ROWS = [...WHOLE.time.keys()].map((bar) => COLUMNS.map((name) => WHOLE[name][bar]!));

test('lists of numbers are read as they are, in any layout, packed or not', async () => {
  const plain = JSON.stringify(ROWS);
  const texts = [
    plain,
    JSON.stringify(ROWS, null, 2),
    `\uFEFF\n ${plain.replaceAll('],', '] ,\r\n')}\n`,
    // As exchanges answer: prices in quotes, and more fields behind them.
    JSON.stringify(ROWS.map(([time, ...values]) => [time, ...values.map(String), 0, '1.5', null])),
  ];
  for (const text of texts) {
    for (const content of [text, gzipSync(text), zipOf({ 'a.json': text })]) {
      const { candles, bad, time_units } = await read(content);
      assert.deepEqual([digestOf(candles), bad.count, time_units], [digestOf(WHOLE), 0, ['ms']]);
    }
  }
});

test('the bytes of a file may come in any pieces', async () => {
  const text = Buffer.from(JSON.stringify(ROWS.slice(0, 5)));
  const lines = ROWS.slice(0, 5)
    .map((row) => `${row.join()}\n`)
    .join('');
  for (let size = 1; size < 40; size += 1) {
    async function* pieces() {
      for (let from = 0; from < text.length; from += size) yield text.subarray(from, from + size);
    }
    const { json, text: found } = await jsonRows({ name: 'x', bytes: pieces() });
    const got: Uint8Array[] = [];
    for await (const piece of found.bytes) got.push(piece.slice());
    assert.deepEqual([json, Buffer.concat(got).toString()], [true, lines]);
  }
});

test('who reads no further closes the file', async () => {
  for (const text of ['time,open\n1,2\n', '[[1,2],[3,4]]']) {
    let closed = false;
    async function* pieces() {
      try {
        for (const piece of [text, text]) yield Buffer.from(piece);
      } finally {
        closed = true;
      }
    }
    const { text: found } = await jsonRows({ name: 'x', bytes: pieces() });
    for await (const _ of found.bytes) break;
    assert.ok(closed, text);
  }
});

test('a row that is no candle is named; other JSON, and JSON that breaks off, is refused with the way out', async () => {
  const nulls = ROWS.slice(0, 20).map((row, at) => (at === 7 ? [row[0], null, 1, 1, 1, 1] : row));
  const { bad } = await read(JSON.stringify(nulls));
  assert.match(bad.shown[0] ?? '', /line 8: open "null" is not a number/);
  await assert.rejects(read('[{"time":1,"open":2}]'), /is JSON, and row 1 is no list of numbers: .*pandas\.read_json/);
  await assert.rejects(read('{"data":[[1,2,3,4,5,6]]}'), /is JSON, and row 1 is no list of numbers/);
  await assert.rejects(read('[[[1,2,3,4,5,6]]]'), /is no list of numbers/);
  await assert.rejects(read(JSON.stringify(ROWS).slice(0, -30)), /is JSON that breaks off after 2\d\d\d rows/);
  await assert.rejects(read('[]'), /is empty/);
});

test('files of other programs are refused by name, with one command that helps', async () => {
  const cases: [string | Uint8Array, string, RegExp][] = [
    [
      Buffer.from('ARROW1\0\0....'),
      'BTC_USDT-1m.feather',
      /is a feather \(Arrow\) file, which is not read: .*pandas\.read_feather\('\d+-BTC_USDT-1m\.feather'\)\.to_parquet\(/,
    ],
    [Buffer.from('\u0089HDF\r\n', 'latin1'), 'x.h5', /is an HDF5 file/],
    ['SQLite format 3\0', 'x.db', /is an SQLite database, which is not read: .*sqlite3 -header -csv/],
    [Buffer.from('28b52ffd00', 'hex'), 'x.csv.zst', /is packed with zstd, .*zstd -d/],
    [zipOf({ '[Content_Types].xml': '<a/>', 'xl/workbook.xml': '<a/>' }), 'x.xlsx', /is an Excel file: save it as CSV/],
  ];
  for (const [content, name, message] of cases) await assert.rejects(read(content, name), message);
});
