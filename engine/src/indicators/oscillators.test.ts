import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candlesOfCloses, randomCandles } from '../testing/candles.ts';
import { candlesOfBars } from '../testing/settings.ts';
import { assertClose, meanOf, ofWindows } from '../testing/textbook.ts';
import { computeIndicator } from './catalogue.ts';

function rsiOf(closes: readonly number[]): number[] {
  return [...computeIndicator(candlesOfCloses(closes), 'momentum.rsi', { window: 3 }).rsi];
}

/** Where the values stand between the lowest and the highest of `window`, in percent. */
function percentOfRange(
  x: ArrayLike<number>,
  [high, low]: readonly [ArrayLike<number>, ArrayLike<number>],
  window: number,
): readonly number[] {
  const top = ofWindows(high, window, (values) => Math.max(...values));
  const bottom = ofWindows(low, window, (values) => Math.min(...values));
  return Array.from(x, (value, bar) => (100 * (value - bottom[bar])) / (top[bar] - bottom[bar]));
}

test('rsi: only rises give 100, only falls 0, no move at all NaN', () => {
  assert.deepEqual(rsiOf([1, 2, 4, 8, 9]), [NaN, NaN, NaN, 100, 100]);
  assert.deepEqual(rsiOf([9, 8, 4, 2, 1]), [NaN, NaN, NaN, 0, 0]);
  assert.deepEqual(rsiOf([5, 5, 5, 5, 5]), [NaN, NaN, NaN, NaN, NaN]);
  assert.deepEqual(rsiOf([5, 5, 5, 5, 6]), [NaN, NaN, NaN, NaN, 100]);
  assert.deepEqual(rsiOf([1, 1, 1.7, 1.7, 1.7]), [NaN, NaN, NaN, 100, 100]);
});

test('rsi by hand', () => {
  // Changes +3 -1 +1: average rise 4/3, fall 1/3. Then +2, smoothed as (2 * average + new) / 3.
  const rsi = rsiOf([10, 13, 12, 13, 15]);
  assert.ok(Math.abs(rsi[3] - 80) < 1e-12);
  const rise = (2 * (4 / 3) + 2) / 3;
  const fall = (2 * (1 / 3)) / 3;
  assert.ok(Math.abs(rsi[4] - (100 - 100 / (1 + rise / fall))) < 1e-12);
});

test('rsi needs a whole window of changes again after NaN', () => {
  const closes = [1, 2, 3, 2, NaN, 2, 3, 4, 3];
  const { rsi } = computeIndicator(candlesOfCloses(closes), 'momentum.rsi', { window: 2 });
  assert.deepEqual(
    [...rsi].map((value) => Number.isNaN(value)),
    [true, true, false, false, true, true, true, false, false],
  );
  assert.equal(rsi[7], 100);
});

test('cci is the distance from the mean in mean deviations', () => {
  const candles = randomCandles(51, 400);
  const typical = candles.close.map((close, bar) => (candles.high[bar] + candles.low[bar] + close) / 3);
  for (const window of [2, 3, 20, 199]) {
    const expected = ofWindows(typical, window, (values) => {
      const center = meanOf(values);
      const deviation = meanOf(values.map((value) => Math.abs(value - center)));
      return (values[window - 1] - center) / (0.015 * deviation);
    });
    assertClose(computeIndicator(candles, 'momentum.cci', { window }).cci, expected, `window ${window}`, 1e-3);
  }
});

test('no cci is further out than one value off a flat window', () => {
  const candles = candlesOfCloses([...Array<number>(19).fill(60_000.07), 60_001]);
  assertClose(computeIndicator(candles, 'momentum.cci').cci.subarray(19), [20 / 0.03], 'cci');
});

test('williams_r is what is missing to the highest high, stoch what is left to the lowest low', () => {
  const candles = randomCandles(52, 400);
  const { high, low, close } = candles;
  for (const window of [2, 14, 199]) {
    const { williams_r } = computeIndicator(candles, 'momentum.williams_r', { window });
    const raw = percentOfRange(close, [high, low], window);
    const missing = raw.map((value) => value - 100);
    assertClose(williams_r, missing, `window ${window}`, 1);
    assert.ok(williams_r.subarray(window - 1).every((value) => value >= -100 && value <= 0));

    for (const [smoothing, dWindow] of [
      [3, 3],
      [1, 1],
      [5, 2],
    ]) {
      const params = { k_window: window, smoothing, d_window: dWindow };
      const { k, d } = computeIndicator(candles, 'momentum.stoch', params);
      const smoothed = ofWindows(raw, smoothing, meanOf);
      assertClose(k, smoothed, `k of ${window} ${smoothing}`, 1);
      assertClose(d, ofWindows(smoothed, dWindow, meanOf), `d of ${window} ${smoothing} ${dWindow}`, 1);
    }
  }
});

