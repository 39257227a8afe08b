// Import: candles become part of the store, all of them or nothing. What is there already stays; where both have a bar
// the imported one wins, so that importing the same file again changes nothing.

import { TIMEFRAMES, type Candles, type Timeframe } from '@backtest-jobs/engine';
import { COLUMNS, sliceCandles, specError } from '@backtest-jobs/engine/internal';
import { isZone } from '../config/zones.ts';
import { at } from './at.ts';
import { changeSeries, rowsOf, writeStorePart } from './change-series.ts';
import { openDuck, type Duck } from './duckdb.ts';
import type { Named } from './files/bad-rows.ts';
import { readCandleFile, type FileOptions } from './files/candle-file.ts';
import type { EpochUnit } from './files/epochs.ts';
import { openMarketGrid, type MarketDayStart, type MarketGrid } from './files/market-grid.ts';
import { openRows, type CandleFile } from './files/rows.ts';
import { gapsOf } from './gaps.ts';
import { merge, type OnChanged } from './merge.ts';
import { readSeries } from './parquet.ts';
import { between, lowerBound, requireMarket, requireSymbol, type Instrument } from './source.ts';
import { periodOf, readManifest, seriesFolder, type Manifest } from './store.ts';

interface StoreOptions {
  /** Folder of the store. */
  readonly folder: string;
  /** Calendar of the market: in a session market it is not known which bars should exist, so no gaps are counted. */
  readonly calendar?: 'continuous' | 'session';
  /** True: judge and count, write nothing. */
  readonly dryRun?: boolean;
  /** True: where a bar would be replaced, nothing is written and the import fails. */
  readonly keepOld?: boolean;
  readonly onChanged?: OnChanged;
}

export interface ImportOptions extends StoreOptions, FileOptions {
  readonly market_id: number;
  /** Symbol of the candles; without it the one in the names of an archive's files. */
  readonly symbol?: string | undefined;
  /** Beginning of the market's day, where the configuration says it. */
  readonly day?: MarketDayStart | null | undefined;
  /** A file of candles, or a folder of such files. */
  readonly file: string;
}

export interface SeriesOptions extends StoreOptions, Instrument {
  readonly candles: Candles;
  readonly interval: Timeframe;
}

export interface ImportReport extends Instrument {
  readonly interval: Timeframe;
  /** Rows that were read, and how many repeated an earlier one, number for number. */
  readonly rows: number;
  readonly duplicates: number;
  /** Bars that two files of an archive have with other numbers; the later file counts. */
  readonly revised: number;
  /** Bars that opened seconds late and were put in their place on the grid. */
  readonly moved: Named;
  /** Rows that are no candles and were left out. */
  readonly bad: Named;
  /** Number of files that were read, and the names of those that were not. */
  readonly files_read?: number;
  readonly left_out?: readonly string[];
  /** Rows of other symbols or intervals that were not read, and columns that are no part of candles. */
  readonly other_rows?: number;
  readonly unused_columns?: readonly string[];
  /** Units that the epochs of the file were read in. */
  readonly time_units: readonly EpochUnit[];
  /** Candles of days that opened at a midnight of the market and were put at that of UTC. */
  readonly days: number;
  /** Holes in what was read and the bars that are missing in them; null in a session market. */
  readonly gaps: number | null;
  readonly missing: number | null;
  /** Opens of the first and the last bar that was read. */
  readonly first: string;
  readonly last: string;
  /** Bars the store did not have, and bars it had with other numbers. */
  readonly added: number;
  readonly replaced: number;
  /** Bars the store has of this series now; after a dry run: would have. */
  readonly stored: number;
}

/** Imports a file or a folder; throws SpecError with the lines of bad rows, and then the store is as it was. */
export async function importCandles(options: ImportOptions): Promise<ImportReport> {
  const { market_id, file } = options;
  // A wrong market or symbol is reported before a large file is read.
  requireMarket(market_id);
  const given = options.symbol === undefined ? undefined : requireSymbol(options.symbol);
  const read = await readCandleFile(file, { ...options, symbol: given, grid: gridOf(options) });
  requireMarketZone(options, read);
  const symbol = given ?? read.symbol;
  if (symbol === null) {
    throw specError('symbol', 'missing', `give --symbol: nothing in the names of ${file} says what its candles are of`);
  }
  const { files_read, left_out, other_rows, unused_columns } = read;
  const stored = await store(read, { ...options, symbol });
  return { ...stored, files_read, left_out, other_rows, unused_columns };
}

/** In a session market its own day counts, else midnight in the zone of the file. */
function gridOf({ calendar, day, timezone }: ImportOptions): MarketGrid | null {
  if (calendar !== 'session') return null;
  const start = day ?? (timezone === undefined || !isZone(timezone) ? null : { begins: '00:00', zone: timezone });
  return start === null ? null : openMarketGrid(start);
}

/** Refuses days of another zone than the market's: each could be that of the day before. */
function requireMarketZone({ market_id, day, timezone }: ImportOptions, { interval }: CandleFile): void {
  if (interval !== '1d' || !day || timezone === undefined || timezone === day.zone) return;
  const message = `${timezone} contradicts market ${market_id}, whose days are those of ${day.zone}: leave --timezone out, or change the market`;
  throw specError('timezone', 'contradicts_market', message);
}

