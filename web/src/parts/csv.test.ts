import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvOf, sortedRows, type Cell } from './csv.ts';

const table = (rows: readonly (readonly Cell[])[]) => ({
  title: '',
  file: '',
  columns: [{ name: 'axis, by name' }, { name: 'score' }],
  length: rows.length,
  cell: (row: number, column: number): Cell => rows[row]?.[column] ?? null,
});

test('a file has every digit, words are quoted where they must be, and no text runs as a formula', () => {
  const rows = [
    ['a "b"', 183.1051483154297],
    ['=1+1', Infinity],
    ['-x', -Infinity],
    ['', NaN],
    [-2, null],
  ];
  assert.deepEqual(csvOf(table(rows)).split('\n'), [
    '"axis, by name",score',
    '"a ""b""",183.1051483154297',
    "'=1+1,inf",
    "'-x,-inf",
    ',',
    '-2,',
    '',
  ]);
});

test('rows without a value are last in both orders, equal ones keep theirs', () => {
  const rows = table([
    ['b', 2],
    ['a', NaN],
    ['c', -Infinity],
    ['d', 2],
    ['e', null],
  ]);
  assert.deepEqual([...sortedRows(rows, 1, false)], [2, 0, 3, 1, 4]);
  assert.deepEqual([...sortedRows(rows, 1, true)], [0, 3, 2, 1, 4]);
  assert.deepEqual([...sortedRows(rows, 0, false)], [1, 0, 2, 3, 4]);
});
