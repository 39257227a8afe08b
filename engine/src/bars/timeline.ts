// From candles of a base interval to the bars a strategy sees: rolled up to the timeframe, with warm-up bars for the
// indicators before the target slice that is traded, and with a ledger of what was there and what was not.

import { specError, SpecError } from '../problems.ts';
import { DAY_MS, MINUTE_MS, TIMEFRAMES, type Spec } from '../spec.ts';
import { emptyCandles, sliceCandles, type Candles } from './candles.ts';
import { markCarried } from './carried.ts';
import { checkCandles, isTime } from './check-candles.ts';
import { deduceInterval } from './interval.ts';
import { ledgerOf, type Ledger } from './ledger.ts';
import { noCandles } from './no-candles.ts';
import { barEnd, barFrom, barOpen, bucketsOf, type Buckets } from './timeframe.ts';

/** The bars of a spec, and what they were made from. */
export interface Timeline extends Buckets {
  /** Bars of the timeframe, warm-up first. */
  readonly candles: Candles;
  /** The target slice is [first, end). */
  readonly first: number;
  readonly end: number;
  /** 1 for each bar of the target slice that had no candle; null if all had one. */
  readonly carried: Uint8Array | null;
  readonly ledger: Ledger;
}

/** Returns the range of base candles that a spec needs, warm-up included: [start, end) in epoch milliseconds. */
export function loadRange(spec: Spec): { start: number; end: number } {
  const buckets = bucketsOf(spec);
  const { timeframeMs, clock } = buckets;
  const warmup = spec.warmup_bars * timeframeMs;
  const stretched = spec.runtime.calendar === 'session' ? stretch(warmup, timeframeMs) : warmup;
  // The candle of a day may have the time of the midnight before it.
  const dated = clock === undefined ? 0 : DAY_MS;
  return { start: targetStart(spec, buckets) - stretched - dated, end: Date.parse(spec.time_range.end) };
}

/**
 * Returns a calendar time that surely holds the bars of a warm-up. An exchange opens 252 days of 365 and at least 6
 * hours of each, and closes for two weeks at worst; too much does no harm, because a timeline keeps `warmup_bars` of
 * it.
 */
function stretch(warmup: number, timeframeMs: number): number {
  if (warmup === 0) return 0;
  const barsOfDay = Math.max(1, Math.floor((6 * TIMEFRAMES['1h']) / timeframeMs));
  const days = (warmup / timeframeMs / barsOfDay) * (365 / 252) + 14;
  return Math.ceil(days) * TIMEFRAMES['1d'];
}

/**
 * Rolls base candles up to the timeframe of a spec, with the warm-up before the target slice.
 * @param candles of the base interval; may reach further than the spec asks
 * @param baseMs their interval, if it is known; else it is deduced
 * @throws {SpecError} when a candle is broken, the timeframe is no multiple of the interval, or no bar is in range
 */
export function timeline(candles: Candles, spec: Spec, baseMs: number | null = deduceInterval(candles.time)): Timeline {
  const buckets = bucketsOf(spec);
  const base = baseMs ?? buckets.timeframeMs;
  if (buckets.timeframeMs % base !== 0) throw notMultiple(spec, base);
  const { start, end } = loadRange(spec);
  // A bar that would close after the end does not count, and its candles say nothing about the bars before it.
  const range = { start, end: barOpen(end, buckets) };
  const { rows, duplicates } = usable(candles, base, buckets, range);
  const bars = rollUp(rows, buckets, spec.runtime.calendar === 'continuous');
  const target = targetStart(spec, buckets);
  const first = bars.time.findIndex((time) => time >= target);
  if (first < 0) throw noBars(candles, spec);
  const spare = Math.max(0, first - spec.warmup_bars);
  const kept = sliceCandles(bars, spare, bars.time.length);
  const used = from(rows, kept.time[0]);
  // A warm-up asks for more than there may be: what lies before the first candle is no gap, unless it is of the target.
  const counted = { start: Math.min(target, kept.time[0]), end: range.end };
  const ledger = ledgerOf(
    { rows: used, bars: kept, first: first - spare, duplicates, base, buckets, range: counted },
    spec,
  );
  const carried = ledger.carried_bars === 0 ? null : markCarried(bars.time.subarray(first), used.time);
  return { candles: kept, first: first - spare, end: kept.time.length, ...buckets, carried, ledger };
}

/**
 * Rolls candles up as a timeline does, without a spec: the bars that open in a range and have a candle.
 * @throws {SpecError} when a candle is broken or closes after its bar
 */
export function barsIn(
  candles: Candles,
  base: number,
  buckets: Buckets,
  { start, end }: { readonly start: number; readonly end: number },
): Candles {
  const range = { start: barFrom(start, buckets), end: barFrom(end, buckets) };
  return rollUp(usable(candles, base, buckets, range).rows, buckets, false);
}

/** Returns the candles of a range, checked, at the opens of their bars where those are days. */
function usable(candles: Candles, base: number, buckets: Buckets, range: Parameters<typeof checkCandles>[1]) {
  const checked = checkCandles(atOpens(candles, base, buckets), range);
  requireWithin(checked.rows, base, buckets);
  return checked;
}

