import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  binsIn,
  brushesOf,
  flipped,
  movedEnd,
  movedTo,
  orderOf,
  orderText,
  rangeOf,
  rangeOfBins,
  rangeText,
} from './brushes.ts';

const BINNED = { key: 'slow', from: [5, 9, 13], to: [8, 12, 16] };
const WORDS = { key: 'source', from: ['close', 'hl2', 'open'], to: ['close', 'hl2', 'open'] };

test('a range of an address is read, whatever it is of, and what is none is ignored', () => {
  assert.deepEqual(rangeOf('12..20', true), [12, 20]);
  assert.deepEqual(rangeOf('20..-1.5', true), [-1.5, 20]);
  assert.deepEqual(rangeOf('close..hl2', false), ['close', 'hl2']);
  for (const text of ['', '5', '5..', '..5', '1..2..3', 'a..b']) assert.equal(rangeOf(text, true), undefined);
  const known = new Map([
    ['slow', true],
    ['source', false],
  ]);
  assert.deepEqual(brushesOf({ slow: '5..8', source: 'a..b', nope: '1..2', x: '' }, known), {
    slow: [5, 8],
    source: ['a', 'b'],
  });
});

test('bins are found by value, words by place, and make the same range again', () => {
  assert.deepEqual(binsIn(BINNED, [8, 12]), { from: 0, to: 1 });
  assert.deepEqual(binsIn(BINNED, [13, 99]), { from: 2, to: 2 });
  assert.equal(binsIn(BINNED, [20, 30]), undefined);
  assert.deepEqual(binsIn(WORDS, ['hl2', 'open']), { from: 1, to: 2 });
  assert.equal(binsIn(WORDS, ['hl2', 'nope']), undefined);
  for (const [bins, axis] of [
    [{ from: 0, to: 1 }, BINNED],
    [{ from: 1, to: 2 }, WORDS],
  ] as const) {
    assert.deepEqual(binsIn(axis, rangeOfBins(axis, bins)), bins);
  }
  assert.equal(rangeText(rangeOfBins(BINNED, { from: 1, to: 2 })), '9..16');
  const down = { key: 'down', from: [95, 5], to: [95, 5] };
  assert.equal(rangeText(rangeOfBins(down, { from: 0, to: 1 })), '5..95');
});

test('keys move one end of a brush, and never past the other', () => {
  const range = { from: 2, to: 4 };
  assert.deepEqual(movedEnd('ArrowUp', 'from', range, 10), { from: 3, to: 4 });
  assert.deepEqual(movedEnd('End', 'from', range, 10), { from: 4, to: 4 });
  assert.deepEqual(movedEnd('Home', 'to', range, 10), { from: 2, to: 2 });
  assert.deepEqual(movedEnd('PageUp', 'to', range, 10), { from: 2, to: 9 });
  assert.equal(movedEnd('x', 'to', range, 10), null);
});

test('an order names axes and turns them round; the rest follow, and the usual order is left out', () => {
  const keys = ['a', 'b', 'c'];
  const order = orderOf(['-c', 'nope', 'c', 'a'], keys, 12);
  assert.deepEqual(orderText(order, keys), ['-c', 'a', 'b']);
  assert.deepEqual(orderText(movedTo(order, 0, 2), keys), ['a', 'b', '-c']);
  assert.deepEqual(orderText(flipped(movedTo(order, 0, 2), 2), keys), []);
  assert.deepEqual(orderText(movedTo(order, 1, -5), keys), ['a', '-c', 'b']);
  assert.equal(orderOf([], keys, 2).length, 2);
});
