// Import: a file becomes part of the store, all of it or nothing. What is there already stays; where both have a bar
// the imported one wins, so that importing the same file again changes nothing.
import { join } from 'node:path';
import { COLUMNS, sliceCandles, specError, type Candles, type Timeframe } from '@backtest-jobs/engine';
import { lockFile } from '../lock.ts';
import { firstBytes, readCsv } from './csv.ts';
import { openDuck, writeParquet, type Duck } from './duckdb.ts';
import { readParquetFile } from './parquet-file.ts';
import { readSeries } from './parquet.ts';
import { openRows, type CandleFile } from './rows.ts';
import { between, lowerBound, sharedCandles, type Instrument } from './source.ts';
import {
  lockOf,
  makeFolder,
  newPartFile,
  readManifest,
  replaceManifest,
  seriesFolder,
  sweep,
  sync,
  periodOf,
  type Manifest,
  type Part,
} from './store.ts';

interface Target extends Instrument {
  /** Folder of the store. */
  readonly folder: string;
  /** In a session market nobody knows which bars should exist, so no gaps are counted. */
  readonly calendar?: 'continuous' | 'session';
}

export interface ImportOptions extends Target {
  /** CSV (plain or gzip) or Parquet, told apart by their first bytes. */
  readonly file: string;
  /** Without it the smallest distance of two bars. */
  readonly interval?: string | undefined;
}

export interface SeriesOptions extends Target {
  readonly candles: Candles;
  readonly interval: Timeframe;
}

export interface ImportReport extends Instrument {
  readonly interval: Timeframe;
  /** Rows of the file, and how many repeated the time of an earlier row; the later one counts. */
  readonly rows: number;
  readonly duplicates: number;
  /** Holes in the file and the bars that are missing in them; null in a session market. */
  readonly gaps: number | null;
  readonly missing: number | null;
  /** Opens of the first and the last bar of the file. */
  readonly first: string;
  readonly last: string;
  /** Bars the store did not have, and bars it had with other numbers. */
  readonly added: number;
  readonly replaced: number;
  /** Bars the store has of this series now. */
  readonly stored: number;
}

/** Throws SpecError with the lines of bad rows, and then the store is as it was. */
export async function importCandles(options: ImportOptions): Promise<ImportReport> {
  seriesFolder(options.folder, options, '1d'); // a wrong market or symbol is told before a large file is read
  return store(await readCandleFile(options.file, options.interval), options);
}

/** The same for bars that are in memory already. */
export async function importSeries({ candles, interval, ...target }: SeriesOptions): Promise<ImportReport> {
  const rows = openRows('candles', 'row');
  for (let i = 0; i < candles.time.length; i++) {
    rows.add(
      i + 1,
      Float64Array.from(COLUMNS, (name) => candles[name][i] ?? Number.NaN),
    );
  }
  return store(rows.finish(interval), target);
}

async function store(read: CandleFile, { folder, market_id, symbol, calendar }: Target): Promise<ImportReport> {
  const series = seriesFolder(folder, { market_id, symbol }, read.interval);
  await makeFolder(series);
  using _lock = await lockFile(lockOf(series));
  using duck = await openDuck();
  const before = await readManifest(series);
  await sweep(series, before);
  const { manifest, added, replaced } = await writeParts(duck, series, { before, read, market_id, symbol });
  if (added + replaced > 0) {
    await replaceManifest(series, manifest);
    await sweep(series, manifest);
  }
  const { time } = read.candles;
  return {
    market_id,
    symbol,
    interval: read.interval,
    rows: read.rows,
    duplicates: read.duplicates,
    ...(calendar === 'session' ? { gaps: null, missing: null } : countGaps(time, read.baseMs)),
    first: new Date(time[0] ?? 0).toISOString(),
    last: new Date(time.at(-1) ?? 0).toISOString(),
    added,
    replaced,
    stored: manifest.parts.reduce((rows, part) => rows + part.rows, 0),
  };
}

/** A candle file of any kind that can be imported. */
export async function readCandleFile(file: string, interval?: string): Promise<CandleFile> {
  const magic = Buffer.from(await firstBytes(file, 4)).toString('latin1');
  if (magic === 'PAR1') return readParquetFile(file, interval);
  if (magic.startsWith('PK')) throw specError(file, 'bad_file', 'is a zip archive: unpack it and import what is in it');
  return readCsv(file, interval);
}

/** Holes between the bars of a market that never closes. */
function countGaps(times: Float64Array, step: number): { gaps: number; missing: number } {
  let gaps = 0;
  let missing = 0;
  for (let i = 1; i < times.length; i++) {
    const absent = ((times[i] ?? 0) - (times[i - 1] ?? 0)) / step - 1;
    if (absent > 0) gaps++;
    missing += absent;
  }
  return { gaps, missing };
}

interface Import extends Instrument {
  readonly before: Manifest | null;
  readonly read: CandleFile;
}

interface Written {
  /** What the series will be; nobody sees the files it names before it replaces the old one. */
  readonly manifest: Manifest;
  readonly added: number;
  readonly replaced: number;
}

/** Writes the parts that change, each to a new file; the store still shows what it showed. */
export async function writeParts(
  duck: Duck,
  series: string,
  { before, read, market_id, symbol }: Import,
): Promise<Written> {
  const { candles, interval } = read;
  const parts = new Map(before?.parts.map((part) => [part.period, part]));
  const stored = await readSeries(duck, series, {
    start: periodOf(candles.time[0] ?? 0, interval).start,
    end: periodOf(candles.time.at(-1) ?? 0, interval).end,
  });
  let added = 0;
  let replaced = 0;
  for (let from = 0; from < candles.time.length;) {
    const { period, start, end } = periodOf(candles.time[from] ?? 0, interval);
    const to = lowerBound(candles.time, end);
    const merged = merge(between(stored, start, end), sliceCandles(candles, from, to));
    if (merged.added + merged.replaced > 0) parts.set(period, await writePart(duck, series, period, merged.candles));
    added += merged.added;
    replaced += merged.replaced;
    from = to;
  }
  const sorted = [...parts.values()].sort((a, b) => a.first - b.first);
  return { manifest: { version: 1, market_id, symbol, interval, parts: sorted }, added, replaced };
}

async function writePart(duck: Duck, series: string, period: string, candles: Candles): Promise<Part> {
  const file = newPartFile(period);
  await writeParquet(duck, join(series, file), candles);
  await sync(join(series, file));
  const { time } = candles;
  return { period, file, rows: time.length, first: time[0] ?? 0, last: time.at(-1) ?? 0 };
}

/** Both series in one; where both have a bar the newer one counts. */
function merge(older: Candles, newer: Candles): { candles: Candles; added: number; replaced: number } {
  const [a, b] = [older.time, newer.time];
  const merged = sharedCandles(a.length + b.length);
  let [i, j, length, added, replaced] = [0, 0, 0, 0, 0];
  while (i < a.length || j < b.length) {
    const [at, bt] = [a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY];
    const from = bt <= at ? newer : older;
    const index = bt <= at ? j : i;
    if (bt < at) added++;
    else if (bt === at && COLUMNS.some((name) => older[name][i] !== newer[name][j])) replaced++;
    for (const name of COLUMNS) merged[name][length] = from[name][index] ?? Number.NaN;
    length++;
    if (at <= bt) i++;
    if (bt <= at) j++;
  }
  return { candles: sliceCandles(merged, 0, length), added, replaced };
}
