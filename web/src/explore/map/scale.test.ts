import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rgbOf } from '../canvas/rgb.ts';
import { gradientOf, pixelsOf, placeOnScale, shadesOf, spanOf } from './scale.ts';

const STOPS = Array.from({ length: 13 }, (_, stop) => [20 * stop, 0, 0] as const);

test('0 is the middle, the ends are the ends, and above it the steps widen', () => {
  const span = { low: -10, high: 40 };
  assert.equal(placeOnScale(0, span), 6);
  assert.equal(placeOnScale(40, span), 12);
  assert.equal(placeOnScale(Infinity, span), 12);
  assert.equal(placeOnScale(-Infinity, span), 0);
  assert.ok(placeOnScale(20, span) < 9, 'half way up is less than half of the colours');
  // The smaller side reaches 30% of the larger one at least, so -10 of 40 is not as dark as the deepest loss.
  assert.equal(placeOnScale(-12, span), 0);
  assert.ok(placeOnScale(-10, span) > 0);
});

test('a span includes 0, leaves out infinities and what has no score, and can be turned round', () => {
  assert.deepEqual(spanOf(Float32Array.of(NaN, 3, Infinity, 5), 1), { low: 0, high: 5 });
  assert.deepEqual(spanOf(Float32Array.of(-4, -2), 1), { low: -4, high: 0 });
  assert.deepEqual(spanOf(Float32Array.of(10, 30), -1), { low: -30, high: 0 });
  assert.deepEqual(spanOf(new Float32Array(0), 1), { low: 0, high: 0 });
  const many = Float32Array.from({ length: 1000 }, (_, at) => (at === 0 ? -1e6 : at));
  assert.deepEqual(spanOf(many, 1), { low: 0, high: 999 });
});

test('the first row is at the bottom, and a cell without a score stays clear', () => {
  const cells = Float32Array.of(0, NaN, -1, 1);
  const pixels = pixelsOf({ cells, columns: 2, sign: 1, span: { low: -1, high: 1 }, stops: STOPS });
  assert.deepEqual(
    [0, 1, 2, 3].map((at) => [pixels[4 * at], pixels[4 * at + 3]]),
    [
      [0, 255],
      [240, 255],
      [120, 255],
      [0, 0],
    ],
  );
  const flat = pixelsOf({ cells: Float32Array.of(0), columns: 1, sign: 1, span: { low: 0, high: 0 }, stops: STOPS });
  assert.equal(flat[0], 120);
});

test('shades run through every stop, and the legend has the same ones', () => {
  const shades = shadesOf(STOPS);
  assert.deepEqual(
    [shades[0], shades[64], shades.at(-1)].map((shade = 0) => shade & 255),
    [0, 20, 240],
  );
  assert.match(
    gradientOf({ low: -10, high: 10 }),
    /^linear-gradient\(90deg, var\(--heat-0\) 0\.0%.*var\(--heat-6\) 50\.0%/,
  );
  assert.equal((shades[64] ?? 0) >>> 24, 255);
  assert.deepEqual(rgbOf('#0a0b0c'), [10, 11, 12]);
  assert.deepEqual(rgbOf('#fff'), [255, 255, 255]);
  assert.deepEqual(rgbOf('red'), [128, 128, 128]);
});
