import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outlineOf } from './contour.ts';

const grid = (text: string): readonly number[] => {
  const rows = text.split('/');
  const columns = rows[0]?.length ?? 0;
  return outlineOf((at) => rows[Math.floor(at / columns)]?.[at % columns] === '#', columns, rows.length);
};
const inFours = (all: readonly number[]): readonly string[] =>
  Array.from({ length: all.length / 4 }, (_, at) => all.slice(4 * at, 4 * at + 4).join(' '));

test('one cell has four edges, a block of them still four', () => {
  assert.deepEqual(inFours(grid('.../.#./...')), ['1 1 2 1', '1 2 2 2', '1 1 1 2', '2 1 2 2']);
  assert.deepEqual(inFours(grid('##/##')), ['0 0 2 0', '0 2 2 2', '0 0 0 2', '2 0 2 2']);
});

test('nothing has no line, a hole has one of its own, and what touches at a corner stays apart', () => {
  assert.deepEqual(grid('../..'), []);
  assert.equal(grid('###/#.#/###').length / 4, 8);
  assert.deepEqual(inFours(grid('#./.#')), ['0 0 1 0', '0 1 2 1', '1 2 2 2', '0 0 0 1', '1 0 1 2', '2 1 2 2']);
});
