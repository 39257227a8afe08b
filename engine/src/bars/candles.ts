// One OHLCV series as six columns. Everything in the engine reads columns; nothing holds bar objects.

/** `time` is the bar's open in epoch milliseconds UTC, strictly ascending; all six columns have equal length. */
export interface Candles {
  readonly time: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** The names of the six columns, in the order in which the digest of the ledger reads them. */
export const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

/** Series an indicator's `source` axis may name. */
export const SOURCES = ['open', 'high', 'low', 'close', 'volume', 'hl2', 'hlc3', 'ohlc4'] as const;
/** Name of a series; hl2, hlc3 and ohlc4 are the means of the prices they name, and that price where all are one. */
export type Source = (typeof SOURCES)[number];

/** Returns bars [from, to) as views on the same memory. */
export function sliceCandles(candles: Candles, from: number, to: number): Candles {
  return {
    time: candles.time.subarray(from, to),
    open: candles.open.subarray(from, to),
    high: candles.high.subarray(from, to),
    low: candles.low.subarray(from, to),
    close: candles.close.subarray(from, to),
    volume: candles.volume.subarray(from, to),
  };
}

/** Returns the named series, one value a bar. Plain columns are returned as they are, the means are new arrays. */
export function sourceSeries(candles: Candles, source: Source): Float64Array {
  const { open, high, low, close } = candles;
  if (source === 'hl2') return high.map((h, i) => (h + low[i]) / 2);
  // A third of three times a price can miss it, and a price that stands still would lie above or below itself.
  if (source === 'hlc3') return high.map((h, i) => (h === low[i] && h === close[i] ? h : (h + low[i] + close[i]) / 3));
  if (source === 'ohlc4') return open.map((o, i) => (o + high[i] + low[i] + close[i]) / 4);
  return candles[source];
}

/** Allocates bars of zeros. */
export function emptyCandles(bars: number): Candles {
  const column = (): Float64Array => new Float64Array(bars);
  return { time: column(), open: column(), high: column(), low: column(), close: column(), volume: column() };
}
