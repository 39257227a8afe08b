// The network between worker and server fails: half-open connections, a lost answer to COMMIT, latency. The proxy does
// it; the second worker has a straight way.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { openProxy } from '../proxy.ts';
import { LARGE, openArena, saved, SMALL, type Arena } from './arena.ts';

let arena: Arena;
let calm: string;
before(async () => {
  arena = await openArena();
  // An answer is waited for a quarter of the lease, and asked for again within it.
  calm = await arena.config('calm', { snapshot_seconds: 3600, lease_seconds: 8 });
});
after(() => arena[Symbol.asyncDispose]());
afterEach(() => arena.clear());

// With one snapshot, at the end of stage_a, a job has five commits.
for (const [what, nth] of [
  ['begin', 1],
  ['surface', 2],
  ['shortlist', 3],
  ['snapshot', 4],
  ['finish', 5],
] as const) {
  test(`the answer to the COMMIT of ${what} is lost: the worker asks again and finds its own work`, async () => {
    const quietHash = await arena.quietHash(SMALL);
    await using proxy = await openProxy(arena.fleet.database.dsn);
    proxy.loseAnswerWith('COMMIT', nth);
    const id = await arena.fleet.submit(SMALL);
    const worker = arena.worker({ STRATEGY_PG_DSN: proxy.dsn }, calm);
    const done = await arena.success(id);
    await worker.said('event=succeeded');
    assert.ok(proxy.answers() >= nth);
    arena.tookAttempts(done, 1);
    proxy.heal();
    await arena.judge({ jobs: [id], quietHash });
  });
}

test('half-open connections: the worker stops at its trust deadline, another takes over, and it works again when they heal', async () => {
  const quietHash = await arena.quietHash(LARGE);
  await using proxy = await openProxy(arena.fleet.database.dsn);
  const id = await arena.fleet.submit(LARGE);
  const cutOff = arena.worker({ STRATEGY_PG_DSN: proxy.dsn });
  await arena.fleet.until(id, 'a checkpoint', saved);
  await proxy.silence();
  await cutOff.said('event=lease_lost');
  assert.match(cutOff.log(), /event=lease_lost.*reason=(trust|database)/);
  const other = arena.worker();
  await arena.success(id);
  other.kill('SIGTERM');
  await other.ended;
  proxy.heal();
  const next = await arena.fleet.submit(SMALL);
  await arena.success(next);
  await arena.judge({ jobs: [id, next] });
  assert.equal((await arena.fleet.job(id)).result_hash, quietHash);
});

test('2 s of latency on every byte: slow, and right', async () => {
  const quietHash = await arena.quietHash(SMALL);
  await using proxy = await openProxy(arena.fleet.database.dsn);
  proxy.delay(1000); // there and back
  const patient = await arena.config('patient', { lease_seconds: 60, heartbeat_seconds: 15, claim_poll_seconds: 5 });
  const id = await arena.fleet.submit(SMALL);
  const worker = arena.worker({ STRATEGY_PG_DSN: proxy.dsn }, patient);
  arena.tookAttempts(await arena.success(id), 1);
  await worker.said('event=succeeded');
  proxy.delay(0);
  await arena.judge({ jobs: [id], quietHash });
});
