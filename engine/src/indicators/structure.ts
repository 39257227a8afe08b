// The shape of candles, and where a value stands among those before it.

import { exponential, rma, take, wilderSettles } from './averages.ts';
import { bars, candleBody, indicator, pivotEvents, thresholdBand, type Indicator, type Param } from './row.ts';
import { divide, ofMeanAndDeviation, trueRange } from './windows.ts';

/** One value off a flat window of n is sqrt(n - 1) deviations away, and no value is further. */
const FURTHEST_ZSCORE = Math.sqrt(1999);
/** Distances in average true ranges have no limit of their own. */
const FURTHEST_IN_RANGES = 1000;

export const STRUCTURE: readonly Indicator[] = [
  indicator({
    id: 'structure.candle_stats',
    reads: ['open', 'high', 'low', 'close'],
    params: [],
    outputs: ['body_pct', 'upper_wick_pct', 'lower_wick_pct'],
    firstValid: () => [0, 0, 0],
    needs: ['movement'],
    limits: { body_pct: [0, 1], upper_wick_pct: [0, 1], lower_wick_pct: [0, 1] },
    kernel: candleStats,
    rules: [candleBody('body_pct', [0, 1], 0.5)],
  }),
  indicator({
    id: 'structure.candle_stats_atr_norm',
    reads: ['open', 'high', 'low', 'close'],
    params: [bars('atr_window', 14)],
    outputs: ['body_atr', 'range_atr'],
    firstValid: ([window]) => [window, window],
    settles: ([window]) => [wilderSettles(window), wilderSettles(window)],
    needs: ['movement'],
    kernel: candleStatsInRanges,
    rules: [candleBody('body_atr', [0, FURTHEST_IN_RANGES], 0.5)],
  }),
  indicator({
    id: 'structure.distance_to_ma_norm',
    source: true,
    reads: ['high', 'low', 'close'],
    params: [bars('window', 20)],
    outputs: ['distance'],
    firstValid: ([window]) => [window],
    settles: ([window]) => [wilderSettles(window)],
    needs: ['movement'],
    kernel: distanceInRanges,
    rules: [thresholdBand('distance', [-FURTHEST_IN_RANGES, FURTHEST_IN_RANGES], [-1, 1])],
  }),
  indicator({
    id: 'structure.percent_rank',
    source: true,
    params: [bars('window', 20)],
    outputs: ['percent_rank'],
    firstValid: ([window]) => [window - 1],
    needs: ['movement'],
    limits: { percent_rank: [0, 100] },
    kernel: percentRank,
    rules: [thresholdBand('percent_rank', [0, 100], [20, 80])],
  }),
  indicator({
    id: 'structure.zscore',
    source: true,
    params: [bars('window', 20)],
    outputs: ['zscore'],
    firstValid: ([window]) => [window - 1],
    needs: ['movement'],
    kernel: ([x], [window], [out]) => ofMeanAndDeviation(x, window, standardScore, out),
    rules: [thresholdBand('zscore', [-FURTHEST_ZSCORE, FURTHEST_ZSCORE], [-2, 2])],
    golden: { file: 'bb.json', outputs: ['zScore'] },
  }),
  indicator({
    id: 'structure.pivots',
    reads: ['high', 'low'],
    params: [side('left'), side('right')],
    outputs: ['pivot_high', 'pivot_low'],
    firstValid: () => [null, null],
    settles: ([left, right]) => [left + right, left + right],
    needs: ['movement'],
    kernel: pivots,
    rules: [pivotEvents('pivot_high', 'pivot_low')],
  }),
];

function side(name: string): Param {
  return { name, kind: 'int', min: 1, max: 50, default: 5 };
}

/** Body and wicks as fractions of the candle's range. */
function candleStats(
  [open, high, low, close]: readonly Float64Array[],
  _: readonly number[],
  [body, upperWick, lowerWick]: readonly Float64Array[],
): void {
  for (let bar = 0; bar < close.length; bar += 1) {
    const range = high[bar] - low[bar];
    body[bar] = divide(Math.abs(close[bar] - open[bar]), range);
    upperWick[bar] = divide(high[bar] - Math.max(open[bar], close[bar]), range);
    lowerWick[bar] = divide(Math.min(open[bar], close[bar]) - low[bar], range);
  }
}

/** Body and range of the candle in average true ranges. */
function candleStatsInRanges(
  [open, high, low, close]: readonly Float64Array[],
  [window]: readonly number[],
  [body, range]: readonly Float64Array[],
): void {
  trueRange(high, low, close, range);
  rma(range, window, range);
  for (let bar = 0; bar < close.length; bar += 1) {
    body[bar] = divide(Math.abs(close[bar] - open[bar]), range[bar]);
    range[bar] = divide(high[bar] - low[bar], range[bar]);
  }
}

/** How many average true ranges the value lies above its average. */
function distanceInRanges(
  [x, high, low, close]: readonly Float64Array[],
  [window]: readonly number[],
  [out]: readonly Float64Array[],
): void {
  trueRange(high, low, close, out);
  rma(out, window, out);
  const average = exponential(window);
  for (let bar = 0; bar < x.length; bar += 1) {
    const before = average.value;
    const now = take(average, x[bar]);
    // What is too near to move the average, less than half its last digit over alpha, is no distance: in a price that stands
    // still the ranges go on shrinking, and a fixed rounding would become any number of them.
    out[bar] = divide(now === before ? 0 : x[bar] - now, out[bar]);
  }
}

/** Percent of the window that is not above the newest value, which counts too; no value where all are equal. */
function percentRank([x]: readonly Float64Array[], [window]: readonly number[], [out]: readonly Float64Array[]): void {
  let seen = 0; // values since the last NaN
  for (let bar = 0; bar < x.length; bar += 1) {
    seen = Number.isNaN(x[bar]) ? 0 : seen + 1;
    out[bar] = NaN;
    if (seen < window) continue;
    let [below, equal] = [0, 0];
    for (let at = bar - window + 1; at <= bar; at += 1) {
      below += Number(x[at] <= x[bar]);
      equal += Number(x[at] === x[bar]);
    }
    if (equal < window) out[bar] = (100 * below) / window;
  }
}

function standardScore(x: number, mean: number, deviation: number): number {
  return divide(x - mean, deviation);
}

/** A high above the `left` before and the `right` after it, on the bar where the last of those is known; and a low below them. */
function pivots(
  [high, low]: readonly Float64Array[],
  reach: readonly number[],
  [pivotHigh, pivotLow]: readonly Float64Array[],
): void {
  for (let bar = 0; bar < high.length; bar += 1) {
    const center = bar - reach[1];
    pivotHigh[bar] = isPeak(high, center, reach, 1) ? high[center] : NaN;
    pivotLow[bar] = isPeak(low, center, reach, -1) ? low[center] : NaN;
  }
}

/** Tests whether the value at `center` lies above (up 1) or below (up -1) all others in reach; none lies above NaN. */
function isPeak(x: Float64Array, center: number, [left, right]: readonly number[], up: 1 | -1): boolean {
  const from = center - left;
  const to = center + right;
  if (from < 0) return false;
  for (let at = from; at <= to; at += 1) if (at !== center && !(up * x[center] > up * x[at])) return false;
  return true;
}
