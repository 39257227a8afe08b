import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binOfVariant, heldOf, isHeld, pairOf, pairThatExplains, scoredAxes } from './axes.ts';

const axis = (key: string, stride: number, length: number) => ({
  key,
  stride,
  length,
  values: Array.from({ length }, (_, at) => at + 1),
});
const REQUEST = {
  axes: [axis('slow', 80, 10), axis('fast', 10, 8), axis('flag', 5, 2), axis('one', 5, 1), axis('mult', 1, 5)],
  risk_axes: [axis('sl', 1, 3)],
} as never;
const AXES = scoredAxes(REQUEST);
const SUMMARY = {
  axes: [
    { key: 'slow', explained: 0.2 },
    { key: 'fast', explained: 0.05 },
    { key: 'flag', explained: 0.6 },
    { key: 'mult', explained: 0.3 },
  ],
} as never;
const USUAL = { x: 'mult', y: 'slow' };

test('a map opens on the axes that explain the most; two values make no map while others have more', () => {
  assert.deepEqual(
    AXES.map(({ key }) => key),
    ['slow', 'fast', 'flag', 'mult'],
  );
  assert.deepEqual(pairThatExplains(AXES, SUMMARY), USUAL);
  assert.deepEqual(pairThatExplains(AXES.slice(0, 1), SUMMARY), { x: 'slow', y: null });
  assert.equal(pairThatExplains([], SUMMARY), null);
});

test('an address chooses axes; what it has wrong is ignored, and x and y are never the same', () => {
  assert.deepEqual(pairOf({ x: '', y: '' }, AXES, USUAL), USUAL);
  assert.deepEqual(pairOf({ x: 'fast', y: 'nope' }, AXES, USUAL), { x: 'fast', y: 'slow' });
  assert.deepEqual(pairOf({ x: 'slow', y: '' }, AXES, USUAL), { x: 'slow', y: 'mult' });
  assert.deepEqual(pairOf({ x: '', y: 'mult' }, AXES, USUAL), { x: 'slow', y: 'mult' });
  assert.deepEqual(pairOf({ x: 'flag', y: 'flag' }, AXES, USUAL), { x: 'flag', y: 'slow' });
  assert.deepEqual(pairOf({ x: '', y: '' }, AXES.slice(0, 1), { x: 'slow', y: null }), { x: 'slow', y: null });
});

test('an axis is held at a value that it has, and not while it is x or y', () => {
  const hold = { fast: '3', slow: '2', flag: '9', nope: '1' };
  assert.deepEqual(heldOf(hold, AXES, USUAL), { fast: '3' });
});

test('a variant has its bin on an axis, and is in a slice by its values', () => {
  // Under 3 stops: base 2 * 80 + 1 * 10 + 4.
  const index = 3 * 174 + 1;
  const [slow, fast] = AXES;
  assert.ok(slow && fast);
  assert.deepEqual([binOfVariant(slow, index, 400), binOfVariant(fast, index, 400)], [2, 1]);
  assert.equal(binOfVariant(slow, index, 5), 1);
  assert.equal(isHeld(AXES, { fast: '2' }, index), true);
  assert.equal(isHeld(AXES, { fast: '3' }, index), false);
});
