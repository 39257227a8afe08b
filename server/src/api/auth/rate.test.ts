import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../errors.ts';
import { openRate } from './rate.ts';

test('a user has a minute of requests at once, then one for each that time gives back; others have their own', () => {
  let now = 0;
  const rate = openRate(60, () => now);
  for (let n = 0; n < 60; n += 1) rate.take('ann');
  const refused = (error: unknown): boolean =>
    error instanceof ApiError &&
    error.details['limit'] === 60 &&
    error.details['retry_after_seconds'] === 1 &&
    /60 requests a minute .*max_requests_per_minute_per_user.* in 1 s/.test(error.message);
  assert.throws(() => rate.take('ann'), refused);
  rate.take('bob');
  now += 1000;
  rate.take('ann');
  assert.throws(() => rate.take('ann'), refused);
  now += 3_600_000;
  for (let n = 0; n < 60; n += 1) rate.take('ann');
  assert.throws(() => rate.take('ann'), refused);
});
