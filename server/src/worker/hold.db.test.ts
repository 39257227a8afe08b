import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type pg from 'pg';
import { testDatabase } from '../../test/database.ts';
import { claimed, expire, running } from '../../test/queue.ts';
import type { LostReason } from '../metrics.ts';
import { heartbeat } from '../queue/heartbeat.ts';
import type { Lease } from '../queue/job.ts';
import { release } from '../queue/release.ts';
import { Hold, type StopReason } from './hold.ts';

function hold(
  pool: pg.Pool,
  lease: Lease,
  leaseSeconds = 60,
): { hold: Hold; stops: [StopReason, LostReason | null][] } {
  const stops: [StopReason, LostReason | null][] = [];
  const settings = {
    pool,
    heartbeatPool: pool,
    leaseSeconds,
    heartbeatSeconds: 3600,
    drain: new AbortController().signal,
    onStop: (stop: StopReason, reason: LostReason | null) => void stops.push([stop, reason]),
    onHeartbeatDelay: () => {},
  };
  return { hold: new Hold(lease, performance.now(), { stage: 'stage_a', processedUnits: 0 }, settings), stops };
}

const LOSSES: Record<'expired' | 'fenced', (pool: pg.Pool, lease: Lease) => Promise<unknown>> = {
  expired: expire,
  fenced: async (pool, lease) => {
    await expire(pool, lease);
    await claimed(pool); // by the same name, so that only the attempt differs
  },
};

for (const [reason, lose] of Object.entries(LOSSES)) {
  test(`a lease that is lost is lost once, and the reason is ${reason}`, async () => {
    await using db = await testDatabase();
    const { lease } = await running(db.pool);
    const { hold: mine, stops } = hold(db.pool, lease);
    await using _ = mine;
    const beat = (pool: pg.Pool) => heartbeat(pool, lease, { lease_seconds: 60 });
    assert.ok(await mine.write(beat));
    await lose(db.pool, lease);
    assert.equal(await mine.write(beat), null);
    assert.equal(await mine.write(beat), null);
    assert.deepEqual([mine.lost, stops], [true, [['lost', reason]]]);
  });
}

test('a write that is not answered is given up when the lease is not trusted any more', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  const { hold: mine, stops } = hold(db.pool, lease, 0.5);
  await using _ = mine;
  assert.equal(await mine.write(() => new Promise<null>(() => {})), null);
  assert.deepEqual(stops, [['lost', 'trust']]);
});

test('a database that cannot write loses the lease in its own words', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  const { hold: mine, stops } = hold(db.pool, lease, 0.5);
  await using _ = mine;
  const readOnly = Object.assign(new Error('cannot execute UPDATE in a read-only transaction'), { code: '25006' });
  assert.equal(await mine.write(() => Promise.reject<null>(readOnly)), null);
  assert.deepEqual([stops, mine.trouble], [[['lost', 'database']], readOnly.message]);
});

test('a write that the database has no room for makes way for giving the job back, while the lease is trusted', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  const { hold: mine, stops } = hold(db.pool, lease, 2);
  await using _ = mine;
  const full = Object.assign(new Error('could not extend file: No space left on device'), { code: '53100' });
  assert.equal(await mine.write(() => Promise.reject<null>(full)), null);
  assert.deepEqual([stops, mine.lost, mine.trouble], [[['no_room', null]], false, full.message]);
  const excuse = { outcome: 'released', cause: 'database_disk_full' } as const;
  assert.ok(await mine.writeLast(async (pool) => ((await release(pool, lease, excuse)) ? {} : null)));
  assert.equal(mine.lost, false);
});

test('where not even that has room the lease is lost in the words of the database', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  const { hold: mine, stops } = hold(db.pool, lease, 2);
  await using _ = mine;
  const full = Object.assign(new Error('could not extend file: No space left on device'), { code: '53100' });
  assert.equal(await mine.write(() => Promise.reject<null>(full)), null);
  assert.equal(await mine.writeLast(() => Promise.reject<null>(full)), null);
  assert.deepEqual(stops, [
    ['no_room', null],
    ['lost', 'database'],
  ]);
});

test('what a write answered is forgotten when its turn is over, however long the job goes on', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  const { hold: mine } = hold(db.pool, lease);
  await using _ = mine;
  const answers: WeakRef<object>[] = [];
  for (let at = 0; at < 10; at += 1) {
    await mine.write(async () => {
      const answer = {};
      answers.push(new WeakRef(answer));
      return answer;
    });
  }
  await mine.write(() => Promise.resolve({})); // the one before is at the end of the chain of turns
  setFlagsFromString('--expose-gc');
  await new Promise((resolve) => setTimeout(resolve, 10)); // a WeakRef holds what it was asked for until then
  runInNewContext('gc')();
  assert.equal(answers.filter((answer) => answer.deref() !== undefined).length, 0);
});

test('trouble that was over before the lease was refused is not told as why', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  const { hold: mine, stops } = hold(db.pool, lease);
  await using _ = mine;
  const away = Object.assign(new Error('connection terminated'), { code: '57P01' });
  let asked = 0;
  const beat = async (pool: pg.Pool) => {
    asked += 1;
    if (asked === 1) throw away;
    await expire(pool, lease);
    return heartbeat(pool, lease, { lease_seconds: 60 });
  };
  assert.equal(await mine.write(beat), null);
  assert.deepEqual([asked, stops, mine.trouble], [2, [['lost', 'expired']], null]);
});
