import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openThrottle, TooManyWaiting } from './throttle.ts';

/** A throttle on a clock that each wait moves on, and what each wait took. */
function onClock() {
  let now = 0;
  const throttle = openThrottle('sign-ins', {
    now: () => now,
    sleep: async (ms, left) => {
      left?.throwIfAborted();
      now += ms;
    },
  });
  const waited = async (name: string, address: string): Promise<number> => {
    const from = now;
    await throttle.wait({ name, address });
    return now - from;
  };
  return { throttle, waited, pass: (ms: number) => void (now += ms) };
}

test('an account slows down, whoever fails, and waits two seconds at most', async () => {
  const { throttle, waited } = onClock();
  const waits: number[] = [];
  for (let n = 0; n < 9; n += 1) {
    waits.push(await waited('ann', `10.0.0.${n}`));
    throttle.failed({ name: 'ann', address: `10.0.0.${n}` });
  }
  assert.deepEqual(waits, [0, 0, 0, 250, 500, 1000, 2000, 2000, 2000]);
  assert.equal(await waited('bob', '10.0.1.1'), 0);
  throttle.succeeded({ name: 'ann', address: '10.0.2.2' });
  assert.equal(await waited('ann', '10.0.2.2'), 0);
});

test('an address slows down, whatever it tries, also after a success of its own', async () => {
  const { throttle, waited, pass } = onClock();
  for (let n = 0; n < 12; n += 1) throttle.failed({ name: `user${n}`, address: '10.0.0.1' });
  assert.equal(await waited('another', '10.0.0.1'), 8000);
  throttle.succeeded({ name: 'another', address: '10.0.0.1' });
  assert.equal(await waited('another', '10.0.0.1'), 8000);
  assert.equal(await waited('another', '10.0.0.2'), 0);
  pass(15 * 60_000);
  assert.equal(await waited('another', '10.0.0.1'), 0);
});

test('one address is a whole network of IPv6, and one of IPv4 however it is written', async () => {
  const { throttle, waited } = onClock();
  for (let n = 0; n < 12; n += 1) throttle.failed({ name: `user${n}`, address: `2001:db8::${n}:1` });
  assert.equal(await waited('x', '2001:db8:0:0:ffff::1'), 8000);
  assert.equal(await waited('x', '2001:db8:0:1::1'), 0);
  for (let n = 0; n < 12; n += 1) throttle.failed({ name: `user${n}`, address: '::ffff:10.0.0.1' });
  assert.equal(await waited('x', '10.0.0.1'), 8000);
  assert.equal(await waited('x', '::ffff:10.0.0.2'), 0);
});

test('an address gets one after another, and so many may wait; the others get in beside it', async () => {
  const waits: number[] = [];
  const wake: (() => void)[] = [];
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      waits.push(ms);
      wake.push(resolve);
    });
  const throttle = openThrottle('sign-ins', { now: () => 0, sleep });
  const attempt = { name: 'ann', address: '10.0.0.1' };
  for (let n = 0; n < 4; n += 1) throttle.failed(attempt);
  const all = Array.from({ length: 8 }, () => throttle.wait(attempt));
  assert.deepEqual(
    waits,
    Array.from({ length: 8 }, (_, n) => 500 * (n + 1)),
  );
  await assert.rejects(throttle.wait(attempt), (error) => error instanceof TooManyWaiting && error.ofAddress);
  const elsewhere = throttle.wait({ name: 'ann', address: '10.0.0.2' });
  assert.equal(waits.at(-1), 500);
  for (const resolve of wake) resolve();
  await Promise.all([...all, elsewhere]);
  const again = throttle.wait(attempt); // as those before it are through
  wake.at(-1)?.();
  await again;
});

test('an attempt whose client hangs up leaves its place, and its time', async () => {
  const throttle = openThrottle();
  const attempt = { name: null, address: '10.0.0.1' };
  for (let n = 0; n < 12; n += 1) throttle.failed(attempt);
  for (let round = 0; round < 3; round += 1) {
    const left = new AbortController();
    const all = Array.from({ length: 8 }, () => throttle.wait(attempt, left.signal));
    await assert.rejects(throttle.wait(attempt), TooManyWaiting);
    left.abort();
    await Promise.all(all);
  }
  const { throttle: other, waited } = onClock();
  for (let n = 0; n < 12; n += 1) other.failed(attempt);
  const gone = new AbortController();
  gone.abort();
  for (let n = 0; n < 100; n += 1) await other.wait(attempt, gone.signal);
  assert.equal(await waited('another', '10.0.0.1'), 8000, 'not after all those that left');
});
