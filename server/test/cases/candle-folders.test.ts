// Folders and archives as people keep them: one series of several files, or several series that must not become one.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { after } from 'node:test';
import { readCandleFile, type FileOptions } from '../../src/candles/files/candle-file.ts';
import { gapsOf } from '../../src/candles/gaps.ts';
import { csvOf, walk, zipOf } from '../candles.ts';

const root = mkdtempSync(join(tmpdir(), 'backtest-folders-'));
after(() => rmSync(root, { recursive: true }));
const DAY = 86_400_000;
let folders = 0;

const hour = (n: number): string => csvOf(walk(Date.UTC(2024, 0, 1, n), 60));
const klines = (n: number): string => csvOf(walk(Date.UTC(2024, 0, 1, n), 60), { header: false });

function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = join(root, String((folders += 1)));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

async function refused(
  files: Readonly<Record<string, string | Uint8Array>>,
  message: RegExp,
  options: FileOptions = {},
) {
  await assert.rejects(readCandleFile(folderOf(files), options), message);
}

test('months with one digit and second downloads are months', async () => {
  const { candles, files_read, left_out, symbol } = await readCandleFile(join(import.meta.dirname, 'odd-names'));
  assert.deepEqual([candles.time.length, gapsOf(candles.time, DAY).count], [31 + 31 + 30 + 31, 0]);
  assert.deepEqual([files_read, left_out, symbol], [4, [], 'TEST']);
});

test('files whose names do not fit while others do are named', async () => {
  const names = { 'X-1m-2024-01-01.csv': klines(0), 'extra.csv': hour(1), 'X-1m.json': '[]', 'README.md': 'x' };
  const { candles, files_read, left_out } = await readCandleFile(folderOf(names));
  assert.deepEqual([candles.time.length, files_read, left_out], [60, 1, ['extra.csv', 'X-1m.json']]);
});

test('several symbols, intervals or markets are refused by name, whatever the files are called', async () => {
  await refused({ 'AAPL.csv': hour(0), 'MSFT.csv': hour(1) }, /more than one symbol: give --symbol, one of AAPL, MSFT/);
  await refused(
    { 'BTC_1m.csv': hour(0), 'BTC_5m.csv': hour(1) },
    /more than one interval: give --interval, one of 1m, 5m/,
  );
  await refused({ 'spot/1.csv': hour(0), 'um/2.csv': hour(1) }, /more than one market: import one of spot, um/);
  const futures = { 'spot/daily/X-1m-2024-01-01.csv': klines(0), 'futures/X-1m-2024-01-02.csv': klines(24) };
  await refused(futures, /more than one market: import one of futures, spot/);
  await refused({ 'X-1m-2024-01-01.csv': klines(0) }, /no files of the symbol Y, only of X/, { symbol: 'Y' });
  await refused({ 'X-1m-2024-01-01.csv': klines(0) }, /no files of the interval 1h, only of 1m/, { interval: '1h' });
  const file = join(folderOf({ 'X-1m-2024-01-01.csv': klines(0) }), 'X-1m-2024-01-01.csv');
  await assert.rejects(readCandleFile(file, { symbol: 'Y' }), /no files of the symbol Y, only of X/);
  await assert.rejects(readCandleFile(file, { interval: '1h' }), /no files of the interval 1h, only of 1m/);
  assert.equal((await readCandleFile(file, { symbol: 'X' })).interval, '1m');
});

test('archives are judged by the names in them', async () => {
  const two = { 'AAPL.csv': hour(0), 'MSFT.csv': hour(1) };
  const zip = join(folderOf({ 'all.zip': zipOf(two) }), 'all.zip');
  await assert.rejects(readCandleFile(zip), /more than one symbol: give --symbol, one of AAPL, MSFT/);
  const chosen = await readCandleFile(zip, { symbol: 'MSFT' });
  assert.deepEqual([chosen.candles.time[0], chosen.left_out], [Date.UTC(2024, 0, 1, 1), ['all.zip (AAPL.csv)']]);
  const wrong = { 'X-1m-2024-01-01.zip': zipOf({ 'Y-1m-2024-01-01.csv': klines(0) }) };
  await refused(wrong, /no files of the symbol X, only of Y/);
});

test('a symbol selects its files and the others are named; parts of one series are one', async () => {
  const folder = folderOf({ 'AAPL-1.csv': hour(0), 'AAPL-2.csv': hour(1), 'MSFT.csv': hour(0) });
  const { candles, left_out } = await readCandleFile(folder, { symbol: 'AAPL' });
  assert.deepEqual([candles.time.length, left_out], [120, ['MSFT.csv']]);
  const years = folderOf({ '2023/jan.csv': hour(0), '2024/feb.csv': hour(1) });
  assert.equal((await readCandleFile(years)).candles.time.length, 120);
});
