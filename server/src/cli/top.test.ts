import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nothingText } from './top.ts';

test('only a job that goes on may have variants later', () => {
  for (const state of ['queued', 'running']) assert.match(nothingText(state), /yet$/);
  for (const state of ['failed', 'cancelled'])
    assert.equal(nothingText(state), `the job ended ${state} before its first snapshot: it has no variants`);
  assert.doesNotMatch(nothingText('succeeded'), /yet/);
});
