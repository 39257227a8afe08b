import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openAdmission, TooManyOpen } from './admission.ts';

test('each user has a bound, and all have one together', () => {
  const admission = openAdmission({ things: 'reports', ofUser: 2, ofAll: 3, setting: 'max_open' });
  const first = admission.admit('a');
  admission.admit('a');
  assert.throws(() => admission.admit('a'), /2 reports of yours are open, at most 2 are allowed \(max_open\): wait/);
  const other = admission.admit('b');
  assert.throws(() => admission.admit('b'), /3 reports are open, at most 3 are allowed/);
  first();
  first();
  other();
  admission.admit('a');
  admission.admit('c');
  assert.throws(() => admission.admit('d'), TooManyOpen);
});
