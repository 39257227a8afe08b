import assert from 'node:assert/strict';
import test from 'node:test';
import { openBell } from './bell.ts';

const LONG = 86_400; // a wait that ends by its poll would never end here
const never = new AbortController().signal;

test('a ring ends the wait, also one that came after the hush and before the wait', async () => {
  const bell = openBell();
  const waiting = bell.wait(LONG, never);
  bell.ring();
  await waiting;
  bell.hush();
  bell.ring(); // while the claim is on its way
  await bell.wait(LONG, never);
});

test('what rang before the hush is forgotten', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const bell = openBell();
  bell.ring();
  bell.hush();
  let over = false;
  const waiting = bell.wait(1, never).then(() => (over = true));
  t.mock.timers.tick(749);
  await new Promise(setImmediate);
  assert.equal(over, false);
  t.mock.timers.tick(501);
  await waiting; // the poll, with all of its jitter
});

test('the signal ends the wait, and there is none after it', async () => {
  const bell = openBell();
  const drain = new AbortController();
  const waiting = bell.wait(LONG, drain.signal);
  drain.abort();
  await waiting;
  await bell.wait(LONG, drain.signal);
});
