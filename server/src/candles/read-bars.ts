// A page of the bars of an instrument, rolled up as the engine does: from an instant on, or the last ones before another.
// Candles are read window by window, each of whole bars, so that a page of days needs no decade of minutes in memory. A bar
// without candles is left out; nothing is carried.

import { SpecError, TIMEFRAMES, type Candles, type Timeframe } from '@backtest-jobs/engine';
import { barFrom, barOpen, barsIn, COLUMNS, DAY_MS, sliceCandles, type Buckets } from '@backtest-jobs/engine/internal';
import { at } from './at.ts';
import {
  fittingSeries,
  missingCandles,
  sharedCandles,
  type CandleSource,
  type Coverage,
  type Instrument,
  type Range,
} from './source.ts';

export interface BarsWish extends Instrument {
  readonly timeframe: Timeframe;
  readonly buckets: Buckets;
  /** Null: the last bars before `end`. */
  readonly start: number | null;
  /** Null: up to the last candle. */
  readonly end: number | null;
  readonly limit: number;
}

export interface BarsPage {
  readonly bars: Candles;
  /** With `start`: where the next page begins; null: the range has no more. */
  readonly next_start: number | null;
  /** Without `start`: where the page before ends; null: there are no earlier bars. */
  readonly previous_end: number | null;
}

/** Base candles of one window, 20 MB, and those of a page: one that would need more is shorter than asked for. */
const WINDOW_CANDLES = 400_000;
const PAGE_CANDLES = 4_000_000;

/** @throws {SpecError} when the instrument has no candles, or none that roll up to the timeframe */
export async function readBars(source: CandleSource, wish: BarsWish): Promise<BarsPage> {
  const { market_id, symbol, timeframe, buckets, limit } = wish;
  const stored = await source.coverage({ market_id, symbol });
  const problems = missingCandles(stored, { market_id, symbol, timeframe });
  if (problems.length > 0) throw new SpecError(problems);
  const fitting = fittingSeries(stored, { market_id, symbol, timeframe });
  const shortest = Math.min(...fitting.map(({ interval }) => TIMEFRAMES[interval]));
  const { start: from, end: to } = spanOf(fitting, wish);
  const forward = wish.start !== null;
  const found: Candles[] = [];
  let [bars, candles] = [0, 0];
  let length = (limit + 1) * buckets.timeframeMs; // one more tells whether there is another page
  let edge = forward ? from : to;
  const last = forward ? to : from;
  while (edge !== last && bars <= limit && candles < PAGE_CANDLES) {
    const most = Math.min(length, WINDOW_CANDLES * shortest);
    const window = forward
      ? { start: edge, end: Math.min(to, barFrom(edge + most, buckets)) }
      : { start: Math.max(from, barOpen(edge - most, buckets)), end: edge };
    const read = await readWindow(source, fitting, wish, window);
    found.push(read.bars);
    bars += read.bars.time.length;
    candles += read.candles;
    edge = forward ? window.end : window.start;
    length *= 2; // where bars are missing
  }
  const more = edge === last ? null : edge;
  return forward ? firstBars(joined(found), limit, more) : lastBars(joined(found.reverse()), limit, more);
}

/** The bars that are asked for and may be there: from the open of one to that of another. */
function spanOf(fitting: readonly Coverage[], { start, end, buckets }: BarsWish): Range {
  const slack = slackOf(buckets);
  const first = Math.min(...fitting.map((one) => Date.parse(one.start))) - slack;
  const last = Math.max(...fitting.map((one) => Date.parse(one.end))) + slack;
  const from = Math.max(barOpen(first, buckets), barFrom(start ?? first, buckets));
  return { start: from, end: Math.max(from, barFrom(Math.min(end ?? last, last), buckets)) };
}

/** The candle of a day may have the time of a midnight before or after the open of its day. */
function slackOf({ clock }: Buckets): number {
  return clock === undefined ? 0 : DAY_MS;
}

async function readWindow(
  source: CandleSource,
  fitting: readonly Coverage[],
  { market_id, symbol, timeframe, buckets }: BarsWish,
  window: Range,
): Promise<{ readonly bars: Candles; readonly candles: number }> {
  const slack = slackOf(buckets);
  const range = { start: window.start - slack, end: window.end + slack };
  const isThere = fitting.some((one) => Date.parse(one.start) < range.end && Date.parse(one.end) > range.start);
  if (!isThere) return { bars: sharedCandles(0), candles: 0 };
  const read = await source.read({ market_id, symbol }, { timeframe, buckets, ...range });
  return { bars: barsIn(read.candles, read.baseMs, buckets, window), candles: read.candles.time.length };
}

function firstBars(bars: Candles, limit: number, more: number | null): BarsPage {
  const { time } = bars;
  const next_start = time.length > limit ? at(time, limit) : more;
  return { bars: sliceCandles(bars, 0, Math.min(limit, time.length)), next_start, previous_end: null };
}

function lastBars(bars: Candles, limit: number, more: number | null): BarsPage {
  const { time } = bars;
  const from = Math.max(0, time.length - limit);
  return {
    bars: sliceCandles(bars, from, time.length),
    next_start: null,
    previous_end: from > 0 ? at(time, from) : more,
  };
}

function joined(parts: readonly Candles[]): Candles {
  const whole = sharedCandles(parts.reduce((sum, { time }) => sum + time.length, 0));
  let from = 0;
  for (const part of parts) {
    for (const name of COLUMNS) whole[name].set(part[name], from);
    from += part.time.length;
  }
  return whole;
}
