import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from './compare.ts';

test('differences and ranks of two columns', () => {
  assert.deepEqual(compare([1, 2, 3], [1, 2.5, 4]), { median: 0.5, largest: 1, rankCorrelation: 1 });
  assert.equal(compare([1, 2, 3], [3, 2, 1]).rankCorrelation, -1);
  // By hand: ranks 0 1.5 1.5 3 and 0 1 2 3, covariance 4.5, squares 4.5 and 5.
  assert.equal(compare([1, 2, 2, 3], [1, 2, 3, 4]).rankCorrelation, 4.5 / Math.sqrt(4.5 * 5));
  assert.throws(() => compare([1], [1, 2]), RangeError);
});
