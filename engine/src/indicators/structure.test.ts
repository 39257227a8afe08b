import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Candles } from '../bars/candles.ts';
import { candlesOfCloses, randomCandles } from '../testing/candles.ts';
import { candlesOfBars } from '../testing/settings.ts';
import { assertClose, deviationOf, meanOf, ofWindows, recursive, textbookEma } from '../testing/textbook.ts';
import { computeIndicator } from './catalogue.ts';

function trueRanges({ high, low, close }: Candles): readonly number[] {
  return Array.from(high, (top, bar) =>
    bar === 0 ? NaN : Math.max(top, close[bar - 1]) - Math.min(low[bar], close[bar - 1]),
  );
}

test('candle_stats: body and wicks share the range', () => {
  const bars = [
    [10, 14, 8, 12],
    [12, 14, 8, 10],
    [5, 5, 5, 5],
    [5, 9, 5, 9],
  ] as const;
  const stats = computeIndicator(candlesOfBars(bars, 60_000), 'structure.candle_stats');
  assert.deepEqual([...stats.body_pct], [1 / 3, 1 / 3, NaN, 1]);
  assert.deepEqual([...stats.upper_wick_pct], [1 / 3, 1 / 3, NaN, 0]);
  assert.deepEqual([...stats.lower_wick_pct], [1 / 3, 1 / 3, NaN, 0]);
});

test('candle_stats_atr_norm: body and range in average true ranges', () => {
  const candles = randomCandles(61, 300);
  for (const window of [2, 14, 100]) {
    const atr = recursive(trueRanges(candles), window, 1 / window);
    const stats = computeIndicator(candles, 'structure.candle_stats_atr_norm', { atr_window: window });
    const bodies = atr.map((range, bar) => Math.abs(candles.close[bar] - candles.open[bar]) / range);
    assertClose(stats.body_atr, bodies, `body ${window}`);
    const ranges = atr.map((range, bar) => (candles.high[bar] - candles.low[bar]) / range);
    assertClose(stats.range_atr, ranges, `range ${window}`);
  }
  const flat = computeIndicator(candlesOfCloses(Array<number>(40).fill(5)), 'structure.candle_stats_atr_norm');
  assert.ok(flat.body_atr.every(Number.isNaN) && flat.range_atr.every(Number.isNaN));
});

test('distance_to_ma_norm: from the average of any source, in average true ranges', () => {
  const candles = randomCandles(62, 300);
  for (const source of ['close', 'open'] as const) {
    for (const window of [2, 20, 100]) {
      const atr = recursive(trueRanges(candles), window, 1 / window);
      const ema = textbookEma(candles[source], window);
      const expected = atr.map((range, bar) => (candles[source][bar] - ema[bar]) / range);
      const { distance } = computeIndicator(candles, 'structure.distance_to_ma_norm', { source, window });
      assertClose(distance, expected, `${source} ${window}`, 1e-3);
    }
  }
});

test('distance_to_ma_norm: in a price that stands still the distance goes to 0, whatever its average cannot reach', () => {
  for (const window of [2, 20, 200]) {
    const { close, high, low } = randomCandles(64, 600, { price: 60_000 });
    for (const column of [close, high, low]) column.fill(close[299] + 0.07, 300);
    const long = (column: Float64Array): Float64Array =>
      Float64Array.of(...column, ...Array<number>(20_000).fill(column[599]));
    const candles = { ...candlesOfCloses([...long(close)]), high: long(high), low: long(low) };
    const { distance } = computeIndicator(candles, 'structure.distance_to_ma_norm', { window });
    const away = distance.subarray(300 + 20 * window);
    assert.ok(
      away.every((value) => Math.abs(value) < 1e-3),
      `${window}: ${away.find((value) => !(Math.abs(value) < 1e-3))}`,
    );
  }
});

test('percent_rank: the share of the window that is not above the newest value', () => {
  const rankOf = (closes: readonly number[]): number[] => [
    ...computeIndicator(candlesOfCloses(closes), 'structure.percent_rank', { window: 4 }).percent_rank,
  ];
  assert.deepEqual(rankOf([1, 2, 3, 4, 0, 3, 3, 5]), [NaN, NaN, NaN, 100, 25, 75, 75, 100]);
  assert.deepEqual(rankOf([7, 7, 7, 7, 7]), [NaN, NaN, NaN, NaN, NaN]);
  assert.deepEqual(rankOf([7, 7, 7, 8, 8, 8, 8]), [NaN, NaN, NaN, 100, 100, 100, NaN]);
  assert.deepEqual(rankOf([1, NaN, 3, 4, 5, 6]), [NaN, NaN, NaN, NaN, NaN, 100]);
});

test('zscore: deviations from the mean, none in a flat window', () => {
  const candles = randomCandles(63, 400, { price: 60_000 });
  candles.close.fill(60_000.07, 200, 225);
  for (const window of [2, 20, 199]) {
    const expected = ofWindows(candles.close, window, (values) => {
      const flat = values.every((value) => value === values[0]);
      return flat ? NaN : (values[window - 1] - meanOf(values)) / deviationOf(values);
    });
    const { zscore } = computeIndicator(candles, 'structure.zscore', { window });
    assertClose(zscore, expected, `window ${window}`, 0.01);
    assert.equal(Number.isNaN(zscore[224]), window <= 25);
  }
});

test('no zscore is further out than one value off a flat window', () => {
  const candles = candlesOfCloses([...Array<number>(19).fill(60_000.07), 60_001]);
  assertClose(computeIndicator(candles, 'structure.zscore').zscore.subarray(19), [Math.sqrt(19)], 'zscore');
});

test('pivots: strict extremes, known as many bars later as their right side is long', () => {
  const candles = randomCandles(64, 500);
  for (const [left, right] of [
    [5, 5],
    [1, 1],
    [2, 7],
    [50, 1],
  ]) {
    const { pivot_high, pivot_low } = computeIndicator(candles, 'structure.pivots', { left, right });
    const found = (x: Float64Array, pick: (...values: number[]) => number): readonly number[] =>
      ofWindows(x, left + 1 + right, (values) => {
        const others = values.toSpliced(left, 1);
        return pick(...values) === values[left] && !others.includes(values[left]) ? values[left] : NaN;
      });
    assert.deepEqual([...pivot_high], found(candles.high, Math.max));
    assert.deepEqual([...pivot_low], found(candles.low, Math.min));
    assert.ok(pivot_high.some((value) => value > 0) && pivot_low.some((value) => value > 0));
  }
});

test('pivots: equals are none, and neither is what may hide a higher value', () => {
  const highs = (closes: readonly number[]): number[] => [
    ...computeIndicator(candlesOfCloses(closes), 'structure.pivots', { left: 1, right: 1 }).pivot_high,
  ];
  assert.deepEqual(highs([1, 3, 2]), [NaN, NaN, 3]);
  assert.deepEqual(highs([1, 3, 3, 2]), [NaN, NaN, NaN, NaN]);
  assert.deepEqual(highs([1, 3, NaN, 2]), [NaN, NaN, NaN, NaN]);
});
