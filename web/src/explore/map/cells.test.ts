import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvOf } from '../../parts/csv.ts';
import type { NamedAxis } from '../../words/axes.ts';
import { binnedWords, boxWords, cellWords, mapTable, refineAddress } from './cells.ts';

const axis = (key: string, label: string, length: number): NamedAxis => ({
  key,
  label,
  short: label,
  unit: '',
  values: [],
  length,
  stride: 1,
  isRisk: false,
});
const AXES = { x: axis('ma.sma.window', 'SMA window', 2), y: axis('slow', 'slow', 4) };
const MAP = {
  metric: 'total_return_pct',
  how: 'max',
  x: { key: 'ma.sma.window', from: [5, 6], to: [5, 6] },
  y: { key: 'slow', from: [10, 30], to: [20, 40] },
  scores: 3,
  best: null,
  cells: Float32Array.of(1.25, NaN, -3, Infinity),
} as const;

test('a cell says its values and its score, with bins and without a score', () => {
  assert.equal(cellWords(MAP, AXES, { i: 0, j: 0 }), 'SMA window 5, slow 10–20: best +1.3%');
  assert.equal(cellWords(MAP, AXES, { i: 1, j: 0 }), 'SMA window 6, slow 10–20: nothing is scored or ranked here');
  assert.equal(cellWords(MAP, AXES, { i: 1, j: 1 }), 'SMA window 6, slow 30–40: best +∞');
  assert.equal(cellWords({ ...MAP, y: null }, { ...AXES, y: null }, { i: 0, j: 0 }), 'SMA window 5: best +1.3%');
  assert.equal(binnedWords(MAP, AXES), 'slow in 2 bins of about 2 values');
});

test('the table has every cell, with all digits in the file', () => {
  const table = mapTable(MAP, AXES);
  assert.deepEqual(csvOf(table).split('\n'), [
    'SMA window,slow,Return %',
    '5,10–20,1.25',
    '6,10–20,',
    '5,30–40,-3',
    '6,30–40,inf',
    '',
  ]);
  assert.equal(table.columns[2]?.format?.(table.cell(0, 2)), '+1.3');
});

test('a rectangle is a new job within it and at the values that are held', () => {
  const box = { from: { i: 0, j: 1 }, to: { i: 1, j: 1 } };
  assert.equal(boxWords(MAP, AXES, box), 'SMA window 5–6, slow 30–40');
  assert.equal(
    decodeURIComponent(refineAddress('j1', { map: MAP, box }, { flag: 'on' })),
    '/jobs/new?from=j1&refine=box&box.ma.sma.window=5..6&box.slow=30..40&box.flag=on..on',
  );
});
