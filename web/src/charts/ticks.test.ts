import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logTicks, roundTicks } from './ticks.ts';

test('ticks are round, inside, and not too many', () => {
  assert.deepEqual(roundTicks(3, 36_000, 4), [10_000, 20_000, 30_000]);
  assert.deepEqual(roundTicks(-11.3, 0, 3), [-10, -5, 0]);
  assert.deepEqual(roundTicks(0, 0.3, 3), [0, 0.1, 0.2, 0.3]);
  assert.deepEqual(roundTicks(5, 5, 3), [5]);
  assert.deepEqual(roundTicks(NaN, NaN, 3), []);
});

test('log ticks keep to the heads that fit, and a narrow axis has linear ones', () => {
  assert.deepEqual(logTicks(48, 380, 6), [50, 70, 100, 150, 200, 300]);
  assert.deepEqual(logTicks(1, 10_000, 5), [1, 10, 100, 1000, 10_000]);
  assert.deepEqual(logTicks(95, 130, 4), [100, 110, 120, 130]);
  assert.deepEqual(logTicks(0, 10, 4), []);
});
