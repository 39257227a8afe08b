import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { after } from 'node:test';
import type { Candles } from '@backtest-jobs/engine';
import { COLUMNS, sliceCandles } from '@backtest-jobs/engine/internal';
import { csvOf, digestOf, walk, zipOf } from '../../../test/candles.ts';
import { importCandles } from '../import.ts';
import { readCandleFile } from './candle-file.ts';

const root = mkdtempSync(join(tmpdir(), 'backtest-archive-'));
after(() => rmSync(root, { recursive: true }));
let folders = 0;

function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = join(root, String((folders += 1)));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const FUTURES =
  'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore\n';
const START = Date.UTC(2024, 11, 1);
const MINUTES = 45 * 24 * 60;
const ALL = walk(START, MINUTES);

/** Rows as the archive has them: twelve columns; microseconds from 2025 on in those of the spot market. */
function klines(candles: Candles, microseconds: boolean): string {
  return Array.from(candles.time, (time, i) => {
    const unit = microseconds && time >= Date.UTC(2025, 0, 1) ? '000' : '';
    const values = COLUMNS.slice(1).map((name) => candles[name][i]);
    return `${time}${unit},${values.join(',')},${time + 59_999}${unit},1.5,3,0.5,0.7,0\n`;
  }).join('');
}

const day = (n: number): number => n * 24 * 60;
const DECEMBER = sliceCandles(ALL, 0, day(31));
const DAYS = [31, 32, 33].map((n) => sliceCandles(ALL, day(n), day(n + 1)));

test('monthly and daily zips, spot and futures: header or none, milliseconds and microseconds', async () => {
  for (const { header, microseconds } of [
    { header: '', microseconds: true },
    { header: FUTURES, microseconds: false },
  ]) {
    const zip = (name: string, candles: Candles): Record<string, Uint8Array> => {
      const content = zipOf({ [`${name}.csv`]: header + klines(candles, microseconds) });
      const sum = createHash('sha256').update(content).digest('hex');
      return {
        [`${name}.zip`]: content,
        [`${name}.zip.CHECKSUM`]: Buffer.from(`${sum}  ${name}.zip\n`),
      };
    };
    const folder = folderOf({
      ...zip('monthly/klines/BTCUSDT/1m/BTCUSDT-1m-2024-12', DECEMBER),
      ...Object.assign({}, ...DAYS.map((one, n) => zip(`daily/BTCUSDT/1m/BTCUSDT-1m-2025-01-0${n + 1}`, one))),
    });
    let [size, read] = [0, 0];
    const found = await readCandleFile(folder, { onSize: (bytes) => (size = bytes), onBytes: (n) => (read += n) });
    assert.deepEqual([found.symbol, found.interval, found.rows], ['BTCUSDT', '1m', day(34)]);
    assert.equal(digestOf(found.candles), digestOf(sliceCandles(ALL, 0, day(34))));
    assert.ok(size > 0 && read > size * 0.98 && read <= size, `${read} of ${size} bytes`);
    const report = await importCandles({ market_id: 1, file: folder, folder: join(root, `store-${folders}`) });
    assert.deepEqual([report.symbol, report.added, report.gaps], ['BTCUSDT', day(34), 0]);
  }
});

test('of a day that a month has too, the later file counts', async () => {
  const changed = { ...DAYS[0]!, volume: DAYS[0]!.volume.map(() => 42) };
  const folder = folderOf({
    'BTCUSDT-1m-2025-01-01.csv': klines(changed, true),
    'BTCUSDT-1m-2025-01.csv': klines(sliceCandles(ALL, day(31), day(33)), true),
  });
  const { candles, duplicates, revised } = await readCandleFile(folder);
  assert.deepEqual([duplicates, revised], [0, day(1)]);
  assert.deepEqual([candles.volume[5], candles.volume[day(1)]], [42, ALL.volume[day(32)]]);
});

test('several symbols or intervals: one must be chosen', async () => {
  const rows = klines(sliceCandles(ALL, 0, 10), true);
  const folder = folderOf({
    'a/BTCUSDT-1m-2024-12.csv': rows,
    'a/ETHUSDT-1m-2024-12.csv': rows,
    'a/ETHUSDT-1h-2024-12.csv': rows,
  });
  await assert.rejects(readCandleFile(folder), /more than one symbol: give --symbol, one of BTCUSDT, ETHUSDT/);
  await assert.rejects(
    readCandleFile(folder, { symbol: 'XRPUSDT' }),
    /has no files of the symbol XRPUSDT, only of BTC/,
  );
  await assert.rejects(
    readCandleFile(folder, { symbol: 'ETHUSDT' }),
    /more than one interval: give --interval, one of/,
  );
  assert.equal((await readCandleFile(folder, { symbol: 'ETH/USDT', interval: '1m' })).rows, 10);
  const mixed = folderOf({ 'spot/BTCUSDT-1m-2024-12.csv': rows, 'um/BTCUSDT-1m-2024-12.csv': rows });
  await assert.rejects(readCandleFile(mixed), /has files of more than one market: import one of spot, um/);
});

test('a folder of other candle files is one series; links are not followed', async () => {
  const folder = folderOf({
    '1.csv': csvOf(sliceCandles(ALL, 0, 10)),
    'b/2.csv': csvOf(sliceCandles(ALL, 10, 20), { header: false }),
    'notes.txt': 'x',
  });
  symlinkSync(join(folder, 'b'), join(folder, 'c'));
  symlinkSync('/etc/passwd', join(folder, 'd.csv'));
  const { candles, symbol } = await readCandleFile(folder);
  assert.deepEqual([digestOf(candles), symbol], [digestOf(sliceCandles(ALL, 0, 20)), null]);
  await assert.rejects(readCandleFile(folderOf({ 'notes.txt': '' })), /has no \.zip, \.csv, \.csv\.gz or \.parquet/);
  const target = join(root, 'untouched');
  await assert.rejects(importCandles({ market_id: 1, file: folder, folder: target }), /symbol: give --symbol: nothing/);
  assert.ok(!readdirSync(root).includes('untouched'));
});

test('a file that is not what its checksum says is refused, and a bad row is told with its file', async () => {
  const folder = folderOf({
    'BTCUSDT-1m-2024-12.csv': klines(DECEMBER, true),
    'BTCUSDT-1m-2024-12.csv.CHECKSUM': `${'0'.repeat(64)}  BTCUSDT-1m-2024-12.csv`,
  });
  await assert.rejects(readCandleFile(folder), /2024-12\.csv: does not have the sha256 that its \.CHECKSUM file tells/);
  const bad = folderOf({ 'BTCUSDT-1m-2024-12.csv': klines(sliceCandles(ALL, 0, 1), true).replace(',', ',-') });
  await assert.rejects(readCandleFile(bad), /BTCUSDT-1m-2024-12\.csv: line 1: open must be a positive number/);
});
