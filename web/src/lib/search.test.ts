import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byName, flag, index, list, oneOf, readSearch, text, writeSearch } from './search.ts';

const FIELDS = {
  q: text(),
  how: oneOf(['max', 'median', 'near'], 'max'),
  group: flag(true),
  trade: index(),
  sel: list(),
  hold: byName(),
};

test('an empty address is all defaults', () => {
  assert.deepEqual(readSearch(FIELDS, ''), { q: '', how: 'max', group: true, trade: null, sel: [], hold: {} });
});

test('what is written is read back, and defaults are left out', () => {
  const values = {
    q: 'a b&c',
    how: 'near',
    group: false,
    trade: 12,
    sel: ['3', '7'],
    hold: { 'rsi.window': '14' },
  } as const;
  const search = writeSearch(FIELDS, '', values);
  assert.deepEqual(readSearch(FIELDS, search), values);
  assert.match(search, /sel=3,7/);
  assert.equal(writeSearch(FIELDS, search, readSearch(FIELDS, '')), '');
});

test('unknown values are ignored and unknown fields are kept', () => {
  const { how, trade, group } = readSearch(FIELDS, '?how=mean&trade=-1&group=yes&other=1');
  assert.deepEqual({ how, trade, group }, { how: 'max', trade: null, group: true });
  assert.equal(writeSearch(FIELDS, '?other=1', { how: 'median' }), 'other=1&how=median');
});
