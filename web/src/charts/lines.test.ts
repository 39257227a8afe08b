import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DASHES, LETTERS, rangeOf, seriesColour } from './lines.ts';

test('a vertical axis has what is drawn, with air; by ratio where it is a log one', () => {
  assert.deepEqual(rangeOf(0, 100, {}), [-5, 105]);
  const [low, high] = rangeOf(10, 1000, { log: true });
  assert.ok(low < 10 && low > 5 && high > 1000 && high < 2000);
  assert.ok(rangeOf(-5, 100, { log: true })[0] > 0);
  assert.deepEqual(rangeOf(null, null, {}), [0, 1]);
});

test('what hangs ends at 0, even where nothing fell', () => {
  assert.deepEqual(rangeOf(-50, -10, { hangs: true }), [-54, 0]);
  assert.deepEqual(rangeOf(0, 0, { hangs: true }), [-1, 0]);
});

test('each of eight lines has a letter, a colour and a dash of its own', () => {
  assert.equal(new Set(DASHES.map(String)).size, LETTERS.length);
  assert.equal(new Set(LETTERS.map((_, at) => seriesColour(at))).size, LETTERS.length);
});
