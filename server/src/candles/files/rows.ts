// Rows of a candle file on their way into columns: each is judged as it comes, faults are kept with their line, and at
// the end there is either a series with a list of the rows that are not in it, or an error that lists what to repair.

import { TIMEFRAMES, type Candles, type Timeframe } from '@backtest-jobs/engine';
import { COLUMNS, DAY_MS, specError } from '@backtest-jobs/engine/internal';
import { at } from '../at.ts';
import { sharedCandles, type CandleRead } from '../source.ts';
import { openBad, type Bad, type Named } from './bad-rows.ts';
import { INSTANT, resolveEpochs, type EpochUnit } from './epochs.ts';
import { intervalOf } from './grid.ts';
import type { MarketGrid } from './market-grid.ts';
import { orderOf, placeRows, timesOf, ROW_WIDTH, type Table } from './place-rows.ts';

export interface CandleFile extends CandleRead {
  readonly interval: Timeframe;
  /** Rows read, and how many of them repeated an earlier one, number for number. */
  readonly rows: number;
  readonly duplicates: number;
  /** Bars that two files of an archive have with different numbers; the later file counts. */
  readonly revised: number;
  /** Bars that opened seconds after their place on the grid and were put there. */
  readonly moved: Named;
  /** Rows that are no candles and were left out. */
  readonly bad: Named;
  /** Units that the epochs of the file were read in; empty when it has none. */
  readonly time_units: readonly EpochUnit[];
  /** Candles of days that opened at a midnight of the market and were put at that of UTC. */
  readonly days: number;
}

/** The columns of one row, in the order of COLUMNS, and behind them the kind of its time; without it an instant. */
export type Row = Float64Array;
export const KIND = COLUMNS.length;

export interface Finish {
  readonly interval?: string | undefined;
  /** True: the interval is a fact, which a few rows far apart do not contradict. */
  readonly sure?: boolean;
  /** True: however many rows are bad, the others are returned. */
  readonly tolerant?: boolean;
  /** True: the files are downloads of one series, and a later one may correct an earlier one. */
  readonly corrections?: boolean;
  /** Grid of a session market; without it that of UTC. */
  readonly grid?: MarketGrid | null | undefined;
}

export interface Rows {
  /** Names the file that the next rows come from, and what it counts. */
  enter(file: string, unit: 'line' | 'row'): void;
  add(line: number, row: Row): void;
  bad(line: number, reason: string): void;
  /** Returns the series, sorted; throws SpecError with the bad rows when they are too many to be accidents. */
  finish(options?: Finish): CandleFile;
}

// Forty years of minutes. A compressed file that unpacks to more is a bomb or needs splitting.
const MOST_ROWS = 21_000_000;
const KINDS = 4;

interface FilePart {
  readonly name: string;
  readonly unit: 'line' | 'row';
  /** Its first row. */
  readonly from: number;
}

/** Rows as they were read; `marks` has line and kind of each. */
interface Read {
  readonly origin: string;
  readonly files: FilePart[];
  readonly bad: Bad;
  cells: Float64Array<ArrayBuffer>;
  marks: Uint32Array<ArrayBuffer>;
  length: number;
}

/** Opens the rows of `origin`: a file or a folder. */
export function openRows(origin: string): Rows {
  const read: Read = {
    origin,
    files: [{ name: origin, unit: 'row', from: 0 }],
    bad: openBad(origin),
    cells: new Float64Array(4096 * ROW_WIDTH),
    marks: new Uint32Array(4096),
    length: 0,
  };
  let rejected = 0;
  const reject = (line: number, reason: string): void => {
    rejected += 1;
    const { name = origin, unit = 'row' } = read.files.at(-1) ?? {};
    read.bad.add(name, `${unit} ${line}: ${reason}`);
  };
  return {
    enter(name, unit) {
      read.files.push({ name, unit, from: read.length });
    },
    bad: reject,
    add(line, row) {
      const reason = faultOf(row);
      if (reason !== null) reject(line, reason);
      else keep(read, line, row);
    },
    finish: (options = {}) => finish(read, rejected, options),
  };
}

function keep(read: Read, line: number, row: Row): void {
  const { length } = read;
  if (length === MOST_ROWS) {
    throw specError(read.origin, 'too_large', `has more than ${MOST_ROWS.toLocaleString('en-US')} rows: split it`);
  }
  if (length === read.marks.length) {
    const [cells, marks] = [new Float64Array(length * 2 * ROW_WIDTH), new Uint32Array(length * 2)];
    cells.set(read.cells);
    marks.set(read.marks);
    [read.cells, read.marks] = [cells, marks];
  }
  for (let c = 0; c < ROW_WIDTH; c += 1) read.cells[length * ROW_WIDTH + c] = at(row, c);
  read.marks[length] = line * KINDS + (row[KIND] ?? INSTANT);
  read.length += 1;
}

