import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  canBeList,
  lengthOf,
  readAxis,
  readValue,
  toList,
  toRange,
  valuesOf,
  withoutValue,
  withValues,
  writeAxis,
} from './axis-model.ts';

const range = { mode: 'range', start: 0.1, stop_incl: 0.5, step: 0.1 } as const;

test('a range is read, counted and written in decimals', () => {
  const model = readAxis(range);
  assert.equal(lengthOf(model), 5);
  assert.deepEqual(valuesOf(model), [0.1, 0.2, 0.3, 0.4, 0.5]);
  assert.deepEqual(writeAxis(model), range);
});

test('a bare value is a list of one, and nothing is a list of none', () => {
  assert.deepEqual(readAxis(14), { kind: 'list', values: [14] });
  assert.equal(lengthOf(readAxis(undefined)), 0);
});

test('what is not an axis yet has no count', () => {
  for (const wrong of [{ start: 'abc' }, { step: 0 }, { start: 9 }, { stop_incl: undefined }])
    assert.equal(lengthOf(Object.assign({}, readAxis(range), wrong)), null, JSON.stringify(wrong));
});

test('numbers are read with commas and the minus of the screen; other text stays for the engine to refuse', () => {
  assert.equal(readValue(' 10,000 '), 10_000);
  assert.equal(readValue('−5'), -5);
  assert.equal(readValue('1e'), '1e');
  assert.equal(readValue('  '), undefined);
});

test('ranges become lists while they can be read, and lists ranges', () => {
  assert.deepEqual(toList(readAxis(range)), { kind: 'list', values: [0.1, 0.2, 0.3, 0.4, 0.5] });
  assert.equal(canBeList(readAxis({ ...range, stop_incl: 50 })), false);
  assert.deepEqual(writeAxis(toRange(readAxis({ mode: 'explicit', values: ['off', 2, 8, 4] }))), {
    mode: 'range',
    start: 2,
    stop_incl: 8,
    step: 2,
  });
});

test('values are added in order, once, with words first, and taken out', () => {
  const list = withValues(readAxis({ mode: 'explicit', values: [4, 1] }), 'off 2, 1');
  assert.deepEqual(list, { kind: 'list', values: ['off', 1, 2, 4] });
  assert.deepEqual(withoutValue(list, 2), { kind: 'list', values: ['off', 1, 4] });
});
