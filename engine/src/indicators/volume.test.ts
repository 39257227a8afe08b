import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Candles } from '../bars/candles.ts';
import { assertTextbook, last, sum, type At, type Case } from '../testing/assert-textbook.ts';
import { candlesOfCloses, randomCandles } from '../testing/candles.ts';
import { deviationOf } from '../testing/textbook.ts';
import { computeIndicator } from './catalogue.ts';

const MILLION = 1_000_000;

/** Candles of given closes and volumes. */
function traded(closes: readonly number[], volumes: readonly number[]): Candles {
  return { ...candlesOfCloses(closes), volume: Float64Array.from(volumes) };
}

/** The rows that look at one window, or at windows of windows. */
function windowed({ high, low, close, volume }: Candles, window: number, mult: number): readonly Case[] {
  const over = (bar: number, value: At): readonly number[] => last(window, bar, value);
  const typical: At = (bar) => (high[bar] + low[bar] + close[bar]) / 3;
  const traded: At = (bar) => sum(over(bar, (at) => volume[at]));
  const flow: At = (bar) =>
    high[bar] === low[bar] ? 0 : ((2 * close[bar] - low[bar] - high[bar]) / (high[bar] - low[bar])) * volume[bar];
  const turnover = (direction: number, bar: number): number =>
    bar === 0 ? NaN : Math.sign(typical(bar) - typical(bar - 1)) === direction ? typical(bar) * volume[bar] : 0;
  const vwap: At = (bar) => {
    const terms = over(bar, (at) => (typical(at) - typical(bar)) * volume[at]);
    return typical(bar) + sum(terms) / traded(bar);
  };
  const spread: At = (bar) => deviationOf(over(bar, (at) => typical(at) - vwap(at)));
  return [
    {
      id: 'volume.cmf',
      params: { window },
      expected: { cmf: (bar) => sum(over(bar, flow)) / traded(bar) },
      scale: () => 1,
    },
    {
      id: 'volume.mfi',
      params: { window },
      expected: {
        mfi(bar) {
          const up = sum(over(bar, (at) => turnover(1, at)));
          const down = sum(over(bar, (at) => turnover(-1, at)));
          return 100 - 100 / (1 + up / down);
        },
      },
      scale: () => 100,
    },
    { id: 'volume.volume_sma', params: { window }, expected: { volume_sma: (bar) => traded(bar) / window } },
    { id: 'volume.vwap', params: { window }, expected: { vwap } },
    {
      id: 'volume.vwap_deviation',
      params: { window, mult },
      expected: {
        upper: (bar) => vwap(bar) + mult * spread(bar),
        lower: (bar) => vwap(bar) - mult * spread(bar),
      },
    },
  ];
}

test('rows over one window are what a look at the whole window gives', () => {
  for (const volatility of [0.01, 1e-4]) {
    const candles = randomCandles(41, 200, { price: 60_000, volatility });
    for (const window of [2, 3, 14, 50]) for (const row of windowed(candles, window, 1.5)) assertTextbook(candles, row);
  }
});

test('rows over one window do not drift over a million bars at 60,000', () => {
  const candles = randomCandles(42, MILLION, { price: 60_000 });
  for (const row of windowed(candles, 30, 2)) {
    assertTextbook(candles, row, 49_999, 49_999);
    assertTextbook(candles, row, MILLION - 70);
  }
});

test('running totals over a million bars are those of a compensated sum', () => {
  const candles = randomCandles(43, MILLION, { price: 60_000 });
  const { high, low, close, volume } = candles;
  const { ad_line: line } = computeIndicator(candles, 'volume.ad_line');
  const { obv } = computeIndicator(candles, 'volume.obv');
  const flow = (bar: number): number =>
    ((2 * close[bar] - low[bar] - high[bar]) / (high[bar] - low[bar])) * volume[bar];
  const change = (bar: number): number => (bar === 0 ? 0 : Math.sign(close[bar] - close[bar - 1]) * volume[bar]);
  for (const [actual, term] of [
    [line, flow],
    [obv, change],
  ] as const) {
    let [total, lost, scale, worst] = [0, 0, 0, 0];
    for (let bar = 0; bar < MILLION; bar += 1) {
      const corrected = term(bar) - lost;
      const next = total + corrected;
      lost = next - total - corrected;
      total = next;
      // A total that comes back to zero is known to 1e-9 of where it has been.
      scale = Math.max(scale, Math.abs(total));
      worst = Math.max(worst, Math.abs(actual[bar] - total) / scale || 0);
    }
    assert.ok(scale > 0 && worst <= 1e-9, `off by ${worst}`);
  }
});

