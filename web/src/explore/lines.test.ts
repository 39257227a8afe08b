import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areaOf, bandOf, lineOf, scaleOf } from './lines.ts';

const x = (at: number): number => 10 * at;

test('a scale runs from bottom to top, holds infinities at its ends, and a flat one in the middle', () => {
  const { at } = scaleOf(-10, 10, 100, 0);
  assert.deepEqual([-10, 0, 10, Infinity, -Infinity].map(at), [100, 50, 0, 0, 100]);
  assert.equal(scaleOf(3, 3, 100, 0).at(3), 50);
  assert.equal(scaleOf(Infinity, -Infinity, 100, 0).at(0), 50);
});

test('a line has gaps where there is no value, and an area only what both lines have', () => {
  const { at } = scaleOf(0, 10, 10, 0);
  assert.equal(lineOf([0, 10, NaN, 5], x, at), 'M0.0 10h0L10.0 0M30.0 5h0');
  assert.equal(lineOf([], x, at), '');
  assert.equal(areaOf([10, 10, NaN], [0, 5, 0], x, at), 'M0.0 0L10.0 0L10.0 5L0.0 10Z');
  assert.equal(areaOf([], [], x, at), '');
});

test('a band has the lowest and the highest value around, one step away at least', () => {
  const { lower, upper } = bandOf([1, 5, NaN, 2]);
  assert.deepEqual([...lower], [1, 1, 2, 2]);
  assert.deepEqual([...upper], [5, 5, 5, 2]);
  assert.ok([...bandOf([NaN]).lower].every(Number.isNaN));
  const long = bandOf(Float32Array.from({ length: 201 }, (_, at) => at));
  assert.deepEqual([long.lower[100], long.upper[100]], [96, 104]);
});