/** Imports bars that are in memory already. */
export async function importSeries({ candles, interval, ...target }: SeriesOptions): Promise<ImportReport> {
  const rows = openRows('candles');
  const row = new Float64Array(COLUMNS.length);
  for (let i = 0; i < candles.time.length; i += 1) {
    for (const [c, name] of COLUMNS.entries()) row[c] = at(candles[name], i);
    rows.add(i + 1, row);
  }
  return store(rows.finish({ interval, sure: true, tolerant: true }), target);
}

async function store(read: CandleFile, target: StoreOptions & Instrument): Promise<ImportReport> {
  const { folder, market_id, calendar, dryRun = false, keepOld, onChanged } = target;
  const symbol = requireSymbol(target.symbol);
  const series = await seriesFolder(folder, { market_id, symbol }, read.interval);
  const stored = await (dryRun ? judge : write)(series, { read, market_id, symbol, keepOld, onChanged });
  const { time } = read.candles;
  const { count, missing } = gapsOf(time, TIMEFRAMES[read.interval]);
  return {
    market_id,
    symbol,
    interval: read.interval,
    rows: read.rows,
    duplicates: read.duplicates,
    revised: read.revised,
    moved: read.moved,
    bad: read.bad,
    time_units: read.time_units,
    days: read.days,
    ...(calendar === 'session' ? { gaps: null, missing: null } : { gaps: count, missing }),
    first: new Date(at(time, 0)).toISOString(),
    last: new Date(at(time, time.length - 1)).toISOString(),
    ...stored,
  };
}

interface Stored {
  readonly added: number;
  readonly replaced: number;
  readonly stored: number;
}

/** Counts what an import would do. Reads without the lock, as every reader does. */
async function judge(series: string, { read, onChanged }: Omit<Import, 'before'>): Promise<Stored> {
  const { candles, interval } = read;
  using duck = await openDuck();
  const before = await readManifest(series);
  let [added, replaced] = [0, 0];
  for (const { newer, older } of periodsOf(candles, interval, await storedAround(duck, series, read))) {
    const merged = merge(older, newer, onChanged);
    added += merged.added;
    replaced += merged.replaced;
  }
  return { added, replaced, stored: rowsOf(before) + added };
}

function write(series: string, { keepOld = false, ...given }: Omit<Import, 'before'>): Promise<Stored> {
  return changeSeries(series, async (duck, before) => {
    const { manifest, added, replaced } = await writeParts(duck, series, { before, ...given });
    if (keepOld && replaced > 0) throw specError('', WOULD_REPLACE, `${replaced} bars of the store would be replaced`);
    const stored = { added, replaced, stored: rowsOf(manifest) };
    return { manifest: added + replaced > 0 ? manifest : before, result: stored };
  });
}

/** Code of the problem of an import that may not replace bars and would. */
export const WOULD_REPLACE = 'would_replace';

interface Import extends Instrument {
  readonly before: Manifest | null;
  readonly read: CandleFile;
  readonly keepOld?: boolean | undefined;
  readonly onChanged?: OnChanged | undefined;
}

interface Written {
  /** The series as it will be; readers see the files it names when it replaces the old one. */
  readonly manifest: Manifest;
  readonly added: number;
  readonly replaced: number;
}

/** Writes the parts that change, each to a new file; the store still shows what it showed. */
export async function writeParts(
  duck: Duck,
  series: string,
  { before, read, market_id, symbol, onChanged }: Omit<Import, 'keepOld'>,
): Promise<Written> {
  const { candles, interval } = read;
  const parts = new Map(before?.parts.map((part) => [part.period, part]));
  let added = 0;
  let replaced = 0;
  for (const { period, newer, older } of periodsOf(candles, interval, await storedAround(duck, series, read))) {
    const merged = merge(older, newer, onChanged);
    if (merged.added + merged.replaced > 0)
      parts.set(period, await writeStorePart(duck, series, period, merged.candles));
    added += merged.added;
    replaced += merged.replaced;
  }
  const sorted = [...parts.values()].sort((a, b) => a.first - b.first);
  return { manifest: { version: 1, market_id, symbol, interval, parts: sorted }, added, replaced };
}

/** Reads what the store has in the periods that the new candles touch. */
function storedAround(duck: Duck, series: string, { candles: { time }, interval }: CandleFile): Promise<Candles> {
  return readSeries(duck, series, {
    start: periodOf(at(time, 0), interval).start,
    end: periodOf(at(time, time.length - 1), interval).end,
  });
}

interface Period {
  readonly period: string;
  readonly newer: Candles;
  readonly older: Candles;
}

function* periodsOf(candles: Candles, interval: Timeframe, stored: Candles): Generator<Period> {
  for (let from = 0; from < candles.time.length;) {
    const { period, start, end } = periodOf(at(candles.time, from), interval);
    const to = lowerBound(candles.time, end);
    yield { period, newer: sliceCandles(candles, from, to), older: between(stored, start, end) };
    from = to;
  }
}
