// The rows of a file in their places on the grid: sorted by time, bars of an outage put into the minute they open in, and
// of rows with one time one. Two bars of one time that differ are never settled by chance.

import { SpecError, TIMEFRAMES, type Problem, type Timeframe } from '@backtest-jobs/engine';
import { COLUMNS, specError } from '@backtest-jobs/engine/internal';
import { at } from '../at.ts';
import { gridHelp, minuteOf, offGrid } from './grid.ts';
import type { MarketGrid } from './market-grid.ts';

/** Rows as they were read, one after the other, six cells each. */
export interface Table {
  readonly cells: Float64Array;
  readonly length: number;
  /** Returns the place of a row, as in `line 4`. */
  readonly lineOf: (row: number) => string;
  readonly fileOf: (row: number) => { readonly name: string };
}

export interface PlaceOptions {
  /** File or folder, for messages. */
  readonly file: string;
  readonly interval: Timeframe;
  /** Grid of a session market; null: that of UTC. */
  readonly grid: MarketGrid | null;
  /** True: of two files that have a bar with other numbers the later one counts. */
  readonly corrections: boolean;
  readonly onBad: (row: number, reason: string) => void;
  readonly onMoved: (row: number, to: number) => void;
}

export interface Placed {
  /** Rows in order of time; null: all, as they are. */
  readonly rows: Uint32Array | null;
  /** Time of each of them, on the grid. */
  readonly times: Float64Array;
  readonly duplicates: number;
  readonly revised: number;
}

export const ROW_WIDTH = COLUMNS.length;
const NAMED = 20;

/** Returns the rows that have a time, in order of time; null when they all do and are in order already. */
export function orderOf({ cells, length }: Table): Uint32Array | null {
  let latest = Number.NEGATIVE_INFINITY;
  let ascending = true;
  for (let row = 0; row < length && ascending; row += 1) {
    const time = at(cells, row * ROW_WIDTH);
    ascending = time > latest;
    latest = time;
  }
  if (ascending) return null;
  const time = (row: number): number => at(cells, row * ROW_WIDTH);
  const rows = Uint32Array.from({ length }, (_, row) => row).filter((row) => !Number.isNaN(time(row)));
  return rows.sort((a, b) => time(a) - time(b) || a - b);
}

export function timesOf({ cells, length }: Table, rows: Uint32Array | null): Float64Array {
  if (rows !== null) return Float64Array.from(rows, (row) => at(cells, row * ROW_WIDTH));
  return Float64Array.from({ length }, (_, row) => at(cells, row * ROW_WIDTH));
}

/**
 * Puts sorted rows on the grid.
 * @throws {SpecError} with the lines of bars that have one time and other numbers
 */
export function placeRows(table: Table, sorted: Uint32Array | null, options: PlaceOptions): Placed {
  const times = timesOf(table, sorted);
  const step = TIMEFRAMES[options.interval];
  const onGrid = times.every((time) => time % step === 0) || isOnMarketGrid(times, step, options);
  if (sorted === null && onGrid) return { rows: null, times, duplicates: 0, revised: 0 };
  const rows = sorted ?? Uint32Array.from({ length: table.length }, (_, row) => row);
  const places = onGrid ? listed(rows, times) : onTheGrid(rows, times, step, options);
  return settle(table, places, options);
}

function isOnMarketGrid(times: Float64Array, step: number, { grid }: PlaceOptions): boolean {
  return grid !== null && times.every((time) => grid.fits(time, step));
}

/** Returns what says whether a minute is on the grid: that of the market when most of the bars are on no other. */
function gridFor(times: Float64Array, step: number, { grid }: PlaceOptions): (minute: number) => boolean {
  const utc = (minute: number): boolean => minute % step === 0;
  if (grid === null || times.filter((time) => utc(minuteOf(time))).length * 2 > times.length) return utc;
  return (minute) => grid.fits(minute, step);
}

