// Where candles come from, as the rest of the product sees it: something that reads a range of one instrument and lists
// what there is. Which stored interval serves a timeframe is decided here, for every kind of source.

import {
  loadRange,
  SpecError,
  TIMEFRAMES,
  type Candles,
  type Problem,
  type Spec,
  type Timeframe,
} from '@backtest-jobs/engine';
import {
  bucketsOf,
  noCandles,
  readSymbol,
  sliceCandles,
  specError,
  type Buckets,
} from '@backtest-jobs/engine/internal';
import { at } from './at.ts';

export interface Instrument {
  readonly market_id: number;
  readonly symbol: string;
}

/** From `start` to before `end`, in epoch milliseconds. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Bars that open in a range. */
export interface Wanted extends Range {
  readonly timeframe: Timeframe;
  /** Bars of the timeframe; left out: those of the UTC day. */
  readonly buckets?: Buckets;
}

/** Returns the candles that a spec needs. */
export function wantedOf(spec: Spec): Wanted {
  return { ...loadRange(spec), timeframe: spec.template.timeframe, buckets: bucketsOf(spec) };
}

export interface CandleRead {
  /** At the base interval, on shared memory, so that threads need no copy. */
  readonly candles: Candles;
  readonly baseMs: number;
  /** Series that could have served and their bars of the timeframe that have a candle, the chosen one first. */
  readonly counted?: readonly { readonly interval: Timeframe; readonly bars: number }[];
}

/** One stored series. */
export interface Coverage extends Instrument {
  readonly interval: Timeframe;
  /** Open of the first bar and close of the last, as ISO instants. */
  readonly start: string;
  readonly end: string;
  /** Number of rows; a ClickHouse counts older versions of a bar too until it merges them. */
  readonly rows: number;
}

export interface CandleSource extends AsyncDisposable {
  /**
   * Reads a range. Throws SpecError when it has nothing for this wish, with what there is, and CandlesUnreachable while
   * the candles are unavailable.
   */
  read(instrument: Instrument, wanted: Wanted, signal?: AbortSignal): Promise<CandleRead>;
  /** Lists every series, by market, symbol and interval, or those of one instrument. */
  coverage(instrument?: Instrument): Promise<readonly Coverage[]>;
  /** Reads when the bars of a series open, all of them, ascending, to count gaps from. */
  times(series: Coverage, signal?: AbortSignal): Promise<Float64Array>;
  /** Reads the bars of one series that open in a range. */
  bars(series: Coverage, range: Range, signal?: AbortSignal): Promise<Candles>;
}

/** The store of the candles cannot be reached, whatever was tried; asking later may help. */
export class CandlesUnreachable extends Error {
  override readonly name = 'CandlesUnreachable';
}

/** Returns the series of an instrument that roll up to the timeframe and reach into the range; throws when none does. */
export function servingSeries(
  stored: readonly Coverage[],
  instrument: Instrument,
  wanted: Wanted,
): readonly Coverage[] {
  const { market_id, symbol } = instrument;
  const problems = missingCandles(stored, { market_id, symbol, timeframe: wanted.timeframe, range: wanted });
  if (problems.length > 0) throw new SpecError(problems);
  const fitting = fittingSeries(stored, { market_id, symbol, timeframe: wanted.timeframe });
  return fitting.filter((one) => overlap(one, wanted) > 0);
}

/** The part of a spec that needs candles. What is undefined is not judged. */
export interface CandleRequest extends Instrument {
  readonly timeframe?: Timeframe | undefined;
  /** [start, end) in epoch milliseconds. */
  readonly range?: { readonly start: number; readonly end: number } | undefined;
}