test('obv starts at 0, adds the volume of rises, subtracts that of falls, and starts at 0 again after a hole', () => {
  const { obv } = computeIndicator(traded([5, 6, 6, 4, NaN, 4, 5, 4], [9, 1, 2, 3, 4, 5, 6, 7]), 'volume.obv');
  assert.deepEqual([...obv], [0, 1, 1, -2, NaN, 0, 6, -1]);
  const hole = computeIndicator(traded([5, 6, 7, 8], [9, NaN, 2, 3]), 'volume.obv');
  assert.deepEqual([...hole.obv], [0, NaN, 0, 3]);
});

test('the flow of a bar: all of its volume up on the high, down on the low, none without a range', () => {
  const candles = {
    ...traded([2, 1, 1.5, 3, 3, NaN, 2], [10, 20, 30, 40, 50, 60, 70]),
    high: Float64Array.of(2, 2, 2, 3, NaN, 3, 2),
    low: Float64Array.of(1, 1, 1, 3, 3, 3, 1),
  };
  const { ad_line: line } = computeIndicator(candles, 'volume.ad_line');
  assert.deepEqual([...line], [10, -10, -10, -10, NaN, NaN, 70]);
  const { cmf } = computeIndicator(candles, 'volume.cmf', { window: 2 });
  assert.deepEqual([...cmf], [NaN, -1 / 3, -0.4, 0, NaN, NaN, NaN]);
});

test('mfi: no negative flow is 100, no positive one 0, and none at all no value', () => {
  const mfi = (...closes: number[]): number[] => [
    ...computeIndicator(candlesOfCloses(closes), 'volume.mfi', { window: 2 }).mfi,
  ];
  assert.deepEqual(mfi(1, 2, 3, 3, 3), [NaN, NaN, 100, 100, NaN]);
  assert.deepEqual(mfi(3, 2, 1, 1), [NaN, NaN, 0, 0]);
  assert.deepEqual(mfi(1, 2, 1, NaN, 1, 2, 3), [NaN, NaN, (100 * 2) / 3, NaN, NaN, NaN, 100]);
});

test('without volume there is no average price', () => {
  const candles = traded([1, 2, 3, 4, 5], [1, 0, 0, 3, 1]);
  assert.deepEqual([...computeIndicator(candles, 'volume.vwap', { window: 2 }).vwap], [NaN, 1, NaN, 4, 4.25]);
  assert.deepEqual([...computeIndicator(candles, 'volume.cmf', { window: 2 }).cmf], [NaN, 0, NaN, 0, 0]);
});

test('average and bands of a price that does not move lie on it, also where a third of three times it does not', () => {
  assert.notEqual((0.1 + 0.1 + 0.1) / 3, 0.1);
  assert.notEqual((0.7 + 0.7 + 0.7) / 3, 0.7);
  for (const price of [60_000.07, 0.1, 0.7]) {
    const candles = traded(Array<number>(60).fill(price), [...randomCandles(44, 60).volume]);
    const { vwap } = computeIndicator(candles, 'volume.vwap', { window: 10 });
    assert.ok(vwap.subarray(9).every((value) => value === price));
    const { upper, lower } = computeIndicator(candles, 'volume.vwap_deviation', { window: 10 });
    assert.deepEqual(upper, lower);
    assert.ok(upper.subarray(18).every((value) => value === price));
    assert.ok(Number.isNaN(upper[17]));
  }
});
