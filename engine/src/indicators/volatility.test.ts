import assert from 'node:assert/strict';
import { test } from 'node:test';
import { computeIndicator } from '../catalogue.ts';
import { candlesOfCloses, randomCandles } from '../testing/candles.ts';

test('atr is an average of true ranges from bar 1 on, atr_pct its percentage of the close', () => {
  const candles = { ...candlesOfCloses([10, 12, 11, 14, 10]) };
  const { atr, atr_pct } = computeIndicator(candles, 'volatility.atr', { window: 2 });
  assert.deepEqual([...atr], [NaN, NaN, 1.5, 2.25, 3.125]); // ranges 2 1 3 4
  assert.deepEqual([...atr_pct], [NaN, NaN, 150 / 11, 225 / 14, 31.25]);
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
