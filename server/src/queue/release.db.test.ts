import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../test/database.ts';
import { attempts, claimed, running, stored, WORKER, finish } from '../../test/queue.ts';
import { begin } from './begin.ts';
import { cancel } from './cancel.ts';
import { claim } from './claim.ts';
import { get } from './get.ts';
import { iso } from './job.ts';
import { list } from './list.ts';
import { release, releaseOrphans } from './release.ts';
import { wait } from './wait.ts';

test('a released job stays running, waits for a worker and can be claimed at once', async () => {
  await using db = await testDatabase();
  const { lease, job } = await running(db.pool);
  assert.equal(await release(db.pool, lease, { outcome: 'released', cause: null }), true);
  const got = await get(db.pool, job);
  assert.ok(got.outcome === 'found');
  assert.equal(got.job.state, 'running');
  assert.ok(got.job.waiting_for_worker_seconds! >= 0 && got.job.waiting_for_worker_seconds! < 60);
  const again = await claimed(db.pool, { locked_by: 'worker-2' });
  assert.deepEqual([again.lease.attempt, again.reclaimed], [2, true]);
  assert.deepEqual(await attempts(db.pool, lease.job_id), ['1 worker-1 released', '2 worker-2 open']);
});

test('a job that waits for candles says so and since when, also once it is given back, until it goes on', async () => {
  await using db = await testDatabase();
  const { lease, job } = await running(db.pool);
  const waits = async (): Promise<readonly unknown[]> => {
    const got = await get(db.pool, job);
    assert.ok(got.outcome === 'found');
    const { items } = await list(db.pool, { user_id: job.user_id, limit: 5 });
    assert.deepEqual(items[0]?.waiting_for, got.job.waiting_for);
    return [got.job.waiting_for, got.job.waiting_since];
  };
  const claimedAt = async (attempt: number): Promise<string | undefined> => {
    const { rows } = await db.pool.query<{ at: string }>(
      `select ${iso('claimed_at')} as at from backtest_job_attempts where job_id = $1 and attempt = $2`,
      [lease.job_id, attempt],
    );
    return rows[0]?.at;
  };
  const cause = 'candles_unreachable';
  const progress = { lease_seconds: 60, stage: 'stage_a', processed_units: 0 } as const;
  assert.deepEqual(await waits(), [null, null]);
  await release(db.pool, lease, { outcome: 'released', cause: 'worker_disk_full' });
  assert.deepEqual(await waits(), [null, null], 'what else ends an attempt is in the history');
  const second = await claimed(db.pool, { locked_by: 'worker-2' });
  await wait(db.pool, second.lease, progress, cause);
  const since = await claimedAt(2);
  assert.ok(since !== undefined);
  assert.deepEqual(await waits(), [cause, since]);
  await release(db.pool, second.lease, { outcome: 'released', cause });
  assert.deepEqual(await waits(), [cause, since]);
  const third = await claimed(db.pool, { locked_by: 'worker-3' });
  assert.deepEqual(await waits(), [null, null], 'it tries again');
  await wait(db.pool, third.lease, progress, cause);
  assert.deepEqual(await waits(), [cause, since], 'two attempts in a row');
  await begin(db.pool, third.lease, { ...progress, anew: false });
  assert.deepEqual(await waits(), [null, null]);
});

test('a crash keeps its cause in the history', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  await release(db.pool, lease, { outcome: 'crashed', cause: 'out_of_memory' });
  assert.deepEqual(await attempts(db.pool, lease.job_id), ['1 worker-1 crashed out_of_memory']);
});

test('a job given back with a cancel request is cancelled by the next claim', async () => {
  await using db = await testDatabase();
  const { lease, job } = await running(db.pool);
  await cancel(db.pool, job);
  await release(db.pool, lease, { outcome: 'released', cause: null });
  const ended = await claim(db.pool, { ...WORKER, locked_by: 'worker-2' });
  assert.deepEqual([ended?.outcome, ended?.job.attempt], ['cancelled', 2]);
  assert.deepEqual(await attempts(db.pool, lease.job_id), ['1 worker-1 released', '2 worker-2 cancelled']);
});

test('a worker gives back what it owns without knowing, and nothing else', async () => {
  await using db = await testDatabase();
  const others = await running(db.pool, {}, { locked_by: 'worker-2' });
  const orphan = await running(db.pool);
  const ended = await running(db.pool);
  await finish(db.pool, ended.lease, { state: 'succeeded', rows: [], result_json: {} });
  const before = [await stored(db.pool, others.lease.job_id), await stored(db.pool, ended.lease.job_id)];
  assert.equal(await releaseOrphans(db.pool, 'worker-3'), 0);
  assert.equal(await releaseOrphans(db.pool, 'worker-1'), 1);
  assert.equal(await releaseOrphans(db.pool, 'worker-1'), 0, 'twice is once');
  assert.deepEqual(await attempts(db.pool, orphan.lease.job_id), ['1 worker-1 released claim_unanswered']);
  assert.deepEqual([await stored(db.pool, others.lease.job_id), await stored(db.pool, ended.lease.job_id)], before);
  const again = await claimed(db.pool);
  assert.deepEqual([again.lease.job_id, again.job.crash_count], [orphan.lease.job_id, 0]);
});
