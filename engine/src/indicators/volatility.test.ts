import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Candles } from '../bars/candles.ts';
import { assertTextbook, last, type Case } from '../testing/assert-textbook.ts';
import { candlesOfCloses, randomCandles } from '../testing/candles.ts';
import { deviationOf, meanOf } from '../testing/textbook.ts';
import { computeIndicator } from './catalogue.ts';

test('atr is an average of true ranges from bar 1 on, atr_pct its percentage of the close', () => {
  const candles = { ...candlesOfCloses([10, 12, 11, 14, 10]) };
  const { atr, atr_pct } = computeIndicator(candles, 'volatility.atr', { window: 2 });
  assert.deepEqual([...atr], [NaN, NaN, 1.5, 2.25, 3.125]); // ranges 2 1 3 4
  assert.deepEqual([...atr_pct], [NaN, NaN, 150 / 11, 225 / 14, 31.25]);
});

test('atr_pct: there is no percentage of a close of 0', () => {
  const candles = { ...candlesOfCloses([10, 12, 0, 14]) };
  const { atr_pct } = computeIndicator(candles, 'volatility.atr', { window: 2 });
  assert.deepEqual([...atr_pct], [NaN, NaN, NaN, 1050 / 14]); // ranges 2 12 14
});

test('bands lie mult deviations around the mean of any source', () => {
  const candles = randomCandles(21, 100);
  const one = computeIndicator(candles, 'volatility.bbands', { window: 10, mult: 1, source: 'hl2' });
  const three = computeIndicator(candles, 'volatility.bbands', { window: 10, mult: 3, source: 'hl2' });
  const { sma } = computeIndicator(candles, 'ma.sma', { window: 10, source: 'hl2' });
  assert.deepEqual(one.mid, sma);
  assert.deepEqual(three.mid, sma);
  for (let bar = 9; bar < 100; bar += 1) {
    assert.ok(Math.abs(three.upper[bar] - sma[bar] - 3 * (one.upper[bar] - sma[bar])) < 1e-10);
    assert.ok(Math.abs(three.upper[bar] + three.lower[bar] - 2 * sma[bar]) < 1e-10);
    assert.ok(one.lower[bar] < sma[bar]);
  }
});

test('flat bands fall together', () => {
  const { mid, upper, lower } = computeIndicator(candlesOfCloses(Array<number>(50).fill(0.1)), 'volatility.bbands');
  assert.deepEqual(upper, mid);
  assert.deepEqual(lower, mid);
  assert.equal(mid[49], 0.1);
});
const WINDOWS = [2, 3, 20, 61];
const MILLION = 1_000_000;

/** The rows that look at one window of closes. */
function windowed({ close }: Candles, window: number, mult: number): readonly Case[] {
  const values = (bar: number): readonly number[] => last(window, bar, (at) => close[at]);
  const returns = (bar: number): readonly number[] =>
    last(window, bar, (at) => (at === 0 ? NaN : Math.log(close[at] / close[at - 1])));
  const bands = { window, mult };
  return [
    { id: 'volatility.variance', params: { window }, expected: { variance: (bar) => deviationOf(values(bar)) ** 2 } },
    { id: 'volatility.stddev', params: { window }, expected: { stddev: (bar) => deviationOf(values(bar)) } },
    {
      id: 'volatility.hv',
      params: { window, annualization: 252 },
      expected: { hv: (bar) => deviationOf(returns(bar)) * Math.sqrt(252) * 100 },
    },
    {
      id: 'volatility.bbands_bandwidth',
      params: bands,
      expected: { bandwidth: (bar) => (2 * mult * deviationOf(values(bar))) / meanOf(values(bar)) },
    },
    {
      id: 'volatility.bbands_percent_b',
      params: bands,
      expected: {
        percent_b(bar) {
          const reach = mult * deviationOf(values(bar));
          return (close[bar] - meanOf(values(bar)) + reach) / (2 * reach);
        },
      },
      scale: () => 1,
    },
  ];
}

test('rows over one window are what two passes over the window give', () => {
  for (const volatility of [0.01, 1e-4]) {
    const candles = randomCandles(22, 300, { price: 60_000, volatility });
    for (const window of WINDOWS) for (const row of windowed(candles, window, 1.5)) assertTextbook(candles, row);
  }
});

test('rows over one window do not drift over a million bars at 60,000', () => {
  const candles = randomCandles(23, MILLION, { price: 60_000 });
  for (const row of windowed(candles, 50, 2)) {
    assertTextbook(candles, row, 49_999, 49_999);
    assertTextbook(candles, row, MILLION - 120);
  }
});

test('the true range of a bar that gapped reaches from the close before', () => {
  const { tr } = computeIndicator(candlesOfCloses([10, 12, 11, 11]), 'volatility.tr');
  assert.deepEqual([...tr], [NaN, 2, 1, 0]);
});

test('percent_b is 0 and 1 on the bands, and nowhere in a flat window', () => {
  const candles = candlesOfCloses([1, 1, 3, 3, 3, 1]);
  const { percent_b: b } = computeIndicator(candles, 'volatility.bbands_percent_b', { window: 2, mult: 1 });
  assert.deepEqual([...b], [NaN, NaN, 1, NaN, NaN, 0]);
  const { variance } = computeIndicator(candles, 'volatility.variance', { window: 2 });
  assert.deepEqual([...variance], [NaN, 0, 1, 0, 0, 1]);
});

test('a return from or to a price of zero has no volatility', () => {
  const { hv } = computeIndicator(candlesOfCloses([1, 2, 0, 1, 2, 4]), 'volatility.hv', { window: 2 });
  assert.deepEqual([...hv], [NaN, NaN, NaN, NaN, NaN, 0]);
});

test('bands around a mean of zero have no relative width', () => {
  const candles = { ...candlesOfCloses([1, 1, 1]), close: Float64Array.of(-1, 1, 1) };
  const { bandwidth } = computeIndicator(candles, 'volatility.bbands_bandwidth', { window: 2 });
  assert.deepEqual([...bandwidth], [NaN, NaN, 0]);
});
