import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelOf } from './model.ts';

const map = (cells: readonly number[], columns: number) =>
  ({
    metric: 'total_return_pct',
    how: 'max',
    x: { key: 'x', from: Array.from({ length: columns }, (_, at) => at), to: [] },
    y: { key: 'y', from: Array.from({ length: cells.length / columns }, (_, at) => at), to: [] },
    scores: cells.length,
    best: null,
    cells: Float32Array.from(cells),
  }) as never;

test('lines part what beats buy and hold, and what comes near the best', () => {
  const model = modelOf(map([0, 5, 10, 9.2], 2), { sign: 1, typical: 0, holding: 4 });
  assert.equal(model.beatsHolding.length / 4, 6);
  assert.deepEqual([...model.nearBest], [0, 1, 2, 1, 0, 2, 2, 2, 0, 1, 0, 2, 2, 1, 2, 2]);
  assert.deepEqual([...model.alongX], [10, Math.fround(9.2)]);
  assert.deepEqual([...model.alongY], [5, 10]);
});

test('a line around all or nothing says nothing, and lower can be better', () => {
  assert.equal(modelOf(map([1, 2], 2), { sign: 1, typical: 1, holding: 9 }).holding, null);
  assert.deepEqual(modelOf(map([3, 3], 2), { sign: 1, typical: 3, holding: null }).nearBest, []);
  const lower = modelOf(map([10, 20, 30, NaN], 2), { sign: -1, typical: 20, holding: null });
  assert.deepEqual([...lower.alongX], [10, 20]);
  assert.deepEqual([...lower.nearBest], [0, 0, 1, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 0, 1, 1]);
});

test('a map without scores, and one of infinities, can be drawn', () => {
  const empty = modelOf(map([NaN, NaN], 2), { sign: 1, typical: NaN, holding: 1 });
  assert.deepEqual([empty.nearBest, empty.beatsHolding, empty.span], [[], [], { low: 0, high: 0 }]);
  assert.ok([...empty.alongX].every(Number.isNaN));
  const endless = modelOf(map([Infinity, 1], 2), { sign: 1, typical: 0, holding: null });
  assert.deepEqual(endless.span, { low: 0, high: 1 });
  assert.equal(endless.nearBest.length / 4, 4);
});
