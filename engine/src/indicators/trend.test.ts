import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Candles } from '../bars/candles.ts';
import { assertTextbook, last, sum, trueRange, type At, type Case } from '../testing/assert-textbook.ts';
import { candlesOfCloses, randomCandles } from '../testing/candles.ts';
import { meanOf, recursive } from '../testing/textbook.ts';
import { computeIndicator } from './catalogue.ts';

const MILLION = 1_000_000;
const WINDOWS = [2, 3, 14, 50];

/** Candles of given highs and lows; they close in the middle. */
function ranges(bars: readonly (readonly [number, number])[]): Candles {
  const middle = bars.map(([low, high]) => (low + high) / 2);
  const low = Float64Array.from(bars, ([value]) => value);
  const high = Float64Array.from(bars, ([, value]) => value);
  return { ...candlesOfCloses(middle), low, high };
}

/** The rows that look at one window. */
function windowed(candles: Candles, window: number): readonly Case[] {
  const { high, low, close } = candles;
  const over = (bar: number, value: At): readonly number[] => last(window, bar, value);
  const highs = (count: number, bar: number): readonly number[] => last(count, bar, (at) => high[at]);
  const lows = (count: number, bar: number): readonly number[] => last(count, bar, (at) => low[at]);
  const fresh = (values: readonly number[], extreme: number): number =>
    Number.isNaN(extreme) ? NaN : 100 * (values.indexOf(extreme) / window);
  const up: At = (bar) => fresh(highs(window + 1, bar), Math.max(...highs(window + 1, bar)));
  const down: At = (bar) => fresh(lows(window + 1, bar), Math.min(...lows(window + 1, bar)));
  const ranged: At = (bar) => sum(over(bar, trueRange(candles)));
  const line = (bar: number): { slope: number; intercept: number; r2: number } => {
    const values = over(bar, (at) => close[at]);
    const [x, y] = [(window - 1) / 2, meanOf(values)];
    const xx = sum(values.map((_, index) => (index - x) ** 2));
    const xy = sum(values.map((value, index) => (index - x) * (value - y)));
    const residuals = values.map((value, index) => value - y - (xy / xx) * (index - x));
    const unexplained = sum(residuals.map((value) => value ** 2)) / sum(values.map((value) => (value - y) ** 2));
    return { slope: xy / xx, intercept: y - (xy / xx) * x, r2: 1 - unexplained };
  };
  return [
    {
      id: 'trend.aroon',
      params: { window },
      expected: { osc: (bar) => up(bar) - down(bar), up, down },
      scale: () => 100,
    },
    {
      id: 'trend.donchian',
      params: { window },
      expected: {
        mid: (bar) => (Math.max(...highs(window, bar - 1)) + Math.min(...lows(window, bar - 1))) / 2,
        upper: (bar) => Math.max(...highs(window, bar - 1)),
        lower: (bar) => Math.min(...lows(window, bar - 1)),
      },
    },
    {
      id: 'trend.linreg_slope',
      params: { window },
      expected: {
        slope: (bar) => line(bar).slope,
        intercept: (bar) => line(bar).intercept,
        r2: (bar) => line(bar).r2,
      },
      scale: (bar) => Math.max(1, (Math.max(...highs(window, bar)) - Math.min(...lows(window, bar))) / window),
    },
    {
      id: 'trend.vortex',
      params: { window },
      expected: {
        vi_plus: (bar) => sum(over(bar, (at) => (at === 0 ? NaN : Math.abs(high[at] - low[at - 1])))) / ranged(bar),
        vi_minus: (bar) => sum(over(bar, (at) => (at === 0 ? NaN : Math.abs(low[at] - high[at - 1])))) / ranged(bar),
      },
    },
  ];
}

test('rows over one window are what a look at the whole window gives', () => {
  for (const volatility of [0.01, 1e-4]) {
    const candles = randomCandles(51, 200, { price: 60_000, volatility });
    for (const window of WINDOWS) for (const row of windowed(candles, window)) assertTextbook(candles, row);
  }
});

test('rows over one window do not drift over a million bars at 60,000', () => {
  const candles = randomCandles(52, MILLION, { price: 60_000 });
  for (const row of windowed(candles, 40)) {
    assertTextbook(candles, row, 49_999, 49_999);
    assertTextbook(candles, row, MILLION - 90);
  }
});

test('adx: directional movement, its share of the true range, and how one-sided it was, each averaged', () => {
  const candles = randomCandles(53, 300);
  const { high, low } = candles;
  const moves = (up: Float64Array, down: Float64Array, sign: number): number[] =>
    Array.from(up, (value, bar) => {
      if (bar === 0) return NaN;
      const [move, other] = [sign * (value - up[bar - 1]), -sign * (down[bar] - down[bar - 1])];
      return move > other && move > 0 ? move : 0;
    });
  for (const window of WINDOWS) {
    const averaged = (values: readonly number[]): readonly number[] => recursive(values, window, 1 / window);
    const range = averaged(Array.from(high, (_, bar) => trueRange(candles)(bar)));
    const pdi = averaged(moves(high, low, 1)).map((value, bar) => (100 * value) / range[bar]);
    const mdi = averaged(moves(low, high, -1)).map((value, bar) => (100 * value) / range[bar]);
    const adx = averaged(pdi.map((plus, bar) => (100 * Math.abs(plus - mdi[bar])) / (plus + mdi[bar])));
    const expected: Record<string, At> = {
      adx: (bar) => adx[bar],
      pdi: (bar) => pdi[bar],
      mdi: (bar) => mdi[bar],
      adxr: (bar) => (bar < window ? NaN : (adx[bar] + adx[bar - window]) / 2),
    };
    assertTextbook(candles, { id: 'trend.adx', params: { window }, expected, scale: () => 1 });
  }
});