/** Returns the open of the first bar that may be in the target slice. */
function targetStart({ time_range }: Spec, buckets: Buckets): number {
  return barFrom(Date.parse(time_range.start), buckets);
}

/**
 * Gives candles of a day the open of their day as their time, where bars follow the day of a market: midnight in UTC or in
 * its zone stands for the day of that date, any other time for the day that it lies in.
 */
function atOpens(candles: Candles, base: number, { clock }: Buckets): Candles {
  if (base !== DAY_MS || clock === undefined) return candles;
  const openOf = (time: number): number => {
    if (!isTime(time)) return time; // which is told where candles are checked
    const date = [time, clock.local(time)].find((one) => one % DAY_MS === 0);
    return date === undefined ? clock.open(time) : clock.openOfDate(date);
  };
  return { ...candles, time: candles.time.map(openOf) };
}

/** Refuses candles that close after the bar they open in, which would know more than the bar may. */
function requireWithin(rows: Candles, base: number, buckets: Buckets): void {
  const across = findAcross(rows.time, base, buckets);
  if (across === undefined) return;
  const bar = barOpen(across, buckets);
  const bars = `the bar from ${iso(bar)} to ${iso(barEnd(bar, buckets))}`;
  const way =
    'import candles of a shorter interval, or let the day of the market begin (day_begins, zone) where a candle opens';
  const message = `the candle of ${base / MINUTE_MS} minutes that opens at ${iso(across)} closes after ${bars}: ${way}`;
  throw specError('template.timeframe', 'candles_across_bars', message);
}

/**
 * Finds the first candle that closes after its bar, where bars follow the day of a market. The candle of a day stands for
 * that day. One that does not open on a whole minute is out of place, and goes to the bar it opens in as everywhere.
 */
function findAcross(opens: Float64Array, base: number, buckets: Buckets): number | undefined {
  if (buckets.clock === undefined || base === DAY_MS) return undefined;
  return opens.find((open) => open % MINUTE_MS === 0 && open + base > barEnd(barOpen(open, buckets), buckets));
}

/** Reports whether no candle of an interval closes after its bar. */
export function candlesFit(opens: Float64Array, base: number, buckets: Buckets): boolean {
  return findAcross(opens, base, buckets) === undefined;
}

/** Returns the candles that open at `start` or later. */
function from(rows: Candles, start: number): Candles {
  const first = rows.time.findIndex((time) => time >= start);
  return sliceCandles(rows, first, rows.time.length);
}

/**
 * Rolls candles of a base interval up to bars: open of the first candle of a bucket, close of the last, highest high,
 * lowest low, sum of volumes. One bar for each bucket with candles; with `carry`, for buckets in UTC, the empty ones
 * between them too, at the close before and with volume 0.
 */
export function rollUp(rows: Candles, buckets: Buckets, carry: boolean): Candles {
  const { timeframeMs } = buckets;
  const bars = emptyCandles(countBars(rows.time, buckets, carry));
  let bar = -1;
  for (let row = 0; row < rows.time.length; row += 1) {
    const bucket = barOpen(rows.time[row], buckets);
    if (bar >= 0 && bars.time[bar] === bucket) {
      bars.high[bar] = Math.max(bars.high[bar], rows.high[row]);
      bars.low[bar] = Math.min(bars.low[bar], rows.low[row]);
      bars.close[bar] = rows.close[row];
      bars.volume[bar] += rows.volume[row];
      continue;
    }
    const empty = carry && bar >= 0 ? (bucket - bars.time[bar]) / timeframeMs - 1 : 0;
    for (let carried = 0; carried < empty; carried += 1) {
      bar += 1;
      carryForward(bars, bar, timeframeMs);
    }
    bar += 1;
    bars.time[bar] = bucket;
    bars.open[bar] = rows.open[row];
    bars.high[bar] = rows.high[row];
    bars.low[bar] = rows.low[row];
    bars.close[bar] = rows.close[row];
    bars.volume[bar] = rows.volume[row];
  }
  return bars;
}

function carryForward(bars: Candles, bar: number, timeframeMs: number): void {
  const close = bars.close[bar - 1];
  bars.time[bar] = bars.time[bar - 1] + timeframeMs;
  for (const column of [bars.open, bars.high, bars.low, bars.close]) column[bar] = close;
}

function countBars(time: Float64Array, buckets: Buckets, carry: boolean): number {
  if (time.length === 0) return 0;
  const opens = time.map((one) => barOpen(one, buckets));
  if (carry) return (opens[opens.length - 1] - opens[0]) / buckets.timeframeMs + 1;
  return opens.reduce((count, open, row) => count + Number(row === 0 || open !== opens[row - 1]), 0);
}

function notMultiple({ template: { timeframe } }: Spec, base: number): SpecError {
  const message = `${timeframe} (${TIMEFRAMES[timeframe]} ms) must be a multiple of the interval of the candles, ${base} ms`;
  return specError('template.timeframe', 'below_candle_interval', message);
}

function noBars({ time }: Candles, { time_range }: Spec): SpecError {
  const offered =
    time.length === 0
      ? 'no candles were given'
      : `candles were given from ${iso(time[0])} to ${iso(time[time.length - 1])}`;
  const range = { start: Date.parse(time_range.start), end: Date.parse(time_range.end) };
  return new SpecError([noCandles(range, offered)]);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