interface Place {
  readonly row: number;
  readonly time: number;
  readonly moved: boolean;
}

function listed(rows: Uint32Array, times: Float64Array): readonly Place[] {
  return Array.from(rows, (row, i) => ({ row, time: at(times, i), moved: false }));
}

/** Floors what opens seconds late to its minute, reports what is not on the grid then, and sorts. */
function onTheGrid(rows: Uint32Array, times: Float64Array, step: number, options: PlaceOptions): readonly Place[] {
  const places: Place[] = [];
  const fits = gridFor(times, step, options);
  requireMostOnGrid(times, fits, options);
  for (const [i, row] of rows.entries()) {
    const opened = at(times, i);
    const time = minuteOf(opened);
    if (fits(time)) places.push({ row, time, moved: time !== opened });
    else options.onBad(row, offGrid(options.interval, opened));
  }
  return places.sort((a, b) => a.time - b.time || Number(a.moved) - Number(b.moved) || a.row - b.row);
}

/** Refuses a file most of whose bars open off the grid: their times mean something else. */
function requireMostOnGrid(
  times: Float64Array,
  fits: (minute: number) => boolean,
  { file, interval }: PlaceOptions,
): void {
  const off = times.filter((time) => !fits(minuteOf(time)));
  if (off.length * 2 <= times.length) return;
  const first = at(off, 0);
  throw specError(file, 'bad_time', `${offGrid(interval, first)}: ${gridHelp(interval, first)}`);
}

/** Keeps one row of each time. */
function settle(table: Table, places: readonly Place[], { corrections, onBad, onMoved }: PlaceOptions): Placed {
  const kept: Place[] = [];
  const conflicts: Problem[] = [];
  let [duplicates, revised, conflicting] = [0, 0, 0];
  for (const place of places) {
    const other = kept.at(-1);
    if (other === undefined || other.time !== place.time) {
      kept.push(place);
      continue;
    }
    if (equal(table, other.row, place.row)) duplicates += 1;
    else if (place.moved) {
      onBad(
        place.row,
        `opens ${iso(at(table.cells, place.row * ROW_WIDTH))}, and its place on the grid is taken by ${table.lineOf(other.row)}`,
      );
    } else if (corrections && table.fileOf(other.row) !== table.fileOf(place.row)) {
      revised += 1;
      kept[kept.length - 1] = place;
    } else {
      conflicting += 1;
      if (conflicts.length < NAMED) conflicts.push(conflict(table, other.row, place));
    }
  }
  if (conflicting > 0) throw new SpecError([...conflicts, hint(conflicting, conflicts)]);
  for (const { row, time, moved } of kept) if (moved) onMoved(row, time);
  const rows = Uint32Array.from(kept, ({ row }) => row);
  return { rows, times: Float64Array.from(kept, ({ time }) => time), duplicates, revised };
}

function equal({ cells }: Table, a: number, b: number): boolean {
  for (let c = 1; c < ROW_WIDTH; c += 1) if (cells[a * ROW_WIDTH + c] !== cells[b * ROW_WIDTH + c]) return false;
  return true;
}

function conflict({ lineOf, fileOf }: Table, first: number, { row, time }: Place): Problem {
  const file = fileOf(first) === fileOf(row) ? '' : ` of ${fileOf(first).name}`;
  const message = `${lineOf(row)}: has the time of ${lineOf(first)}${file}, ${iso(time)}, and other numbers`;
  return { path: fileOf(row).name, code: 'bad_time', message };
}

function hint(count: number, [first]: readonly Problem[]): Problem {
  const message =
    `${count.toLocaleString('en-US')} times have two different bars. An hour comes twice where a local time leaves summer time: ` +
    'say its zone with --timezone, like America/New_York. Bars of several symbols or markets are imported one by one: the column that names them is said with --symbol-column';
  return { path: first?.path ?? '', code: 'bad_time', message };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
