// Which stored series serves a wish: the one with bars where they are wanted. First and last times say nothing of what
// lies between them, so bars are counted where there is a choice.

import { TIMEFRAMES, type Ledger, type Timeframe } from '@backtest-jobs/engine';
import { barOpen, candlesFit } from '@backtest-jobs/engine/internal';
import { at } from './at.ts';
import { lowerBound, servingSeries, type CandleRead, type Coverage, type Instrument, type Wanted } from './source.ts';

/** A series and how many of the wanted bars have a candle in it. */
export interface CountedSeries {
  readonly interval: Timeframe;
  readonly bars: number;
}

export interface Choice {
  readonly series: Coverage;
  /** What was counted, the chosen series first; empty where there was no choice. */
  readonly counted: readonly CountedSeries[];
}

/** Reads when the bars of a series open that lie in a range. */
export type ReadTimes = (series: Coverage, range: Wanted) => Promise<Float64Array>;

/**
 * Chooses among the series of an instrument whose intervals divide the timeframe, those that fit its bars before others, the
 * one with candles in most bars, among equals the one whose candles cover most time, and among equals of these the one with the largest interval, because it
 * is the least to read.
 * @throws {SpecError} when none serves
 */
export async function chooseCovered(
  stored: readonly Coverage[],
  instrument: Instrument,
  wanted: Wanted,
  readTimes: ReadTimes,
): Promise<Choice> {
  const serving = servingSeries(stored, instrument, wanted);
  const [first, ...others] = [...serving].sort((a, b) => TIMEFRAMES[b.interval] - TIMEFRAMES[a.interval]);
  if (first === undefined) throw new Error('no series serves, and no problem says so');
  if (others.length === 0) return { series: first, counted: [] };
  const counts: Count[] = [];
  for (const series of [first, ...others]) {
    const count = countBars(series, await readTimes(series, wanted), wanted);
    counts.push(count);
    if (count.fits && count.covered >= wanted.end - wanted.start) break; // no series can have more
  }
  counts.sort((a, b) => Number(b.fits) - Number(a.fits) || b.bars - a.bars || b.covered - a.covered);
  const counted = counts.map(({ series: { interval }, bars }) => ({ interval, bars }));
  return { series: counts[0]?.series ?? first, counted };
}

/** Adds to the ledger of a result which series was read, where there was a choice. */
export function tellChoice<T extends { readonly ledger: Ledger }>(result: T, { counted = [] }: CandleRead): T {
  return counted.length < 2 ? result : { ...result, ledger: { ...result.ledger, series: counted } };
}

interface Count {
  readonly series: Coverage;
  readonly bars: number;
  /** Time that the candles cover, in milliseconds. */
  readonly covered: number;
  /** Whether its candles make bars of the timeframe; that they do not is told when they are rolled up. */
  readonly fits: boolean;
}

/** Counts the bars of the timeframe that have a candle. */
function countBars(series: Coverage, times: Float64Array, { start, end, timeframe, ...wanted }: Wanted): Count {
  const { buckets = { timeframeMs: TIMEFRAMES[timeframe] } } = wanted;
  const [from, to] = [lowerBound(times, start), lowerBound(times, end)];
  let [bars, latest] = [0, Number.NaN];
  for (let i = from; i < to; i += 1) {
    const bucket = barOpen(at(times, i), buckets);
    if (bucket !== latest) bars += 1;
    latest = bucket;
  }
  const interval = TIMEFRAMES[series.interval];
  const fits = candlesFit(times.subarray(from, to), interval, buckets);
  return { series, bars, covered: (to - from) * interval, fits };
}
