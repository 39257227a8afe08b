import assert from 'node:assert/strict';
import { test } from 'node:test';
import { windowAt } from './window.ts';

test('a short history is shown whole', () => {
  assert.deepEqual(windowAt({ start: 5, end: 105 }, 100, 100, 50), { start: 5, end: 105 });
});

test('of a long one there is a part around the instant, the same for what is near', () => {
  const all = { start: 0, end: 1000 };
  const part = windowAt(all, 1000, 100, 500);
  assert.deepEqual(part, { start: 450, end: 550 });
  assert.deepEqual(windowAt(all, 1000, 100, 510), part);
  assert.deepEqual(windowAt(all, 1000, 100, -9), { start: 0, end: 100 });
  assert.deepEqual(windowAt(all, 1000, 100, 1000), { start: 900, end: 1000 });
  for (let at = 0; at <= 1000; at += 7) {
    const { start, end } = windowAt(all, 1000, 100, at);
    assert.ok(start <= at && at <= end);
  }
});