function finish(read: Read, rejected: number, options: Finish): CandleFile {
  const { interval: given, sure = false, tolerant = false, corrections = false, grid = null } = options;
  const { origin, cells, length, files, bad } = read;
  const fileOf = (row: number): FilePart => files.findLast(({ from }) => from <= row) ?? fail();
  const lineOf = (row: number): string => `${fileOf(row).unit} ${Math.floor((read.marks[row] ?? 0) / KINDS)}`;
  const onBad = (row: number, reason: string): void => bad.add(fileOf(row).name, `${lineOf(row)}: ${reason}`);
  const time_units = resolveEpochs(epochsOf(read, onBad), origin);
  const table: Table = { cells, length, lineOf, fileOf };
  const sorted = orderOf(table);
  const usable = sorted?.length ?? length;
  bad.requireFew(usable, tolerant);
  if (usable === 0) throw specError(origin, 'no_candles', 'has no rows');
  const interval = intervalOf(origin, timesOf(table, sorted), given, sure);
  const days = interval === '1d' && grid !== null ? putDays(table, grid) : 0;
  const moved = openBad(origin);
  const onMoved = (row: number, to: number): void => {
    moved.add(fileOf(row).name, `${lineOf(row)}: opened ${iso(at(cells, row * ROW_WIDTH))}, put at ${iso(to)}`);
  };
  const placed = placeRows(table, sorted, { file: origin, interval, corrections, grid, onBad, onMoved });
  bad.requireFew(placed.times.length, tolerant);
  const candles = columnsOf(cells, placed.rows, placed.times);
  const { duplicates, revised } = placed;
  const counts = {
    rows: length + rejected,
    duplicates,
    revised,
    moved: moved.named(),
    bad: bad.named(),
    time_units,
    days,
  };
  return { candles, baseMs: TIMEFRAMES[interval], interval, ...counts };
}

/** Puts candles of days at the midnight in UTC of their date; returns how many were elsewhere. */
function putDays({ cells, length }: Table, grid: MarketGrid): number {
  let days = 0;
  for (let row = 0; row < length; row += 1) {
    const time = at(cells, row * ROW_WIDTH);
    const day = time % DAY_MS === 0 ? Number.NaN : grid.dayOf(time);
    if (Number.isNaN(day)) continue;
    cells[row * ROW_WIDTH] = day;
    days += 1;
  }
  return days;
}

function epochsOf({ cells, marks, length, files }: Read, reject: (row: number, reason: string) => void) {
  return {
    length,
    files,
    kind: (row: number): number => (marks[row] ?? 0) % KINDS,
    time: (row: number): number => at(cells, row * ROW_WIDTH),
    set: (row: number, time: number): void => void (cells[row * ROW_WIDTH] = time),
    reject,
  };
}

const [OPEN, HIGH, LOW, CLOSE, VOLUME] = [1, 2, 3, 4, 5] as const;

/** Returns why a row is no candle, or null. Open and close outside [low, high] are left alone: real feeds have them. */
function faultOf(row: Row): string | null {
  for (let c = OPEN; c <= CLOSE; c += 1) {
    const price = at(row, c);
    if (!(price > 0 && price < Number.POSITIVE_INFINITY))
      return `${COLUMNS[c]} must be a positive number, not ${price}`;
  }
  const volume = at(row, VOLUME);
  if (!(volume >= 0 && volume < Number.POSITIVE_INFINITY)) return `volume must be 0 or more, not ${volume}`;
  const [high, low] = [at(row, HIGH), at(row, LOW)];
  return high < low ? `high ${high} is below low ${low}` : null;
}

/** Copies these rows, or the first ones as they are. */
function columnsOf(cells: Float64Array, rows: Uint32Array | null, times: Float64Array): Candles {
  const candles = sharedCandles(times.length);
  candles.time.set(times);
  for (const [c, name] of COLUMNS.entries()) {
    if (c === 0) continue;
    const column = candles[name];
    for (let i = 0; i < times.length; i += 1) column[i] = at(cells, (rows?.[i] ?? i) * ROW_WIDTH + c);
  }
  return candles;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

function fail(): never {
  throw new Error('a row belongs to no file');
}
