import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../grid/random.ts';
import { candlesOfCloses, randomCandles } from './candles.ts';

test('the same seed gives the same numbers, evenly spread over [0, 1)', () => {
  const [a, b, other] = [random(1), random(1), random(2)];
  const numbers = Array.from({ length: 10_000 }, a);
  assert.deepEqual(numbers, Array.from({ length: 10_000 }, b));
  assert.notEqual(numbers[0], other());
  assert.ok(numbers.every((value) => value >= 0 && value < 1));
  const tenths = Array<number>(10).fill(0);
  for (const value of numbers) tenths[Math.floor(value * 10)] += 1;
  assert.ok(
    tenths.every((count) => count > 900 && count < 1100),
    String(tenths),
  );
});

test('random candles are valid: ascending times, positive prices, high and low around open and close', () => {
  for (const volatility of [0, 0.001, 0.01, 0.3]) {
    const { time, open, high, low, close, volume } = randomCandles(3, 50_000, { volatility, price: 60_000 });
    for (let bar = 0; bar < time.length; bar += 1) {
      assert.equal(time[bar], Date.UTC(2024, 0, 1) + bar * 60_000);
      assert.ok(low[bar] > 0 && low[bar] <= Math.min(open[bar], close[bar]));
      assert.ok(high[bar] < 1e7 && high[bar] >= Math.max(open[bar], close[bar]));
      assert.ok(volume[bar] > 0);
    }
  }
});

test('candles of closes', () => {
  const { time, open, close, volume } = candlesOfCloses([1, 2], 1000, 10);
  assert.deepEqual([...time, ...open, ...close, ...volume], [1000, 1010, 1, 2, 1, 2, 1, 1]);
});
