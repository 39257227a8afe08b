// What is done to candles that are stored: export, removal, renaming. Each is compared with the same done to columns.

import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sliceCandles } from '@backtest-jobs/engine/internal';
import { digestOf, walk } from '../../test/candles.ts';
import { exportCandles } from './export.ts';
import { readCandleFile } from './files/candle-file.ts';
import { importCandles, importSeries } from './import.ts';
import { merge } from './merge.ts';
import { parquetSource } from './parquet.ts';
import { removeCandles } from './remove-candles.ts';
import { renameSeries } from './rename-series.ts';
import { sharedCandles, type Instrument } from './source.ts';
import { readManifest, seriesFolder } from './store.ts';

const START = Date.UTC(2024, 0, 25);
const WHOLE = walk(START, 20_000, { holes: 50 }); // into February
const X = { market_id: 1, symbol: 'X' };
const EVER = { start: -Infinity, end: Infinity };

let root = '';
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'backtest-change-'));
});
after(() => rm(root, { recursive: true }));

async function storeOf(name: string, instrument: Instrument = X, candles = WHOLE): Promise<string> {
  const folder = join(root, name);
  await importSeries({ folder, ...instrument, interval: '1m', candles });
  return folder;
}

async function storedIn(folder: string, instrument: Instrument = X): Promise<string> {
  await using source = parquetSource(folder);
  const [series] = await source.coverage(instrument);
  return series === undefined ? 'none' : digestOf(await source.bars(series, EVER));
}

/** Files of a series that no manifest names. */
async function spareFiles(folder: string, instrument: Instrument = X): Promise<readonly string[]> {
  const series = await seriesFolder(folder, instrument, '1m');
  const named = (await readManifest(series))?.parts.map(({ file }) => file) ?? [];
  return (await readdir(series)).filter((file) => /parquet|tmp/.test(file) && !named.includes(file));
}

test('what was exported imports as it was, number for number, in each format', async () => {
  const candles = sliceCandles(WHOLE, 0, 3000);
  for (const [bar, volume] of [0, 1e-9, 1.5e21, 123_456_789.123_456_7, Number.MIN_VALUE, 2 ** 53 + 2].entries())
    candles.volume[bar] = volume;
  candles.open[7] = 0.1 + 0.2;
  const folder = await storeOf('exported', X, candles);
  await using source = parquetSource(folder);
  const [series = assert.fail()] = await source.coverage(X);
  for (const ending of ['csv', 'csv.gz', 'parquet', 'CSV']) {
    const file = join(root, `all-${ending}.${ending}`);
    assert.equal(await exportCandles({ source, series, range: EVER, file }), candles.time.length);
    assert.equal(digestOf((await readCandleFile(file)).candles), digestOf(candles), ending);
    const other = join(root, `imported-${ending}`);
    const report = await importCandles({ folder: other, ...X, file });
    assert.deepEqual([report.added, report.bad.count, report.duplicates], [candles.time.length, 0, 0]);
    assert.equal(await storedIn(other), await storedIn(folder));
    const again = await importCandles({ folder, ...X, file });
    assert.deepEqual([again.added, again.replaced], [0, 0]);
  }
});

test('an export of a range is half-open; it overwrites nothing and leaves nothing unfinished', async () => {
  const folder = await storeOf('ranges');
  await using source = parquetSource(folder);
  const [series = assert.fail()] = await source.coverage(X);
  const range = { start: WHOLE.time[100]!, end: WHOLE.time[200]! };
  const file = join(root, 'range.csv');
  assert.equal(await exportCandles({ source, series, range, file }), 100);
  assert.equal(digestOf((await readCandleFile(file)).candles), digestOf(sliceCandles(WHOLE, 100, 200)));
  await assert.rejects(exportCandles({ source, series, range: EVER, file }), /is there already, and an export never/);
  const none = { source, series, range: { start: 0, end: 1 }, file: join(root, 'none.parquet') };
  await assert.rejects(exportCandles(none), /there are 1m candles of 1:X from .*, and none from 1970-01-01/);
  await assert.rejects(exportCandles({ ...none, file: join(root, 'x.json') }), /must end with \.csv, \.csv\.gz or/);
  const stop = AbortSignal.abort();
  await assert.rejects(exportCandles({ source, series, range: EVER, file: join(root, 'a.csv'), signal: stop }));
  assert.deepEqual(
    (await readdir(root)).filter((name) => /unfinished|^none|^a\.csv/.test(name)),
    [],
  );
});

test('a removal takes what opens in its range, in any part of any file, and counts it before', async () => {
  const folder = await storeOf('removed');
  let left = WHOLE;
  const month = Date.UTC(2024, 1, 1);
  const ranges = [
    [WHOLE.time[500]!, WHOLE.time[900]!],
    [WHOLE.time[1000]! + 1, WHOLE.time[1001]! + 1],
    [month - 3_600_000, month + 7_200_000],
    [-Infinity, WHOLE.time[20]!],
    [WHOLE.time.at(-5)!, Infinity],
    [0, 1],
  ] as const;
  for (const [start, end] of ranges) {
    const rest = [...left.time.keys()].filter((bar) => left.time[bar]! < start || left.time[bar]! >= end);
    const removed = left.time.length - rest.length;
    const wish = { folder, ...X, interval: '1m', range: { start, end } } as const;
    const before = await storedIn(folder);
    assert.deepEqual(await removeCandles({ ...wish, dryRun: true }), { removed, left: rest.length });
    assert.equal(await storedIn(folder), before);
    assert.deepEqual(await removeCandles({ ...wish, dryRun: false }), { removed, left: rest.length });
    const first = left.time.findIndex((time) => time >= start);
    const [one, two] = [
      sliceCandles(left, 0, first < 0 ? rest.length : first),
      sliceCandles(left, first + removed, left.time.length),
    ];
    left = first < 0 ? left : merge(one, two).candles;
    assert.equal(await storedIn(folder), digestOf(left));
    assert.deepEqual(await spareFiles(folder), []);
  }
  const all = { folder, ...X, interval: '1m', range: EVER, dryRun: false } as const;
  assert.equal((await removeCandles(all)).left, 0);
  assert.equal(await storedIn(folder), 'none');
  assert.deepEqual(await removeCandles(all), { removed: 0, left: 0 });
  await storeOf('removed');
  assert.equal(await storedIn(folder), digestOf(WHOLE), 'it can be imported again');
});

