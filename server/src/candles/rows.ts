// Rows of a candle file on their way into columns: each is judged as it comes, faults are kept with their line, and at
// the end there is either a clean series or an error that lists what to repair.

import { SpecError, TIMEFRAMES, type Candles, type Problem, type Timeframe } from '@backtest-jobs/engine';
import { COLUMNS, deduceInterval, specError } from '@backtest-jobs/engine/internal';
import { at } from './at.ts';
import { isInterval, sharedCandles, type CandleRead } from './source.ts';

export interface CandleFile extends CandleRead {
  readonly interval: Timeframe;
  /** Rows read, and how many of them had the time of an earlier one (the later row counts). */
  readonly rows: number;
  readonly duplicates: number;
}

/** The columns of one row, in the order of COLUMNS. */
type Row = Float64Array;

export interface Rows {
  /** Names the file that the next rows come from, and what it counts. */
  enter(file: string, unit: 'line' | 'row'): void;
  add(line: number, row: Row): void;
  bad(line: number, reason: string): void;
  /**
   * Returns the series, sorted; throws SpecError with the bad rows when there are any.
   * @param sure the interval is a fact: a few rows far apart do not contradict it
   */
  finish(interval: string | undefined, sure?: boolean): CandleFile;
}

// Forty years of minutes. A compressed file that unpacks to more is a bomb or needs splitting.
const MOST_ROWS = 21_000_000;
const SHOWN = 20;

/** Opens the rows of `origin`: a file or a folder. */
export function openRows(origin: string): Rows {
  let [file, unit] = [origin, 'row'];
  let cells = new Float64Array(4096 * WIDTH); // row after row
  let length = 0;
  let latest = Number.NEGATIVE_INFINITY;
  let ascending = true;
  let faults = 0;
  const bad: Problem[] = [];
  const reject = (line: number, message: string): void => {
    faults += 1;
    if (bad.length < SHOWN) bad.push({ path: file, code: 'bad_row', message: `${unit} ${line}: ${message}` });
  };
  return {
    enter(nextFile, nextUnit) {
      [file, unit] = [nextFile, nextUnit];
    },
    bad: reject,
    add(line, row) {
      const reason = faultOf(row);
      if (reason !== null) return reject(line, reason);
      if (length === MOST_ROWS) {
        throw specError(origin, 'too_large', `has more than ${MOST_ROWS.toLocaleString('en-US')} rows: split it`);
      }
      if (length * WIDTH === cells.length) cells = doubled(cells);
      cells.set(row, length * WIDTH);
      const time = at(row, TIME);
      ascending &&= time > latest;
      latest = time;
      length += 1;
    },
    finish(given, sure = false) {
      if (faults > SHOWN) bad.push({ path: origin, code: 'bad_row', message: `and ${faults - SHOWN} more bad rows` });
      if (bad.length > 0) throw new SpecError(bad);
      if (length === 0) throw specError(origin, 'no_candles', 'has no rows');
      const candles = ascending ? columnsOf(cells, null, length) : columnsOf(cells, newestByTime(cells, length));
      const interval = intervalOf(origin, candles.time, given, sure);
      const duplicates = length - candles.time.length;
      return { candles, baseMs: TIMEFRAMES[interval], interval, rows: length, duplicates };
    },
  };
}

const WIDTH = COLUMNS.length;
const [TIME, OPEN, HIGH, LOW, CLOSE, VOLUME] = [0, 1, 2, 3, 4, 5] as const;

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

function doubled(cells: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(cells.length * 2);
  larger.set(cells);
  return larger;
}

/** Sorts row numbers by time; of rows with one time only the last is kept. */
function newestByTime(cells: Float64Array, length: number): Uint32Array {
  const rows = Uint32Array.from({ length }, (_, row) => row);
  const time = (row: number): number => at(cells, row * WIDTH + TIME);
  rows.sort((a, b) => time(a) - time(b) || a - b);
  return rows.filter((row, i) => i + 1 === rows.length || time(rows[i + 1] ?? row) !== time(row));
}

/** Copies these rows, or the first `length` as they are. */
function columnsOf(cells: Float64Array, rows: Uint32Array | null, length = rows?.length ?? 0): Candles {
  const candles = sharedCandles(length);
  for (const [c, name] of COLUMNS.entries()) {
    const column = candles[name];
    for (let i = 0; i < length; i += 1) column[i] = at(cells, (rows?.[i] ?? i) * WIDTH + c);
  }
  return candles;
}

/** Returns the interval that was given, or that of the times; every time must lie on its grid. */
function intervalOf(file: string, times: Float64Array, given: string | undefined, sure: boolean): Timeframe {
  const known = Object.keys(TIMEFRAMES).join(', ');
  if (given !== undefined && !isInterval(given)) {
    throw specError('interval', 'invalid_value', `must be one of ${known}, not ${JSON.stringify(given)}`);
  }
  const deduced = deducedInterval(times);
  if (!sure && given !== undefined && deduced !== null && contradicts(given, deduced, times)) {
    throw specError(
      'interval',
      'invalid_value',
      `must be ${deduced}, as the times in ${file} say, not ${given}; or leave it out`,
    );
  }
  const interval = given ?? deduced;
  if (interval === null) {
    throw specError(file, 'no_interval', `the interval cannot be deduced from its times, give it: one of ${known}`);
  }
  const off = times.find((time) => time % TIMEFRAMES[interval] !== 0);
  if (off !== undefined) {
    const message = `${interval} candles must open on the ${interval} grid of UTC, and the one of ${new Date(off).toISOString()} does not`;
    throw specError(file, 'bad_time', message);
  }
  return interval;
}

/** Reports whether most rows are nearer to each other than given, or all of them are bars of a larger interval. */
function contradicts(given: Timeframe, deduced: Timeframe, times: Float64Array): boolean {
  const [one, other] = [TIMEFRAMES[given], TIMEFRAMES[deduced]];
  return other < one || (other > one && times.every((time) => time % other === 0));
}

/** Names the interval of these times; null when it is none of ours. */
function deducedInterval(times: Float64Array): Timeframe | null {
  const interval = deduceInterval(times);
  const names = Object.keys(TIMEFRAMES).filter(isInterval);
  return names.find((name) => TIMEFRAMES[name] === interval) ?? null;
}
