import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageOf } from './message.ts';

test('an error says something, also one that is made of others or says nothing itself', () => {
  assert.equal(messageOf(new Error('full')), 'full');
  assert.equal(messageOf(new AggregateError([new Error('refused by ::1'), new Error('refused')])), 'refused by ::1');
  assert.equal(messageOf(new AggregateError([], '')), 'AggregateError');
  assert.equal(messageOf(new TypeError()), 'TypeError');
  assert.equal(messageOf('text'), 'text');
});
