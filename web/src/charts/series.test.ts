import assert from 'node:assert/strict';
import { test } from 'node:test';
import { align, countUpTo, drawdownOf, goOn, lastAt, rebase } from './series.ts';

test('equity is rebased to its start', () => {
  assert.deepEqual(rebase([50, 75, 25]), [100, 150, 50]);
  assert.deepEqual(rebase([0, 5]), [0, 5]);
  assert.deepEqual(rebase([]), []);
});

test('drawdown hangs from the highest value so far', () => {
  assert.deepEqual(drawdownOf([100, 80, 120, 90, 120]), [0, -20, 0, -25, 0]);
  assert.deepEqual(drawdownOf([0, 0]), [0, 0]);
});

test('a held-out part goes on with what the searched part ended with', () => {
  assert.deepEqual(goOn([10, 20], [10, 5]), [10, 20, 20, 10]);
  assert.deepEqual(goOn([], [10, 5]), [10, 5]);
  assert.deepEqual(goOn([10], []), [10]);
});

test('series of different times share an axis, and gaps are read as what was before', () => {
  const { time, columns } = align([
    { time: [1, 3], values: [10, 30] },
    { time: [2, 3], values: [5, 6] },
  ]);
  assert.deepEqual(time, [1, 2, 3]);
  assert.deepEqual(columns, [
    [10, null, 30],
    [null, 5, 6],
  ]);
  assert.equal(lastAt(columns[0] ?? [], 1), 10);
  assert.equal(lastAt(columns[1] ?? [], 0), null);
  assert.equal(lastAt(columns[1] ?? [], 9), 6);
});

test('places are found in sorted times', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 9].map((instant) => countUpTo([1, 3, 3], instant)),
    [0, 1, 1, 3, 3],
  );
});
