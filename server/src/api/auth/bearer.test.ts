import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FastifyRequest } from 'fastify';
import { openThrottle } from '../../accounts/throttle.ts';
import { ApiError } from '../errors.ts';
import type { User } from '../user.ts';
import { openBearer } from './bearer.ts';

test('tokens that are not good slow down the next ones of their address; a good one waits at most once', async () => {
  let now = 0;
  const good = new Set(['ann', 'bob']);
  const find = async (token: string): Promise<User | null> =>
    good.has(token) ? { user_id: token, name: token, by: 'token' } : null;
  const throttle = openThrottle('tokens', { now: () => now, sleep: async (ms) => void (now += ms) });
  const bearer = openBearer({ find, throttle });
  const waited = async (authorization: string, ip: string): Promise<number | string> => {
    const from = now;
    try {
      return `${(await bearer({ headers: { authorization }, ip } as unknown as FastifyRequest)).user_id} ${now - from}`;
    } catch (error) {
      assert.ok(error instanceof ApiError && error.code === 'unauthorized');
      return now - from;
    }
  };
  assert.equal(await waited('Bearer ann', '10.0.0.1'), 'ann 0');
  const waits = [];
  for (let n = 0; n < 10; n += 1) waits.push(await waited(`Bearer made-up-${n}`, '10.0.0.1'));
  assert.deepEqual(waits, [0, 0, 0, 250, 500, 1000, 2000, 4000, 8000, 8000]);
  assert.equal(await waited('Bearer ann', '10.0.0.1'), 'ann 0', 'known before, so it waits for nobody');
  assert.equal(await waited('Bearer bob', '10.0.0.1'), 'bob 8000', 'let in all the same');
  assert.equal(await waited('Bearer bob', '10.0.0.1'), 'bob 0');
  assert.equal(await waited('Bearer made-up', '10.0.0.2'), 0, 'another address');
  assert.equal(await waited('Basic YTpi', '10.0.0.1'), 0, 'no token was tried');
  good.delete('ann');
  assert.equal(await waited('Bearer ann', '10.0.0.1'), 0, 'revoked: the last time that it does not wait');
  assert.equal(await waited('Bearer ann', '10.0.0.1'), 8000);
});
