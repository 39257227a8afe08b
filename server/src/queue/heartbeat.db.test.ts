import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Stage } from '@backtest-jobs/engine/internal';
import type pg from 'pg';
import { testDatabase } from '../../test/database.ts';
import { queued, running } from '../../test/queue.ts';
import { cancel } from './cancel.ts';
import { heartbeat } from './heartbeat.ts';
import type { Lease } from './job.ts';

test('a heartbeat extends the lease and writes progress; progress_updated_at moves only with progress', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  const row = async () => {
    const { rows } = await db.pool.query(
      `select stage, processed_units, progress_updated_at, heartbeat_at >= locked_at as beaten,
         extract(epoch from lease_expires_at - heartbeat_at)::float8 as lease_seconds from backtest_jobs`,
    );
    return rows[0];
  };
  assert.deepEqual(await heartbeat(db.pool, lease, { lease_seconds: 90.5 }), { cancel_requested_at: null });
  const loading = await row();
  assert.deepEqual([loading.beaten, loading.stage, loading.processed_units], [true, 'stage_a', 0]);
  assert.equal(loading.progress_updated_at, null);
  assert.ok(Math.abs(loading.lease_seconds - 90.5) < 0.1, `the lease is ${loading.lease_seconds} s`);
  await heartbeat(db.pool, lease, { lease_seconds: 60, stage: 'stage_b', processed_units: 400 });
  const moved = await row();
  assert.deepEqual([moved.stage, moved.processed_units], ['stage_b', 400]);
  assert.ok(moved.progress_updated_at !== null);
  await heartbeat(db.pool, lease, { lease_seconds: 60, stage: 'stage_b', processed_units: 400 });
  assert.deepEqual((await row()).progress_updated_at, moved.progress_updated_at);
});

test('a heartbeat brings back the first cancel request', async () => {
  await using db = await testDatabase();
  const { lease, job } = await running(db.pool);
  const asked = await cancel(db.pool, job);
  assert.ok(asked?.cancel_requested_at);
  assert.deepEqual(await heartbeat(db.pool, lease, { lease_seconds: 60 }), {
    cancel_requested_at: asked.cancel_requested_at,
  });
});

test('more units than the job has is a bug that shows', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool, { total_units: 10 });
  await assert.rejects(heartbeat(db.pool, lease, { lease_seconds: 60, processed_units: 11 }), /backtest_jobs_progress/);
});

test('heartbeats are heap-only updates, one transaction each', async () => {
  await using db = await testDatabase();
  for (let i = 0; i < 50; i += 1) await queued(db.pool);
  const leases = [];
  for (let i = 0; i < 20; i += 1) leases.push((await running(db.pool, { priority: 1 })).lease);
  const client = await db.pool.connect(); // counts are flushed by the backend that made them
  try {
    // Old versions are cleared away once no snapshot on the server, of any database, can see them. The long transaction
    // of another test file spoils a batch (measured: 52 %); with an indexed column every batch has 0 %.
    const shares = [];
    for (let batch = 0; batch < 20 && !(shares.at(-1)! >= 0.95); batch += 1)
      shares.push(await hotShare(client, leases));
    assert.ok(shares.at(-1)! >= 0.95, `HOT shares ${shares.join(', ')}`);
  } finally {
    client.release();
  }
});

test('a page has room for a second version of each of its rows', async () => {
  await using db = await testDatabase();
  const { rows } = await db.pool.query(`select reloptions from pg_class where oid = 'backtest_jobs'::regclass`);
  assert.deepEqual(rows, [{ reloptions: ['fillfactor=50'] }]);
});

test('no index contains a column that a heartbeat writes, in its keys or its predicate', async () => {
  await using db = await testDatabase();
  const { rows } = await db.pool.query(
    `select pg_get_indexdef(indexrelid) as index from pg_index where indrelid = 'backtest_jobs'::regclass`,
  );
  assert.equal(rows.length, 9);
  for (const { index } of rows) {
    assert.doesNotMatch(
      index,
      /lease_expires_at|heartbeat_at|updated_at|processed_units|progress_updated_at|stage|best_/,
    );
  }
});

/** Of 1,000 heartbeats. */
async function hotShare(client: pg.PoolClient, leases: readonly Lease[]): Promise<number> {
  const before = await updates();
  for (let beat = 1; beat <= 50; beat += 1) {
    const stage: Stage = beat < 30 ? 'stage_a' : 'stage_b';
    for (const lease of leases) await heartbeat(client, lease, { lease_seconds: 60, stage, processed_units: beat });
  }
  const after = await updates();
  assert.equal(after.all - before.all, 50 * leases.length);
  return (after.hot - before.hot) / (after.all - before.all);

  async function updates(): Promise<{ all: number; hot: number }> {
    await client.query('select pg_stat_force_next_flush()');
    const { rows } = await client.query(
      `select n_tup_upd as all, n_tup_hot_upd as hot from pg_stat_user_tables where relname = 'backtest_jobs'`,
    );
    return rows[0];
  }
}
