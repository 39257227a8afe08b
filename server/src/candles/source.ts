// Where candles come from, as the rest of the product sees it: something that reads a range of one instrument and
// tells what there is. Which stored interval serves a timeframe is decided here, for every kind of source.
import { sliceCandles, specError, TIMEFRAMES, type Candles, type Timeframe } from '@backtest-jobs/engine';

export interface Instrument {
  readonly market_id: number;
  readonly symbol: string;
}

/** Bars that open in [start, end), in epoch milliseconds. */
export interface Wanted {
  readonly start: number;
  readonly end: number;
  readonly timeframe: Timeframe;
}

export interface CandleRead {
  /** At the base interval, on shared memory, so that threads need no copy. */
  readonly candles: Candles;
  readonly baseMs: number;
}

/** One stored series. */
export interface Coverage extends Instrument {
  readonly interval: Timeframe;
  /** ISO; open of the first bar and close of the last. */
  readonly start: string;
  readonly end: string;
  readonly rows: number;
}

export interface CandleSource extends AsyncDisposable {
  /** Throws SpecError when it has nothing for this wish; the message says what there is. */
  read(instrument: Instrument, wanted: Wanted): Promise<CandleRead>;
  /** Every series, by market, symbol and interval. */
  coverage(): Promise<readonly Coverage[]>;
}

/**
 * Of the stored series of an instrument, the one to roll up: among those whose interval divides the timeframe the one
 * that covers most of the range, and among equals the one with the largest interval, because it is the least to read.
 */
export function chooseSeries(stored: readonly Coverage[], instrument: Instrument, wanted: Wanted): Coverage {
  const { market_id, symbol } = instrument;
  const name = `${market_id}:${symbol}`;
  const series = stored.filter((one) => one.market_id === market_id && one.symbol === symbol);
  if (series.length === 0)
    throw specError('template.instrument_id', 'unknown_instrument', `there are no candles of ${name}`);
  const step = TIMEFRAMES[wanted.timeframe];
  const fitting = series.filter(({ interval }) => step % TIMEFRAMES[interval] === 0);
  if (fitting.length === 0) {
    const intervals = series.map(({ interval }) => interval).join(', ');
    const message = `must be a multiple of the interval of the candles of ${name}: ${intervals}`;
    throw specError('template.timeframe', 'below_candle_interval', message);
  }
  const best = fitting.reduce((a, b) => {
    const more = overlap(b, wanted) - overlap(a, wanted);
    return more > 0 || (more === 0 && TIMEFRAMES[b.interval] > TIMEFRAMES[a.interval]) ? b : a;
  });
  if (overlap(best, wanted) <= 0) {
    const there = fitting.map(({ interval, start, end }) => `${interval} candles from ${start} to ${end}`).join(', ');
    throw specError('time_range', 'no_candles', `no market data for requested range: of ${name} there are ${there}`);
  }
  return best;
}

/** Milliseconds of the range that a series reaches into; 0 or less when it does not. */
function overlap({ start, end }: Coverage, wanted: Wanted): number {
  return Math.min(Date.parse(end), wanted.end) - Math.max(Date.parse(start), wanted.start);
}

/** Market, symbol, interval. */
export function bySeries(a: Coverage, b: Coverage): number {
  if (a.symbol === b.symbol || a.market_id !== b.market_id) {
    return a.market_id - b.market_id || TIMEFRAMES[a.interval] - TIMEFRAMES[b.interval];
  }
  return a.symbol < b.symbol ? -1 : 1;
}

export function isInterval(name: string): name is Timeframe {
  return Object.hasOwn(TIMEFRAMES, name);
}

/** Six columns on shared memory, zeros for now. */
export function sharedCandles(length: number): Candles {
  const column = (): Float64Array => new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
  return { time: column(), open: column(), high: column(), low: column(), close: column(), volume: column() };
}

/** The bars that open in [start, end), as views. */
export function between(candles: Candles, start: number, end: number): Candles {
  return sliceCandles(candles, lowerBound(candles.time, start), lowerBound(candles.time, end));
}

/** The first index whose time is not below `time`. */
export function lowerBound(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Number.NaN) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
