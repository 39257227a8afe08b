import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boxOf, cellAt, frameOf, movedBy, nearestCell, xAt, yAt } from './frame.ts';

const SIZE = { columns: 4, rows: 2 };
const FRAME = frameOf(SIZE, 52 + 42 + 400, 30 + 36 + 200);

test('a point is in the cell that is drawn there, the first row below', () => {
  for (let i = 0; i < 4; i += 1) {
    for (let j = 0; j < 2; j += 1) {
      assert.deepEqual(cellAt(FRAME, xAt(FRAME, i + 0.5), yAt(FRAME, j + 0.5)), { i, j });
    }
  }
  assert.equal(cellAt(FRAME, 10, 100), null);
  assert.equal(cellAt(FRAME, 100, 10), null);
  assert.deepEqual(nearestCell(FRAME, 10_000, -50), { i: 3, j: 1 });
  assert.deepEqual(nearestCell(FRAME, -10, 10_000), { i: 0, j: 0 });
});

test('keys move by one, by ten and to the ends, and never out of the map', () => {
  const at = { i: 2, j: 1 };
  assert.deepEqual(movedBy('ArrowLeft', at, SIZE), { i: 1, j: 1 });
  assert.deepEqual(movedBy('ArrowUp', at, SIZE), { i: 2, j: 1 });
  assert.deepEqual(movedBy('PageDown', at, SIZE), { i: 2, j: 0 });
  assert.deepEqual(movedBy('End', at, SIZE), { i: 3, j: 1 });
  assert.deepEqual(movedBy('Home', at, SIZE), { i: 0, j: 1 });
  assert.equal(movedBy('a', at, SIZE), null);
  assert.deepEqual(boxOf({ i: 3, j: 0 }, { i: 1, j: 1 }), { from: { i: 1, j: 0 }, to: { i: 3, j: 1 } });
});
