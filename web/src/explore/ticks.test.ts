import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roundValues, ticksOf } from './ticks.ts';

const axis = (values: readonly (number | string)[]) => ({ from: values, to: values });
const span = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

test('values are round, within the bounds, and no more than asked for', () => {
  assert.deepEqual(roundValues(5, 200, 8), [25, 50, 75, 100, 125, 150, 175, 200]);
  assert.deepEqual(roundValues(0, 0.3, 3), [0, 0.1, 0.2, 0.3]);
  assert.deepEqual(roundValues(-7, 7, 3), [-5, 0, 5]);
  assert.deepEqual(roundValues(3, 3, 5), [3]);
  assert.deepEqual(roundValues(NaN, NaN, 5), []);
});

test('few values have all labels, many have round ones, words and odd steps every so many', () => {
  assert.deepEqual(
    ticksOf(axis([5, 95]), 4).map(({ value }) => value),
    [5, 95],
  );
  assert.deepEqual(ticksOf(axis(span(5, 200)), 4)[0], { bin: 45, value: 50 });
  assert.deepEqual(
    ticksOf(axis('a b c d e f g h'.split(' ')), 4).map(({ value }) => value),
    ['a', 'c', 'e', 'g'],
  );
  const odd = span(0, 19).map((at) => 3.3 + 1.7 * at);
  assert.ok(ticksOf(axis(odd), 5).length >= 2);
});

test('a bin of several values has the label of a round one in it', () => {
  const from = [1, 6, 11, 16, 21];
  const to = [5, 10, 15, 20, 25];
  assert.deepEqual(ticksOf({ from, to }, 3), [
    { bin: 1, value: 10 },
    { bin: 3, value: 20 },
  ]);
});
