import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomCandles } from '../testing/candles.ts';
import { mean, meanAndDeviation, ofMeanAndDeviation, trueRange, weightedMean } from './windows.ts';

const MILLION = 1_000_000;
const WINDOWS = [1, 2, 3, 20, 50, 199, 2000];

function means(x: Float64Array, window: number): Float64Array {
  const out = new Float64Array(x.length);
  mean(x, window, out);
  return out;
}

function deviations(x: Float64Array, window: number): { means: Float64Array; deviations: Float64Array } {
  const columns = { means: new Float64Array(x.length), deviations: new Float64Array(x.length) };
  meanAndDeviation(x, window, columns.means, columns.deviations);
  return columns;
}

/** Two passes over one window, on differences from its first value, each sum started from nothing. */
function direct(values: Float64Array): { mean: number; deviation: number } {
  const differences = values.map((value) => value - values[0]);
  let sum = 0;
  for (const difference of differences) sum += difference;
  const center = sum / values.length;
  let squares = 0;
  for (const difference of differences) squares += (difference - center) * (difference - center);
  return { mean: values[0] + center, deviation: Math.sqrt(squares / values.length) };
}

function assertClose(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= 1e-9 * Math.abs(expected), `${what}: ${actual}, directly ${expected}`);
}

test('window sums do not drift over a million bars at 60,000', () => {
  for (const volatility of [0.01, 1e-6]) {
    const { close } = randomCandles(1, MILLION, { price: 60_000, volatility });
    for (const window of [2, 20, 2000]) {
      const columns = deviations(close, window);
      for (let bar = window - 1; bar < MILLION; bar += bar < MILLION - 3000 ? 99_991 : 1) {
        const expected = direct(close.subarray(bar - window + 1, bar + 1));
        const where = `window ${window}, volatility ${volatility}, bar ${bar}`;
        assertClose(columns.means[bar], expected.mean, `mean, ${where}`);
        assertClose(columns.deviations[bar], expected.deviation, `deviation, ${where}`);
      }
    }
  }
});

test('an outlier leaves no trace once it is out of the window', () => {
  const x = new Float64Array(200).map((_, bar) => 1 + (bar % 3));
  const before = means(x, 20);
  x[50] = 1e15;
  const after = means(x, 20);
  for (let bar = 19; bar < x.length; bar += 1) {
    if (bar < 50 || bar >= 70) assert.equal(after[bar], before[bar], `bar ${bar}`);
  }
});

test('a bar depends on its own window only, bit for bit wherever the series is cut', () => {
  const { close } = randomCandles(2, 300);
  for (const window of [2, 3, 20, 50]) {
    const whole = deviations(close, window);
    for (let cut = 0; cut <= close.length; cut += 1) {
      const part = deviations(close.slice(0, cut), window);
      assert.deepEqual(part.means, whole.means.slice(0, cut));
      assert.deepEqual(part.deviations, whole.deviations.slice(0, cut));
    }
  }
});

test('a flat window has exactly its own mean and no deviation, at any price', () => {
  for (const price of [0.1, 1 / 3, 60_000.07, 123_456_789.123]) {
    const x = new Float64Array(5000).fill(price);
    for (const window of WINDOWS) {
      const columns = deviations(x, window);
      for (let bar = window - 1; bar < x.length; bar += 1) {
        assert.equal(columns.means[bar], price);
        assert.equal(columns.deviations[bar], 0);
      }
    }
  }
});

test('an outlier at the worst bar of the window costs no accuracy', () => {
  for (const window of [20, 2000]) {
    const { close: x } = randomCandles(16, 3 * window, { price: 60_000, volatility: 1e-4 });
    x[2 * window - 1] = 1e6; // every bar that is one less than a multiple of the window is an anchor
    const columns = deviations(x, window);
    for (let bar = window - 1; bar < x.length; bar += 1) {
      const expected = direct(x.subarray(bar - window + 1, bar + 1));
      assertClose(columns.means[bar], expected.mean, `mean, bar ${bar}`);
      assertClose(columns.deviations[bar], expected.deviation, `deviation, bar ${bar}`);
    }
  }
});

test('differences too small to square have no deviation, not NaN', () => {
  const x = new Float64Array(60).map((_, bar) => (bar % 20 === 19 ? 0 : 1.5e-162));
  assert.ok(
    deviations(x, 20)
      .deviations.subarray(19)
      .every((value) => value >= 0 && value < 1e-161),
  );
});

test('NaN counts while it is in the window and not a bar longer', () => {
  const { close } = randomCandles(3, 200);
  const whole = means(close, 20);
  for (const hole of [0, 19, 37, 38, 39, 40, 199]) {
    const x = close.slice();
    x[hole] = NaN;
    means(x, 20).forEach((value, bar) => {
      if (bar < 19 || (bar >= hole && bar < hole + 20)) assert.ok(Number.isNaN(value), `hole ${hole}, bar ${bar}`);
      else assert.ok(Math.abs(value - whole[bar]) < 1e-12, `hole ${hole}, bar ${bar}`);
    });
  }
});

test('mean and deviation are the same, whether kept, dropped or made into something', () => {
  const { close } = randomCandles(4, 500);
  for (const window of WINDOWS) {
    const columns = deviations(close, window);
    assert.deepEqual(columns.means, means(close, window));
    const out = new Float64Array(500);
    ofMeanAndDeviation(close, window, (x, center, deviation) => x + 2 * center - deviation, out);
    const expected = close.map((x, bar) => x + 2 * columns.means[bar] - columns.deviations[bar]);
    assert.deepEqual(out, expected);
  }
});

test('a weighted mean is that of one look at the whole window', () => {
  const { close, volume } = randomCandles(5, 500, { price: 60_000 });
  volume.fill(0, 100, 130);
  volume[200] = 1e12;
  volume[300] = NaN;
  for (const window of WINDOWS) {
    const out = new Float64Array(500);
    weightedMean(close, volume, window, out);
    out.forEach((value, bar) => {
      let [sum, weight] = [0, 0];
      for (let at = bar - window + 1; at <= bar; at += 1) {
        sum += (close[at] - 60_000) * volume[at];
        weight += volume[at];
      }
      const where = `window ${window}, bar ${bar}`;
      if (bar < window - 1 || !(weight > 0)) assert.ok(Number.isNaN(value), where);
      else assertClose(value, 60_000 + sum / weight, where);
    });
  }
});

test('the true range counts the gap to the close before', () => {
  const out = new Float64Array(4);
  trueRange(Float64Array.of(10, 12, 9, 9), Float64Array.of(8, 11, 7, 8), Float64Array.of(9, 11, 8, 8.5), out);
  assert.deepEqual([...out], [NaN, 3, 4, 1]);
});

test('series shorter than the window, and empty ones, are all NaN', () => {
  for (const length of [0, 1, 5]) {
    const x = new Float64Array(length).fill(1);
    const out = new Float64Array(length);
    mean(x, 6, out);
    assert.ok(out.every(Number.isNaN));
    weightedMean(x, x, 6, out);
    assert.ok(out.every(Number.isNaN));
    trueRange(x, x, x, out);
    assert.equal(out.length, length);
  }
});