test('stochastics of a range without height have no value, also where they are smoothed', () => {
  const closes = [1, 2, 3, 3, 3, 3, 2, 1];
  const { williams_r } = computeIndicator(candlesOfCloses(closes), 'momentum.williams_r', { window: 3 });
  assert.deepEqual([...williams_r], [NaN, NaN, 0, 0, NaN, NaN, -100, -100]);
  const params = { k_window: 3, smoothing: 2, d_window: 1 };
  const { k } = computeIndicator(candlesOfCloses(closes), 'momentum.stoch', params);
  assert.deepEqual([...k], [NaN, NaN, NaN, 100, NaN, NaN, NaN, 0]);
});

test('stoch_rsi is the stochastic of the relative strength', () => {
  const candles = randomCandles(53, 400);
  for (const [rsiWindow, window, smoothing, dWindow] of [
    [14, 14, 3, 3],
    [2, 2, 1, 1],
    [5, 30, 4, 6],
  ]) {
    const { rsi } = computeIndicator(candles, 'momentum.rsi', { window: rsiWindow });
    const smoothed = ofWindows(percentOfRange(rsi, [rsi, rsi], window), smoothing, meanOf);
    const params = { rsi_window: rsiWindow, k_window: window, smoothing, d_window: dWindow };
    const { k, d } = computeIndicator(candles, 'momentum.stoch_rsi', params);
    assertClose(k, smoothed, `k of ${Object.values(params).join(' ')}`, 1);
    assertClose(d, ofWindows(smoothed, dWindow, meanOf), `d of ${Object.values(params).join(' ')}`, 1);
  }
});

test('rsi stays as it was, to the bit, while the price stands still, so that its stochastic has no range', () => {
  const closes = [...randomCandles(55, 100).close, ...Array<number>(12_000).fill(97.3), 98];
  const candles = candlesOfCloses(closes);
  for (const window of [2, 14]) {
    const { rsi } = computeIndicator(candles, 'momentum.rsi', { window });
    assert.ok(rsi.subarray(100, 12_100).every((value) => value === rsi[100]));
    assert.ok(rsi[12_100] > 99);
  }
  const { k, d } = computeIndicator(candles, 'momentum.stoch_rsi');
  assert.ok(k.subarray(100 + 13 + 2, 12_100).every(Number.isNaN));
  assert.ok(d.subarray(100 + 13 + 2, 12_100).every(Number.isNaN));
});

test('fisher by Ehlers, from the first bar on as many bars as there are', () => {
  const candles = randomCandles(54, 400);
  const middle = Array.from(candles.high, (high, bar) => (high + candles.low[bar]) / 2);
  for (const window of [2, 10, 50]) {
    let [input, value] = [0, 0];
    const expected = middle.map((price, bar) => {
      const values = middle.slice(Math.max(0, bar - window + 1), bar + 1);
      const [top, bottom] = [Math.max(...values), Math.min(...values)];
      const place = top === bottom ? null : (price - bottom) / (top - bottom);
      input = place === null ? 0 : 0.33 * 2 * (place - 0.5) + 0.67 * input;
      if (input > 0.99) input = 0.999;
      if (input < -0.99) input = -0.999;
      value = 0.5 * Math.log((1 + input) / (1 - input)) + 0.5 * value;
      return value;
    });
    const { fisher, trigger } = computeIndicator(candles, 'momentum.fisher', { window });
    assertClose(fisher, expected, `window ${window}`, 1e-3);
    assert.deepEqual([...trigger], [NaN, ...fisher.subarray(0, 399)]);
  }
});

test('fisher: a price without range has input 0, so the value halves with each bar', () => {
  const bars = [1, 2, 2, 2, 2, 2].map((price) => [price, price + 0.5, price - 0.5, price] as const);
  const { fisher } = computeIndicator(candlesOfBars(bars, 60_000), 'momentum.fisher', { window: 2 });
  assert.equal(fisher[0], 0);
  assert.ok(fisher[1] > 0);
  assert.deepEqual(
    [...fisher.subarray(2)],
    [2, 4, 8, 16].map((part) => fisher[1] / part),
  );
});
