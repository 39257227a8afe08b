import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { openThrottle, TooManyWaiting } from '../../accounts/throttle.ts';
import { ApiError } from '../errors.ts';
import type { User } from '../user.ts';
import { openBearer } from './bearer.ts';

const ANN: User = { user_id: 'ann', name: 'ann', by: 'token' };
const find = async (token: string): Promise<User | null> => (token === 'ann' ? ANN : null);

function requestOf(authorization: string, ip: string): FastifyRequest {
  return { headers: { authorization }, ip, socket: new Socket() } as unknown as FastifyRequest;
}

test('tokens that are not good are refused ever later; a good one waits for nobody', async () => {
  let now = 0;
  const throttle = openThrottle('tokens', { now: () => now, sleep: async (ms) => void (now += ms) });
  const bearer = openBearer({ find, throttle });
  const waited = async (authorization: string, ip: string): Promise<number | string> => {
    const from = now;
    try {
      return `${(await bearer(requestOf(authorization, ip))).user_id} ${now - from}`;
    } catch (error) {
      assert.ok(error instanceof ApiError && error.code === 'unauthorized');
      return now - from;
    }
  };
  const waits = [];
  for (let n = 0; n < 10; n += 1) waits.push(await waited(`Bearer made-up-${n}`, '10.0.0.1'));
  assert.deepEqual(waits, [0, 0, 250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
  assert.equal(await waited('Bearer ann', '10.0.0.1'), 'ann 0', 'never seen before, and lets nobody wait');
  assert.equal(await waited('Bearer made-up', '10.0.0.2'), 0, 'another address');
  assert.equal(await waited('Basic YTpi', '10.0.0.1'), 0, 'no token was tried');
});

test('as many refusals as may wait shut nobody out, and those whose clients hang up leave', async () => {
  const throttle = openThrottle('tokens');
  const bearer = openBearer({ find, throttle });
  const requests = Array.from({ length: 64 }, (_, n) => requestOf('Bearer made-up', `10.0.0.${n % 8}`));
  for (let n = 0; n < 8; n += 1)
    for (let failure = 0; failure < 12; failure += 1) throttle.failed({ name: null, address: `10.0.0.${n}` });
  const refusals = Promise.allSettled(requests.map((request) => bearer(request)));
  await setImmediate(); // now they wait
  const ninth = requestOf('Bearer made-up', '10.0.0.1');
  await assert.rejects(bearer(ninth), TooManyWaiting);
  assert.equal(await bearer(requestOf('Bearer ann', '10.0.0.1')), ANN);
  assert.equal(await bearer(requestOf('Bearer ann', '10.0.1.1')), ANN);
  for (const { socket } of requests) socket.destroy();
  for (const { status } of await refusals) assert.equal(status, 'rejected');
  const again = bearer(ninth); // there is room
  ninth.socket.destroy();
  await assert.rejects(again, ApiError);
  assert.equal(ninth.socket.listenerCount('close'), 0);
});
