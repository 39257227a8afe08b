import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axisAt, axisX, bandsFrame, binAtY, binY, curvesOf, placeAtX } from './layout.ts';

const FRAME = bandsFrame(4, 46 + 84 + 300, 14 + 16 + 200);

test('a height on an axis is the bin that is drawn there, flipped or not', () => {
  for (const at of [0, 1, 2, 3]) {
    const column = { bins: 7, isFlipped: at % 2 === 1, isScore: at > 1 };
    for (let bin = 0; bin < 7; bin += 1) assert.equal(binAtY(FRAME, binY(FRAME, bin, column), column), bin);
  }
  assert.ok(binY(FRAME, 6, { bins: 7, isFlipped: false }) < binY(FRAME, 0, { bins: 7, isFlipped: false }));
  assert.equal(binAtY(FRAME, -100, { bins: 7, isFlipped: false }), 6);
  assert.equal(binY(FRAME, 0, { bins: 1, isFlipped: false }), 114);
  assert.equal(binAtY(FRAME, 20, { bins: 1, isFlipped: false }), 0);
});

test('a point near an axis means it, the bars of the score belong to its axis', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((at) => axisAt(FRAME, axisX(FRAME, at))),
    [0, 1, 2, 3],
  );
  assert.equal(axisAt(FRAME, axisX(FRAME, 0) + 50), null);
  assert.equal(axisAt(FRAME, axisX(FRAME, 3) + 40), 3);
  assert.equal(axisX(bandsFrame(1, 400, 200), 0), 316);
});

test('an axis is dropped at the nearest place, never behind the score', () => {
  assert.deepEqual(
    [0, 130, 260, 1000].map((x) => placeAtX(FRAME, x)),
    [0, 1, 2, 2],
  );
});

test('there is a curve for every pair with matches, the strongest last', () => {
  const curves = curvesOf(
    [
      [0, 5, 10, 0, 0, 1],
      [3, 0],
    ],
    [2, 3, 1],
  );
  assert.deepEqual(
    curves.map(({ gap, from, to, share }) => [gap, from, to, share]),
    [
      [0, 1, 2, 0.1],
      [0, 0, 1, 0.5],
      [0, 0, 2, 1],
      [1, 0, 0, 1],
    ],
  );
});
