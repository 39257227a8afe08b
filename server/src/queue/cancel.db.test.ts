import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { testDatabase } from '../../test/database.ts';
import {
  attempts,
  checkpoint,
  expire,
  finish,
  queued,
  running,
  stored,
  topRow,
  WORKER,
  type TestEnding,
} from '../../test/queue.ts';
import { watchSilence } from '../api/silence.ts';
import { cancel, cancelRequested } from './cancel.ts';
import { claim } from './claim.ts';
import { get } from './get.ts';
import { heartbeat } from './heartbeat.ts';
import { release } from './release.ts';
import { snapshot } from './snapshot.ts';

test('a queued job is cancelled now and never claimed', async () => {
  await using db = await testDatabase();
  const wish = await queued(db.pool);
  const job = await cancel(db.pool, wish);
  assert.deepEqual([job?.state, job?.attempt, job?.started_at], ['cancelled', 0, null]);
  assert.ok(job?.cancel_requested_at && job.finished_at);
  assert.equal(await claim(db.pool, WORKER), null);
});

test('whatever ends a job, its history has a row for each attempt it counts', async () => {
  await using db = await testDatabase();
  await cancel(db.pool, await queued(db.pool));
  for (const given of ['back', 'up'] as const) {
    const { lease, job } = await running(db.pool);
    if (given === 'back') await release(db.pool, lease, { outcome: 'released', cause: null });
    else await expire(db.pool, lease);
    assert.equal((await cancel(db.pool, job))?.state, 'cancelled');
  }
  const { rows } = await db.pool.query(
    `select attempt, array(
       select outcome from backtest_job_attempts a where a.job_id = j.job_id order by attempt
     ) as outcomes
     from backtest_jobs j order by created_at`,
  );
  assert.deepEqual(rows, [
    { attempt: 0, outcomes: [] },
    { attempt: 2, outcomes: ['released', 'cancelled'] },
    { attempt: 2, outcomes: ['lost', 'cancelled'] },
  ]);
});

test('a running job is asked to stop; its owner keeps the lease', async () => {
  await using db = await testDatabase();
  const { lease, job } = await running(db.pool);
  assert.equal(await cancelRequested(db.pool, lease.job_id), false);
  const asked = await cancel(db.pool, job);
  assert.deepEqual([asked?.state, asked?.attempt, asked?.locked_by], ['running', 1, 'worker-1']);
  assert.equal(await cancelRequested(db.pool, lease.job_id), true);
  assert.deepEqual(await cancel(db.pool, job), asked, 'the first request stays, nothing else moves');
  assert.equal(await finish(db.pool, lease, { state: 'cancelled' }), 'cancelled');
});

test('a running job that nobody runs is cancelled now, attempt + 1', async () => {
  await using db = await testDatabase();
  const { lease, job } = await running(db.pool);
  await snapshot(db.pool, lease, { lease_seconds: 60, rows: [topRow(1)], checkpoint: checkpoint(1) });
  await expire(db.pool, lease);
  const ended = await cancel(db.pool, job);
  assert.deepEqual([ended?.state, ended?.attempt, ended?.crash_count], ['cancelled', 2, 0]);
  assert.deepEqual(await attempts(db.pool, lease.job_id), ['1 worker-1 lost', '2 cancel cancelled']);
  const all = await stored(db.pool, lease.job_id);
  assert.equal(all['backtest_job_top_variants']!.length, 1, 'the best so far survives');
  assert.deepEqual(all['backtest_job_checkpoints'], []);
});

test('a job whose worker is silent for its whole lease is cancelled, although the clock of the database went back an hour', async () => {
  await using db = await testDatabase();
  const { lease, job } = await running(db.pool);
  const other = await running(db.pool);
  await db.admin.query(`update backtest_jobs set lease_expires_at = lease_expires_at + interval '1 hour',
    heartbeat_at = heartbeat_at + interval '1 hour'`);
  let time = 0;
  using watch = watchSilence(db.pool, 60, () => time);
  await watch.look();
  time = 59_000;
  await watch.look();
  assert.equal((await cancel(db.pool, job, watch.observer))?.state, 'running', 'a second too early');
  time = 61_000;
  await heartbeat(db.pool, other.lease, { lease_seconds: 60 });
  await watch.look();
  const ended = await get(db.pool, job);
  assert.ok(ended.outcome === 'found');
  assert.deepEqual([ended.job.state, ended.job.attempt, ended.job.crash_count], ['cancelled', 2, 0]);
  assert.deepEqual(await attempts(db.pool, lease.job_id), ['1 worker-1 lost', '2 cancel cancelled']);
  assert.equal(await heartbeat(db.pool, lease, { lease_seconds: 60 }), null, 'whoever wakes is fenced off');
  assert.equal((await cancel(db.pool, other.job, watch.observer))?.state, 'running', 'its worker answers');
});

test('a silent lease that was renewed, or that another attempt has, is not cancelled from under its worker', async () => {
  await using db = await testDatabase();
  const { lease, job } = await running(db.pool);
  let time = 0;
  using watch = watchSilence(db.pool, 60, () => time);
  await watch.look();
  time = 61_000;
  await watch.look();
  assert.equal(watch.observer.silent().length, 1);
  await heartbeat(db.pool, lease, { lease_seconds: 60 });
  assert.equal((await cancel(db.pool, job, watch.observer))?.state, 'running');
});

const ENDINGS: readonly TestEnding[] = [
  { state: 'succeeded', rows: [topRow(1)], result_json: {} },
  { state: 'failed', error: { code: 'x', message: 'x', details: {} } },
  { state: 'cancelled' },
];

test('what has ended stays as it is, to the last byte', async () => {
  for (const ending of ENDINGS) {
    await using db = await testDatabase();
    const { lease, job } = await running(db.pool);
    if (ending.state === 'cancelled') await cancel(db.pool, job);
    await finish(db.pool, lease, ending);
    const before = await stored(db.pool, lease.job_id);
    assert.equal((await cancel(db.pool, job))?.state, ending.state);
    assert.deepEqual(await stored(db.pool, lease.job_id), before);
  }
});

test("somebody else's job, or none, is not touched", async () => {
  await using db = await testDatabase();
  const wish = await queued(db.pool);
  const before = await stored(db.pool, wish.job_id);
  assert.equal(await cancel(db.pool, { ...wish, user_id: randomUUID() }), null);
  assert.equal(await cancel(db.pool, { ...wish, job_id: randomUUID() }), null);
  assert.deepEqual(await stored(db.pool, wish.job_id), before);
});