/** Lists why the stored series do not serve a wish, as problems of a spec, with what there is instead. */
export function missingCandles(stored: readonly Coverage[], wish: CandleRequest): readonly Problem[] {
  const name = `${wish.market_id}:${wish.symbol}`;
  const series = fittingSeries(stored, { market_id: wish.market_id, symbol: wish.symbol });
  if (series.length === 0) {
    const message = `there are no candles of ${name}; ${known(stored)}`;
    return [{ path: 'template.instrument_id', code: 'unknown_instrument', message }];
  }
  const problems: Problem[] = [];
  const fitting = fittingSeries(series, wish);
  if (fitting.length === 0) {
    const intervals = series.map(({ interval }) => interval).join(', ');
    const message = `must be a multiple of the interval of the candles of ${name}: ${intervals}`;
    problems.push({ path: 'template.timeframe', code: 'below_candle_interval', message });
  }
  const { range } = wish;
  const offered = fitting.length > 0 ? fitting : series;
  if (range && !offered.some((one) => overlap(one, range) > 0)) {
    const there = offered.map(({ interval, start, end }) => `${interval} candles from ${start} to ${end}`).join(', ');
    problems.push(noCandles(range, `of ${name} there are ${there}`));
  }
  return problems;
}

/** Selects the series of the instrument that roll up to the timeframe, if one is named. */
export function fittingSeries(
  stored: readonly Coverage[],
  { market_id, symbol, timeframe }: CandleRequest,
): readonly Coverage[] {
  const step = timeframe === undefined ? 0 : TIMEFRAMES[timeframe]; // every interval divides 0
  return stored.filter(
    (one) => one.market_id === market_id && one.symbol === symbol && step % TIMEFRAMES[one.interval] === 0,
  );
}

const MOST_NAMES = 20;

function known(coverage: readonly Coverage[]): string {
  const names = [...new Set(coverage.map(({ market_id, symbol }) => `${market_id}:${symbol}`))];
  if (names.length === 0) return '`backtest candles list` shows what there is, `backtest candles import` adds to it';
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `known are ${names.slice(0, MOST_NAMES).join(', ')}${more}`;
}

/** Returns how many milliseconds of the range a series reaches into; 0 or less when it does not. */
function overlap({ start, end }: Coverage, wanted: { readonly start: number; readonly end: number }): number {
  return Math.min(Date.parse(end), wanted.end) - Math.max(Date.parse(start), wanted.start);
}

/** Orders series by market, symbol and interval. */
export function bySeries(a: Coverage, b: Coverage): number {
  if (a.symbol === b.symbol || a.market_id !== b.market_id) {
    return a.market_id - b.market_id || TIMEFRAMES[a.interval] - TIMEFRAMES[b.interval];
  }
  return a.symbol < b.symbol ? -1 : 1;
}

/**
 * Returns the one spelling of a symbol that somebody wrote.
 * @throws {SpecError} for what a spec could not name either
 */
export function requireSymbol(text: string): string {
  const { symbol, problem } = readSymbol(text);
  if (problem !== null) throw specError('symbol', 'invalid_value', problem);
  return symbol;
}

/** Throws SpecError for what cannot be the id of a market. */
export function requireMarket(market_id: number): void {
  if (Number.isInteger(market_id) && market_id >= 1 && market_id <= 65_535) return;
  const message = `must be a whole number from 1 to 65,535, not ${market_id}`;
  throw new SpecError([{ path: 'market_id', code: 'invalid_value', message }]);
}

export function isInterval(name: string): name is Timeframe {
  return Object.hasOwn(TIMEFRAMES, name);
}

/** Allocates six columns of zeros on shared memory. */
export function sharedCandles(length: number): Candles {
  const column = (): Float64Array => new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
  return { time: column(), open: column(), high: column(), low: column(), close: column(), volume: column() };
}

/** Returns the bars that open in [start, end), as views. */
export function between(candles: Candles, start: number, end: number): Candles {
  return sliceCandles(candles, lowerBound(candles.time, start), lowerBound(candles.time, end));
}

/** Finds the first index whose time is not below `time`. */
export function lowerBound(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(times, middle) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
