import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { testDatabase } from '../../test/database.ts';
import { expire, queued, running, stored, topRow, finish, type TestEnding } from '../../test/queue.ts';
import { cancel } from './cancel.ts';
import { deleteJob } from './delete.ts';
import { heartbeat } from './heartbeat.ts';
import { submit } from './submit.ts';

const ENDINGS: readonly TestEnding[] = [
  { state: 'succeeded', rows: [topRow(1)], result_json: {} },
  { state: 'failed', error: { code: 'x', message: 'x', details: {} } },
  { state: 'cancelled' },
];

test('a job that has ended goes with all that belongs to it, once; the others stay', async () => {
  await using db = await testDatabase();
  for (const ending of ENDINGS) {
    const { lease: other } = await running(db.pool);
    await finish(db.pool, other, ending);
    const before = await stored(db.pool, other.job_id);
    const { lease, user_id } = await running(db.pool);
    await finish(db.pool, lease, ending);
    assert.equal(await deleteJob(db.pool, { ...lease, user_id }), 'deleted');
    for (const [table, rows] of Object.entries(await stored(db.pool, lease.job_id))) assert.deepEqual(rows, [], table);
    assert.equal(await deleteJob(db.pool, { ...lease, user_id }), 'not_found');
    assert.deepEqual(await stored(db.pool, other.job_id), before);
  }
});

test('a job that has not ended stays as it is, also when it was asked to end or nobody runs it', async () => {
  await using db = await testDatabase();
  const { lease: asked, user_id } = await running(db.pool);
  await cancel(db.pool, { ...asked, user_id });
  const { lease: left } = await running(db.pool, { user_id });
  const waiting = await queued(db.pool, { user_id });
  await expire(db.pool, left);
  for (const { job_id } of [asked, left, waiting]) {
    const before = await stored(db.pool, job_id);
    assert.equal(await deleteJob(db.pool, { job_id, user_id }), 'active');
    assert.deepEqual(await stored(db.pool, job_id), before);
  }
});

test("somebody else's job is told from none, and neither is touched", async () => {
  await using db = await testDatabase();
  const { job_id, user_id } = await queued(db.pool);
  await cancel(db.pool, { job_id, user_id });
  const before = await stored(db.pool, job_id);
  assert.equal(await deleteJob(db.pool, { job_id, user_id: randomUUID() }), 'forbidden');
  assert.equal(await deleteJob(db.pool, { job_id: randomUUID(), user_id }), 'not_found');
  assert.deepEqual(await stored(db.pool, job_id), before);
});

test('of two at once one deletes, and neither fails', async () => {
  await using db = await testDatabase();
  const { job_id, user_id } = await queued(db.pool);
  await cancel(db.pool, { job_id, user_id });
  const first = await db.pool.connect();
  await first.query('begin');
  assert.equal(await deleteJob(first, { job_id, user_id }), 'deleted');
  const second = deleteJob(db.pool, { job_id, user_id });
  const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await db.admin.query(waits)).rowCount === 0);
  await first.query('commit');
  first.release();
  assert.equal(await second, 'not_found');
});

test('it does not wait for the worker of a running job, nor the worker for it', async () => {
  await using db = await testDatabase();
  const { lease, user_id } = await running(db.pool);
  const [worker, owner] = [await db.pool.connect(), await db.pool.connect()];
  for (const client of [worker, owner]) await client.query(`begin; set local lock_timeout = '1ms'`);
  assert.equal(await deleteJob(owner, { ...lease, user_id }), 'active');
  assert.ok(await heartbeat(worker, lease, { lease_seconds: 60 }));
  assert.equal(await deleteJob(owner, { ...lease, user_id }), 'active');
  for (const client of [worker, owner]) {
    await client.query('rollback');
    client.release();
  }
});

test('with the job its idempotency key is free again', async () => {
  await using db = await testDatabase();
  const wish = await queued(db.pool, { idempotency_key: 'k' });
  await cancel(db.pool, wish);
  await deleteJob(db.pool, wish);
  assert.equal((await submit(db.pool, wish)).outcome, 'created');
});
