import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonParts } from './json-parts.ts';

const trade = (id: number) => ({
  id,
  note: `no. ${id} "\u2028`,
  none: undefined,
  nan: Number.NaN,
  at: [id, { deep: null }],
});

test('the parts together are what JSON.stringify writes', () => {
  const many = Array.from({ length: 30_000 }, (_, id) => trade(id));
  const values = [
    null,
    'text',
    1.5,
    [],
    {},
    { a: undefined },
    [undefined, () => {}],
    trade(1),
    many,
    { empty: [], many, last: { nested: [many, many.slice(0, 3)] } },
    'x'.repeat(200_000),
  ];
  for (const value of values) assert.equal([...jsonParts(value)].join(''), JSON.stringify(value));
});

test('no part is long, however long the whole is', () => {
  const one = Array.from({ length: 1000 }, (_, id) => trade(id));
  // The same thousand objects again and again: what is measured is the parts.
  const lengths = [...jsonParts({ all: Array.from({ length: 200 }, () => one) })].map(({ length }) => length);
  assert.ok(lengths.length > 100, `${lengths.length} parts`);
  assert.ok(Math.max(...lengths) < 200_000, `a part of ${Math.max(...lengths)}`);
});
