import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cells, count, cut, harmless, megabytes, seconds, table } from './table.ts';

test('columns are as wide as their widest cell', () => {
  const columns = [{ title: '#', align: 'right' }, { title: 'name' }, { title: 'n', align: 'right' }] as const;
  const rows = [
    ['1', 'a', '5'],
    ['10', 'long name', '12'],
  ];
  assert.deepEqual(table(columns, rows), [' #  name        n', ' 1  a           5', '10  long name  12']);
});

test('one column gives way so that the line fits', () => {
  const columns = [
    { title: 'text', gives: true },
    { title: 'n', align: 'right' },
  ] as const;
  const lines = table(
    columns,
    [
      ['≤30 '.repeat(50), '12'],
      ['x', '3'],
    ],
    40,
  );
  assert.deepEqual(
    lines.map((line) => cells(line)),
    [40, 40, 40],
  );
  assert.match(lines[1] ?? '', /… {2}12$/);
});

test('control characters of others do not reach the terminal', () => {
  const [, line] = table([{ title: 'name' }, { title: 'n' }], [['\u001b[2Ja\nb\u009b', '1']]);
  assert.equal(line, '\ufffd[2Ja\ufffdb\ufffd  1');
  assert.equal(harmless('two\nlines\r', '\n'), 'two\nlines\ufffd');
});

test('cut counts letters, not code units', () => {
  assert.equal(cut('Δ≤≥', 3), 'Δ≤≥');
  assert.equal(cut('Δ≤≥x', 3), 'Δ≤…');
});

test('numbers and seconds for people', () => {
  assert.equal(count(1234567.4), '1,234,567');
  assert.deepEqual([1_540_000, 228e6, 4.3e9].map(megabytes), ['1.5 MB', '228 MB', '4,300 MB']);
  assert.deepEqual([0, 0.44, 9.94, 9.96, 59.4, 59.6, 185, 3599.6, 7800].map(seconds), [
    '0.0 s',
    '0.4 s',
    '9.9 s',
    '10 s',
    '59 s',
    '1 min 00 s',
    '3 min 05 s',
    '1 h 00 min',
    '2 h 10 min',
  ]);
});