test('adx: a market that stands still has no direction, one that rises nothing else', () => {
  const still = computeIndicator(candlesOfCloses([5, 5, 5, 5, 5, 5]), 'trend.adx', { window: 2 });
  assert.deepEqual([...still.adx], [NaN, NaN, NaN, 0, 0, 0]);
  assert.ok(still.pdi.every(Number.isNaN) && still.mdi.every(Number.isNaN));
  const rising = computeIndicator(candlesOfCloses([1, 2, 3, 4, 5, 6]), 'trend.adx', { window: 2 });
  assert.deepEqual([...rising.adx], [NaN, NaN, NaN, 100, 100, 100]);
  assert.deepEqual([...rising.adxr], [NaN, NaN, NaN, NaN, NaN, 100]);
  assert.deepEqual([...rising.mdi], [NaN, NaN, 0, 0, 0, 0]);
});

test('adx: where nothing moves any more, directions stay to the bit and their average only nears them', () => {
  const moving = randomCandles(56, 100);
  const [{ close }, still] = [moving, Array<number>(12_000)];
  // A bar without range, and one that has its range but repeats itself.
  for (const [above, below] of [
    [0, 0],
    [1, 1],
  ]) {
    const column = (values: Float64Array, away: number): Float64Array =>
      Float64Array.from([...values, ...still.fill(close[99] + away)]);
    const candles = candlesOfCloses([...close, ...still.fill(close[99])]);
    const bars = { ...candles, high: column(moving.high, above), low: column(moving.low, -below) };
    const { adx, pdi, mdi } = computeIndicator(bars, 'trend.adx');
    const nears = Math.sign(adx[103] - adx[102]);
    const moves = adx.subarray(102).map((value, at) => Math.sign(value - adx[101 + at]));
    assert.ok(
      moves.every((move) => move === nears || move === 0),
      'the average turns',
    );
    if (above > 0) continue;
    assert.ok(pdi.subarray(101).every((value) => value === pdi[101]));
    assert.ok(mdi.subarray(101).every((value) => value === mdi[101]));
  }
});

test('aroon: the earliest of equal extremes counts, a hole as long as it is in the window', () => {
  const { up, down, osc } = computeIndicator(candlesOfCloses([1, 2, 2, 1, 2, NaN, 1, 2, 3]), 'trend.aroon', {
    window: 2,
  });
  assert.deepEqual([...up], [NaN, NaN, 50, 0, 0, NaN, NaN, NaN, 100]);
  assert.deepEqual([...down], [NaN, NaN, 0, 100, 50, NaN, NaN, NaN, 0]);
  assert.deepEqual([...osc], [NaN, NaN, 50, -100, -50, NaN, NaN, NaN, 100]);
});

test('chandelier exits hang on the extremes of the window, at average true ranges of the same window', () => {
  const candles = randomCandles(54, 300);
  const range = Array.from(candles.close, (_, bar) => trueRange(candles)(bar));
  for (const window of WINDOWS) {
    const average = recursive(range, window, 1 / window);
    const expected: Record<string, At> = {
      long: (bar) => Math.max(...last(window, bar, (at) => candles.high[at])) - 2.5 * average[bar],
      short: (bar) => Math.min(...last(window, bar, (at) => candles.low[at])) + 2.5 * average[bar],
    };
    assertTextbook(candles, { id: 'trend.chandelier_exit', params: { window, mult: 2.5 }, expected });
  }
});

test('keltner bands begin when both their averages have, whichever is longer', () => {
  const candles = randomCandles(55, 300);
  const range = Array.from(candles.close, (_, bar) => trueRange(candles)(bar));
  for (const [window, rangeWindow] of [
    [20, 10],
    [10, 40],
    [10, 10],
  ]) {
    const mid = recursive([...candles.close], window, 2 / (window + 1));
    const average = recursive(range, rangeWindow, 1 / rangeWindow);
    const expected: Record<string, At> = {
      mid: (bar) => mid[bar],
      upper: (bar) => mid[bar] + 1.5 * average[bar],
      lower: (bar) => mid[bar] - 1.5 * average[bar],
    };
    assertTextbook(candles, {
      id: 'trend.keltner',
      params: { window, mult: 1.5, atr_window: rangeWindow },
      expected,
    });
  }
});

