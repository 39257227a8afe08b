import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Candles } from '../bars/candles.ts';
import { candlesOfCloses, randomCandles } from '../testing/candles.ts';
import { assertClose, ofWindows, recursive, textbookEma } from '../testing/textbook.ts';
import { CATALOGUE, computeIndicator } from './catalogue.ts';

const WINDOWS = [2, 3, 4, 9, 20, 50, 199];

function average(candles: Candles, name: string, params: Record<string, number | string>): Float64Array {
  return computeIndicator(candles, `ma.${name}`, params)[name];
}

/** Weighted mean on differences from the newest value. */
function weighted(values: readonly number[], weights: readonly number[]): number {
  const newest = values[values.length - 1];
  let sum = 0;
  let total = 0;
  values.forEach((value, at) => {
    sum += weights[at] * (value - newest);
    total += weights[at];
  });
  return total === 0 ? NaN : newest + sum / total;
}

function linear(values: readonly number[]): number {
  return weighted(
    values,
    values.map((_, at) => at + 1),
  );
}

function hull(x: ArrayLike<number>, window: number): readonly number[] {
  const half = ofWindows(x, Math.floor(window / 2), linear);
  const whole = ofWindows(x, window, linear);
  const pushed = half.map((value, bar) => 2 * value - whole[bar]);
  return ofWindows(pushed, Math.floor(Math.sqrt(window)), linear);
}

test('rma is Wilder: the average times window - 1, plus the new value, over the window', () => {
  const candles = randomCandles(41, 400);
  for (const window of WINDOWS) {
    assertClose(average(candles, 'rma', { window }), recursive(candles.close, window, 1 / window), `window ${window}`);
  }
});

test('wma weighs the newest value heaviest, by any name', () => {
  assert.deepEqual([...average(candlesOfCloses([1, 2, 4, 8]), 'wma', { window: 3 })], [NaN, NaN, 17 / 6, 34 / 6]);
  const candles = randomCandles(42, 400, { price: 60_000 });
  candles.close[250] = NaN;
  for (const window of WINDOWS) {
    const wma = average(candles, 'wma', { window });
    assertClose(wma, ofWindows(candles.close, window, linear), `window ${window}`);
    assert.deepEqual(computeIndicator(candles, 'ma.lwma', { window }).wma, wma);
  }
});

test('hma is a wma of twice the half window less the whole', () => {
  const candles = randomCandles(43, 400, { price: 60_000 });
  candles.close[250] = NaN;
  for (const window of WINDOWS) {
    assertClose(average(candles, 'hma', { window }), hull(candles.close, window), `window ${window}`);
  }
});

test('vwma weighs closes with volumes, and has no value without any volume', () => {
  const candles = randomCandles(44, 400, { price: 60_000 });
  candles.volume.fill(0, 100, 125);
  candles.volume[300] = 1e12;
  const bars = Array.from(candles.close, (_, bar) => bar);
  for (const window of WINDOWS) {
    const expected = ofWindows(bars, window, (at) =>
      weighted(
        at.map((bar) => candles.close[bar]),
        at.map((bar) => candles.volume[bar]),
      ),
    );
    const vwma = average(candles, 'vwma', { window });
    assertClose(vwma, expected, `window ${window}`);
    if (window < 100) assert.equal(Number.isNaN(vwma[124]), window <= 25);
  }
});

test('dema and tema: the further averages start on the first value of the first', () => {
  const { close, ...others } = randomCandles(45, 400);
  for (const window of WINDOWS) {
    const alpha = 2 / (window + 1);
    const one = textbookEma(close, window);
    const two = recursive(one, 1, alpha);
    const three = recursive(two, 1, alpha);
    assert.equal(two[window - 1], one[window - 1]);
    const candles = { close, ...others };
    const double = one.map((value, bar) => 2 * value - two[bar]);
    assertClose(average(candles, 'dema', { window }), double, `dema ${window}`);
    const triple = one.map((value, bar) => 3 * value - 3 * two[bar] + three[bar]);
    assertClose(average(candles, 'tema', { window }), triple, `tema ${window}`);
  }
});

