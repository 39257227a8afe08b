import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNotice } from './notify.ts';

test('a notice is understood, and whatever else is on the channel is not taken for one', () => {
  const job_id = '0199b0a0-0000-7000-8000-000000000001';
  assert.deepEqual(parseNotice(JSON.stringify({ verb: 'cancel', job_id })), { verb: 'cancel', job_id });
  for (const payload of [
    undefined,
    '',
    'hello',
    'null',
    '[]',
    '{"verb":"cancel"}',
    `{"verb":"drop","job_id":"${job_id}"}`,
  ]) {
    assert.equal(parseNotice(payload), null, payload);
  }
});
