import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../grid/random.ts';
import { simulate } from '../simulate/simulate.ts';
import { HOUR_MS } from '../spec.ts';
import { candlesOfCloses, randomCandles } from '../testing/candles.ts';
import { randomSignal, settingWith, signalOfText } from '../testing/settings.ts';
import { decimate, series, type Series } from './series.ts';

const CONTEXT = { initCash: 1000, periodsPerYear: 365, timeframeMs: HOUR_MS };

test('one value per close', () => {
  const target = candlesOfCloses([100, 200, 100, 50, 50], 0, HOUR_MS);
  const paths = series(simulate(target, signalOfText('L.SS.'), settingWith()), target, CONTEXT);
  assert.deepEqual(
    [...paths.time],
    [1, 2, 3, 4, 5].map((hour) => hour * HOUR_MS),
  );
  assert.deepEqual([...paths.equity], [1000, 2000, 2000, 3000, 3000]);
  assert.deepEqual([...paths.drawdown], [0, 0, 0, 0, 0]);
  assert.deepEqual([...paths.benchmark], [1000, 2000, 1000, 500, 500]);
  assert.deepEqual([...paths.position], [1, 0, -1, -1, 0]);
});

test('a position that reverses on a bar has that bar of the later trade', () => {
  const target = candlesOfCloses([100, 100, 100], 0, HOUR_MS);
  const { position } = series(simulate(target, signalOfText('LSS'), settingWith()), target, CONTEXT);
  assert.deepEqual([...position], [1, -1, 0]);
});

function randomPaths(bars: number): Series {
  const target = randomCandles(4, bars, { stepMs: HOUR_MS });
  return series(simulate(target, randomSignal(random(4), bars), settingWith()), target, CONTEXT);
}

test('decimated paths keep both ends and the extremes, in time order', () => {
  const full = randomPaths(1000);
  for (const points of [4, 5, 10, 101, 999]) {
    const few = decimate(full, points);
    assert.ok(few.time.length <= points && few.time.length >= Math.min(points, 4) - 2);
    assert.deepEqual([few.time[0], few.time.at(-1)], [full.time[0], full.time.at(-1)]);
    assert.deepEqual(
      [Math.min(...few.equity), Math.max(...few.equity)],
      [Math.min(...full.equity), Math.max(...full.equity)],
    );
    for (let row = 1; row < few.time.length; row += 1) assert.ok(few.time[row] > few.time[row - 1]);
  }
});

test('what is short enough is left alone, too few points are refused', () => {
  const full = randomPaths(10);
  assert.equal(decimate(full, 10), full);
  assert.throws(() => decimate(full, 3), /points is 3, must be at least 4/);
});
