import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barsOf, logShare, placedMarks, powersTo } from './histogram.ts';

test('bars are losses, gains, and what beats buy and hold', () => {
  const bars = barsOf({ from: -10, to: 30, counts: [1, 2, 3, 4] }, { made: 0, holding: 15 });
  assert.deepEqual(
    bars.map(({ from, to, tone }) => [from, to, tone]),
    [
      [-10, 0, 'loss'],
      [0, 10, 'gain'],
      [10, 20, 'gain'],
      [20, 30, 'more'],
    ],
  );
  assert.deepEqual(
    barsOf({ from: 0, to: 2, counts: [1, 1] }, { made: 1, holding: null }).map(({ tone }) => tone),
    ['loss', 'gain'],
  );
  assert.deepEqual(
    barsOf({ from: 0, to: 2, counts: [1, 1] }, { made: null, holding: null }).map(({ tone }) => tone),
    ['plain', 'plain'],
  );
});

test('scores that are all alike are one bar', () => {
  assert.deepEqual(barsOf({ from: 3, to: 3, counts: [7, 0, 0] }, { made: 0, holding: null }), [
    { from: 3, to: 3, count: 7, tone: 'gain' },
  ]);
});

test('a single score among a million is still seen', () => {
  assert.equal(logShare(0, 1e6), 0);
  assert.ok(logShare(1, 1e6) > 0.03);
  assert.equal(logShare(1e6, 1e6), 1);
  assert.deepEqual(powersTo(27_000), [10, 100, 1000, 10_000]);
  assert.deepEqual(powersTo(1), []);
  assert.deepEqual(powersTo(1000), [10, 100, 1000]);
});

test('labels that would cover each other stand on lines of their own, and none leaves the picture', () => {
  const marks = placedMarks(
    [
      { id: 'median', text: 'median +18%', x: 100 },
      { id: 'holding', text: 'buy and hold +22%', x: 110 },
      { id: 'best', text: 'best +183%', x: 395 },
    ],
    400,
  );
  assert.deepEqual(
    marks.map(({ line, anchor }) => [line, anchor]),
    [
      [0, 'start'],
      [1, 'start'],
      [0, 'end'],
    ],
  );
});