test('zlema is an ema of values pushed on by what they moved within its lag', () => {
  const candles = randomCandles(46, 400);
  for (const window of WINDOWS) {
    const lag = Math.floor((window - 1) / 2);
    const pushed = Array.from(candles.close, (value, bar) =>
      bar < lag ? NaN : value + (value - candles.close[bar - lag]),
    );
    assertClose(average(candles, 'zlema', { window }), textbookEma(pushed, window), `window ${window}`);
  }
});

test('kama by Kaufman', () => {
  const candles = randomCandles(47, 400, { price: 60_000 });
  const { close } = candles;
  for (const [window, fast, slow] of [
    [10, 2, 30],
    [2, 2, 2],
    [50, 5, 20],
  ]) {
    const ers = ofWindows(close, window + 1, (values) => {
      const way = values.slice(1).reduce((sum, value, at) => sum + Math.abs(value - values[at]), 0);
      return Math.abs(values[window] - values[0]) / way;
    });
    const expected = [...Array<number>(window - 1).fill(NaN), close[window - 1]];
    for (let bar = window; bar < 400; bar += 1) {
      const alpha = (ers[bar] * (2 / (fast + 1) - 2 / (slow + 1)) + 2 / (slow + 1)) ** 2;
      expected.push(expected[bar - 1] + alpha * (close[bar] - expected[bar - 1]));
    }
    const { kama, er } = computeIndicator(candles, 'ma.kama', { window, fast, slow });
    assertClose(er, ers, `er ${window}`);
    assertClose(kama, expected, `kama ${window}`);
  }
});

test('kama follows a straight line at its fastest and stays where it is in a flat window', () => {
  const closes = [...Array.from({ length: 10 }, (_, bar) => 100 + bar), ...Array<number>(10).fill(109.5)];
  const { kama, er } = computeIndicator(candlesOfCloses(closes), 'ma.kama', { window: 4, fast: 2, slow: 30 });
  assert.equal(kama[3], 103);
  assert.equal(er[4], 1);
  assert.ok(Math.abs(kama[4] - (103 + (2 / 3) ** 2)) < 1e-12);
  assert.ok(er[13] > 0 && kama[13] < 109.5);
  assert.deepEqual([...er.subarray(14)], Array<number>(6).fill(0));
  assert.deepEqual([...kama.subarray(14)], Array<number>(6).fill(kama[13]));
});

test('alma weighs by a bell curve', () => {
  const candles = randomCandles(48, 300);
  for (const [window, offset, sigma] of [
    [9, 0.85, 6],
    [2, 0.5, 20],
    [2, 0, 0.1],
    [50, 1, 2],
    [40, 0, 20],
  ]) {
    const weights = Array.from({ length: window }, (_, at) =>
      Math.exp(-((at - offset * (window - 1)) ** 2) / (2 * (window / sigma) ** 2)),
    );
    const expected = ofWindows(candles.close, window, (values) => weighted(values, weights));
    assertClose(average(candles, 'alma', { window, offset, sigma }), expected, `${window} ${offset} ${sigma}`);
  }
});

test('every average of a flat series is exactly its value', () => {
  for (const price of [0.1, 60_000.07, 123_456_789.123]) {
    const candles = candlesOfCloses(Array<number>(120).fill(price));
    for (const { id, outputs, params, firstValid } of CATALOGUE.filter((row) => row.id.startsWith('ma.'))) {
      const first = firstValid(params.map((param) => param.default))[0] ?? NaN;
      const values = computeIndicator(candles, id)[outputs[0]].subarray(first);
      assert.ok(values.length > 80 && values.every((value) => value === price), id);
    }
  }
});

test('the longest windows do not drift over a million bars at 60,000', () => {
  const candles = randomCandles(49, 1_000_000, { price: 60_000, volatility: 1e-4 });
  const [wma, hma, vwma] = ['wma', 'hma', 'vwma'].map((name) => average(candles, name, { window: 2000 }));
  for (const end of [2043, 400_001, 777_777, 1_000_000]) {
    const close = [...candles.close.subarray(end - 2043, end)];
    const last = close.slice(-2000);
    const where = `at ${end}`;
    assertClose([wma[end - 1]], [linear(last)], `wma ${where}`);
    assertClose([hma[end - 1]], hull(close, 2000).slice(-1), `hma ${where}`);
    assertClose([vwma[end - 1]], [weighted(last, [...candles.volume.subarray(end - 2000, end)])], `vwma ${where}`);
  }
});
