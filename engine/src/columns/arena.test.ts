// The WebAssembly kernels return what their TypeScript namesakes return, to the last bit.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../grid/random.ts';
import { mean } from '../indicators/windows.ts';
import { openArena, type Arena } from './arena.ts';
import { and, less, lessOrEqual, wordsOf } from './bits.ts';

function reserved(bytes: number): Arena {
  const arena = openArena();
  arena.reserve(bytes);
  assert.notEqual(arena.kernels(), null, 'this Node has WebAssembly with SIMD');
  return arena;
}

/** Makes a column of prices, some of them equal to the one before, NaN, infinite or -0. */
function wildColumn(length: number, next: () => number): Float64Array {
  const odd = [NaN, Infinity, -Infinity, -0, 0, 1e300];
  const column = new Float64Array(length);
  for (let bar = 0; bar < length; bar += 1) {
    const draw = next();
    if (draw < 0.03) column[bar] = odd[Math.floor(next() * odd.length)];
    else column[bar] = draw < 0.2 && bar > 0 ? column[bar - 1] : 60_000 * (1 + next());
  }
  return column;
}

function copied(arena: Arena, column: Float64Array): Float64Array {
  const copy = arena.floats(column.length);
  copy.set(column);
  return copy;
}

test('comparisons pack the same bits, whatever the length and wherever they start', () => {
  const next = random(11);
  for (let bars = 1; bars <= 300; bars += 1) {
    const from = Math.floor(next() * 5);
    const [a, b] = [wildColumn(from + bars, next), wildColumn(from + bars, next)];
    for (let bar = 0; bar < a.length; bar += 1) if (next() < 0.2) b[bar] = a[bar];
    const arena = reserved(65_536);
    const [fastA, fastB] = [copied(arena, a), copied(arena, b)];
    for (const pack of [less, lessOrEqual]) {
      const [slow, fast] = [new Uint32Array(wordsOf(bars)), arena.words(wordsOf(bars))];
      const after = arena.words(4).fill(0xdead);
      pack(a, b, { first: from, bars }, slow);
      pack(fastA, fastB, { first: from, bars }, fast);
      assert.deepEqual(fast, slow, `${pack.name} of ${bars} bars from ${from}`);
      assert.deepEqual(after, new Uint32Array(4).fill(0xdead), 'nothing is written after the column');
    }
  }
});

test('the bits that two bitsets share are the same, whatever their length', () => {
  const next = random(13);
  for (let length = 1; length <= 70; length += 1) {
    const arena = reserved(65_536);
    const wild = (): Uint32Array => arena.words(length).map(() => next() * 2 ** 32);
    const [a, b] = [wild(), wild()];
    const [fastA, fastB, fast] = [arena.words(length), arena.words(length), arena.words(length)];
    const after = arena.words(4).fill(0xdead);
    fastA.set(a);
    fastB.set(b);
    and(fastA, fastB, fast);
    const slow = new Uint32Array(length);
    and(a, b, slow); // on the heap
    assert.deepEqual(fast, slow, `${length} words`);
    assert.deepEqual(after, new Uint32Array(4).fill(0xdead), 'nothing is written after the column');
  }
});

test('means are the same to the last bit', () => {
  const next = random(12);
  for (let round = 0; round < 300; round += 1) {
    const bars = 1 + Math.floor(next() * 400);
    const window = 2 + Math.floor(next() ** 2 * 120);
    const x = wildColumn(bars, next);
    if (round % 2 === 0) x.forEach((value, bar) => (x[bar] = Number.isFinite(value) ? value : 1));
    const arena = reserved(65_536);
    const [slow, fast] = [new Float64Array(bars).fill(7), arena.floats(bars).fill(7)];
    mean(x, window, slow);
    mean(copied(arena, x), window, fast);
    // All NaN are one value here, whatever their bytes.
    for (let bar = 0; bar < bars; bar += 1)
      assert.ok(Object.is(fast[bar], slow[bar]), `bar ${bar} of ${bars}, window ${window}`);
  }
});

test('an arena whose memory is unavailable is the heap', () => {
  const arena = openArena();
  arena.reserve(2 ** 33);
  assert.equal(arena.kernels(), null);
  assert.notEqual(arena.floats(3).buffer, arena.floats(3).buffer);
});

test('an arena that starts again has its memory again, as zeros', () => {
  const arena = reserved(1000);
  const before = arena.floats(50).fill(7);
  arena.restart();
  assert.deepEqual([arena.kernels(), arena.used()], [null, 0]);
  assert.notEqual(arena.floats(3).buffer, before.buffer, 'until it is reserved, columns are on the heap');
  arena.reserve(1000);
  const after = arena.floats(50);
  assert.equal(after.buffer, before.buffer);
  assert.deepEqual(after, new Float64Array(50));
  assert.notEqual(arena.kernels(), null);
  arena.restart();
  arena.reserve(200_000);
  assert.notEqual(arena.words(9).buffer, before.buffer, 'what is too small is no longer used');
});