test('ichimoku spans are those of `displacement` bars ago', () => {
  const candles = randomCandles(56, 300);
  const middle =
    (window: number): At =>
    (bar) =>
      (Math.max(...last(window, bar, (at) => candles.high[at])) +
        Math.min(...last(window, bar, (at) => candles.low[at]))) /
      2;
  for (const [conversion, base, spanB, displacement] of [
    [9, 26, 52, 26],
    [7, 3, 5, 11],
    [2, 2, 2, 2],
  ]) {
    const expected: Record<string, At> = {
      span_a: (bar) => (middle(conversion)(bar - displacement) + middle(base)(bar - displacement)) / 2,
      span_b: (bar) => middle(spanB)(bar - displacement),
      conversion: middle(conversion),
      base: middle(base),
    };
    const params = { conversion_window: conversion, base_window: base, span_b_window: spanB, displacement };
    assertTextbook(candles, { id: 'trend.ichimoku', params, expected });
  }
});

test('a straight line explains itself, a flat one leaves nothing to explain', () => {
  const closes = [7, 7, 7, 10, 13, 16, NaN, 1, 2, 3];
  const { slope, intercept, r2 } = computeIndicator(candlesOfCloses(closes), 'trend.linreg_slope', { window: 3 });
  assert.deepEqual([...slope], [NaN, NaN, 0, 1.5, 3, 3, NaN, NaN, NaN, 1]);
  assert.deepEqual([...intercept], [NaN, NaN, 7, 6.5, 7, 10, NaN, NaN, NaN, 1]);
  assert.deepEqual([...r2], [NaN, NaN, NaN, 0.75, 1, 1, NaN, NaN, NaN, 1]);
  const rising = candlesOfCloses(Array.from({ length: 400 }, (_, bar) => 60_000 + 0.1 * bar));
  for (const window of WINDOWS) {
    const line = computeIndicator(rising, 'trend.linreg_slope', { window });
    assert.ok(line.r2.subarray(window - 1).every((value) => value <= 1 && value > 1 - 1e-9));
  }
});

test('psar by hand: the first trend is a guess, then the stop follows, and turns when it is touched', () => {
  const candles = ranges([
    [10, 12], // the guess: rising, stop 10, extreme 12
    [8, 11], // below the stop: falling with extreme 8, stop 12; nothing is known before
    [7, 10], // stop 12 - 0.1 * 4 = 11.6, not inside the two bars before: 12; a new extreme, pace 0.3
    [6, 9], // 12 - 0.3 * 5 = 10.5, at least 11; extreme 6, pace 0.5, the maximum
    [5, 8], // 11 - 0.5 * 5 = 8.5, at least 10; extreme 5
    [6, 10], // 10 - 0.5 * 5 = 7.5, at least 9; touched: rising with stop 5, pace 0.1
    [7, 12], // 5 + 0.1 * 5 = 5.5, at most 5: 5; extreme 12
  ]);
  const { sar } = computeIndicator(candles, 'trend.psar', { accel_start: 0.1, accel_step: 0.2, accel_max: 0.5 });
  assert.deepEqual([...sar], [NaN, NaN, 12, 11, 10, 5, 5]);
});

test('psar begins again after a hole, and has no value before it has turned', () => {
  const rising = Array.from({ length: 20 }, (_, bar): [number, number] => [bar, bar + 2]);
  assert.ok(computeIndicator(ranges(rising), 'trend.psar').sar.every(Number.isNaN));
  const turned = ranges([...rising, [10, 12], [9, 11], [NaN, 12], ...rising]);
  const { sar } = computeIndicator(turned, 'trend.psar');
  assert.equal(sar[21], 21); // the highest high
  assert.ok(sar.subarray(22).every(Number.isNaN));
});

test('psar: the pace never exceeds its maximum, not even at the start', () => {
  for (let seed = 100; seed < 150; seed += 1) {
    const candles = randomCandles(seed, 50);
    assert.deepEqual(
      computeIndicator(candles, 'trend.psar', { accel_start: 0.9, accel_step: 0.3, accel_max: 0.2 }),
      computeIndicator(candles, 'trend.psar', { accel_start: 0.2, accel_step: 0.3, accel_max: 0.2 }),
    );
  }
});

test('supertrend: one band is active at a time, the line is that band, and it turns when the close crosses it', () => {
  const candles = randomCandles(58, 2000);
  const { close } = candles;
  const { supertrend, upper, lower } = computeIndicator(candles, 'trend.supertrend', { window: 7, mult: 2 });
  let turns = 0;
  for (let bar = 7; bar < 2000; bar += 1) {
    const rising = Number.isNaN(upper[bar]);
    assert.equal(supertrend[bar], rising ? lower[bar] : upper[bar]);
    assert.notEqual(Number.isNaN(lower[bar]), rising);
    assert.ok(rising ? close[bar] > supertrend[bar] : close[bar] <= supertrend[bar]);
    if (bar === 7) continue;
    const before = Number.isNaN(upper[bar - 1]);
    if (rising === before) {
      // While a trend lasts its stop only tightens.
      const tighter = rising ? supertrend[bar] >= supertrend[bar - 1] : supertrend[bar] <= supertrend[bar - 1];
      assert.ok(tighter, `bar ${bar}`);
    } else {
      turns += 1;
    }
  }
  assert.ok(turns > 20);
});