test('a renamed series is the same under its new name and gone under the old one', async () => {
  const folder = await storeOf('renamed');
  const names = [{ market_id: 1, symbol: 'btcusdt' }, { market_id: 5, symbol: '贵州茅台' }, X];
  for (const [i, to] of names.entries()) {
    const from = names[i - 1] ?? X;
    await renameSeries({ folder, interval: '1m', from, to, dryRun: true });
    assert.equal(await storedIn(folder, from), digestOf(WHOLE));
    await renameSeries({ folder, interval: '1m', from, to, dryRun: false });
    assert.deepEqual([await storedIn(folder, from), await storedIn(folder, to)], ['none', digestOf(WHOLE)]);
    assert.deepEqual([await spareFiles(folder, from), await spareFiles(folder, to)], [[], []]);
  }
});

test('a renaming never joins or overwrites, and says what is not there', async () => {
  const folder = await storeOf('taken');
  const other = { market_id: 1, symbol: 'OTHER' };
  await storeOf('taken', other, sliceCandles(WHOLE, 0, 10));
  const wish = { folder, interval: '1m', from: X, to: other, dryRun: false } as const;
  await assert.rejects(renameSeries(wish), /1:OTHER has 1m candles already, and a renaming never joins/);
  assert.deepEqual(
    [await storedIn(folder), await storedIn(folder, other)],
    [digestOf(WHOLE), digestOf(sliceCandles(WHOLE, 0, 10))],
  );
  await assert.rejects(renameSeries({ ...wish, to: X }), /1:X is the name that the candles have/);
  await assert.rejects(
    renameSeries({ ...wish, from: { ...X, symbol: 'Y' }, to: { ...X, symbol: 'Z' } }),
    /there are no 1m candles/,
  );
  await assert.rejects(renameSeries({ ...wish, to: { ...X, symbol: 'a b' } }), /symbol: must have visible characters/);
});

test('a renaming that was killed at any step is ended by the same command, and loses nothing before', async () => {
  const folder = await storeOf('killed');
  const to = { market_id: 1, symbol: 'NEW' };
  const wish = { folder, interval: '1m', from: X, to, dryRun: false } as const;
  const [old, place] = [await seriesFolder(folder, X, '1m'), await seriesFolder(folder, to, '1m')];
  await cp(old, place, { recursive: true, filter: (file) => !file.endsWith('manifest.json') }); // before the manifest
  await writeFile(join(place, 'manifest.json.00.tmp'), '{');
  assert.deepEqual([await storedIn(folder), await storedIn(folder, to)], [digestOf(WHOLE), 'none']);
  const manifest = await readManifest(old);
  await renameSeries(wish);
  assert.deepEqual([await storedIn(folder), await storedIn(folder, to)], ['none', digestOf(WHOLE)]);
  // After the new manifest and before the end of the old one.
  await cp(place, old, { recursive: true });
  await writeFile(join(old, 'manifest.json'), JSON.stringify(manifest));
  assert.deepEqual([await storedIn(folder), await storedIn(folder, to)], [digestOf(WHOLE), digestOf(WHOLE)]);
  await renameSeries(wish);
  assert.deepEqual([await storedIn(folder), await storedIn(folder, to)], ['none', digestOf(WHOLE)]);
});

test('changes at the same time wait for each other', async () => {
  const folder = await storeOf('together');
  const to = { market_id: 1, symbol: 'NEW' };
  const empty = sharedCandles(0);
  const range = { start: WHOLE.time[100]!, end: WHOLE.time[200]! };
  const results = await Promise.allSettled([
    importSeries({ folder, ...X, interval: '1m', candles: WHOLE }),
    renameSeries({ folder, interval: '1m', from: X, to, dryRun: false }),
    removeCandles({ folder, ...X, interval: '1m', range, dryRun: false }),
    renameSeries({ folder, interval: '1m', from: X, to, dryRun: false }),
  ]);
  assert.equal(results.filter(({ status }) => status === 'rejected').length <= 1, true);
  const kept = [await storedIn(folder), await storedIn(folder, to)].sort();
  const removed = digestOf(merge(sliceCandles(WHOLE, 0, 100), sliceCandles(WHOLE, 200, WHOLE.time.length)).candles);
  assert.ok(
    kept.every((one) => ['none', digestOf(WHOLE), removed].includes(one)),
    JSON.stringify(kept),
  );
  assert.notEqual(kept[1], digestOf(empty));
  assert.deepEqual([await spareFiles(folder), await spareFiles(folder, to)], [[], []]);
});
