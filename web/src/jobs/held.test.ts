import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdRows } from './held.ts';

const hold = (now: string, before: string) => {
  const { rows, waiting } = holdRows(now.split(''), before.split(''), (row) => row);
  return `${rows.join('')} ${waiting}`;
};

test('rows that have come wait, rows that have gone leave, and the next page moves nothing', () => {
  assert.equal(hold('abc', 'abc'), 'abc 0');
  assert.equal(hold('xyabc', 'abc'), 'abc 2');
  assert.equal(hold('xac', 'abc'), 'ac 1');
  assert.equal(hold('abcdef', 'abc'), 'abcdef 0');
  assert.equal(hold('xabcde', 'abc'), 'abcde 1');
  assert.equal(hold('xyz', 'abc'), 'xyz 0');
  assert.equal(hold('', 'abc'), ' 0');
  assert.equal(hold('abc', ''), 'abc 0');
});
