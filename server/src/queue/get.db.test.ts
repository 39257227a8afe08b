import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { testDatabase } from '../../test/database.ts';
import { claimed, expire, queued, running, shownRows, topRow, finish } from '../../test/queue.ts';
import { begin } from './begin.ts';
import { get, type JobDetail } from './get.ts';
import { heartbeat } from './heartbeat.ts';
import type { Db } from './job.ts';
import { snapshot } from './snapshot.ts';
import { top } from './top.ts';

test("somebody else's job is told apart from none, and shows nothing", async () => {
  await using db = await testDatabase();
  const wish = await queued(db.pool);
  const { job_id, user_id } = wish;
  const limit = 10;
  for (const look of [get, (pool: Db, who: { job_id: string; user_id: string }) => top(pool, { ...who, limit })]) {
    assert.equal((await look(db.pool, { job_id, user_id })).outcome, 'found');
    assert.deepEqual(await look(db.pool, { job_id, user_id: randomUUID() }), { outcome: 'forbidden' });
    assert.deepEqual(await look(db.pool, { job_id: randomUUID(), user_id }), { outcome: 'not_found' });
  }
});

test('a job shows its speed, what is left, and that it waits for a worker', async () => {
  await using db = await testDatabase();
  const { lease, job } = await running(db.pool, { total_units: 1000 });
  const look = async (): Promise<JobDetail> => {
    const got = await get(db.pool, job);
    assert.ok(got.outcome === 'found');
    return got.job;
  };
  const fresh = await look();
  assert.deepEqual(
    [fresh.variants_per_second, fresh.eta_seconds, fresh.waiting_for_worker_seconds],
    [null, null, null],
  );
  await begin(db.pool, lease, { lease_seconds: 60, stage: 'stage_a', processed_units: 0, anew: false });
  await heartbeat(db.pool, lease, { lease_seconds: 60, processed_units: 250 });
  await db.pool.query(`update backtest_jobs set locked_at = progress_updated_at - interval '5 seconds'`);
  const busy = await look();
  assert.deepEqual([busy.variants_per_second, busy.eta_seconds, busy.waiting_for_worker_seconds], [50, 15, null]);
  await expire(db.pool, lease);
  const waiting = await look();
  assert.deepEqual([waiting.variants_per_second, waiting.eta_seconds], [null, null]);
  assert.ok(waiting.waiting_for_worker_seconds! >= 1 && waiting.waiting_for_worker_seconds! < 60);
});

test('speed and remaining time are those of the attempt, which begins at its resume point', async () => {
  await using db = await testDatabase();
  const first = await running(db.pool, { total_units: 1000 });
  const speed = async (): Promise<(number | null)[]> => {
    const got = await get(db.pool, first.job);
    assert.ok(got.outcome === 'found');
    return [got.job.variants_per_second, got.job.eta_seconds];
  };
  const term = { lease_seconds: 60, stage: 'stage_a', anew: false } as const;
  await begin(db.pool, first.lease, { ...term, processed_units: 0 });
  await heartbeat(db.pool, first.lease, { lease_seconds: 60, processed_units: 900 });
  await db.pool.query(`update backtest_jobs set started_at = started_at - interval '1 hour'`);
  await expire(db.pool, first.lease);
  const second = await claimed(db.pool);
  assert.deepEqual(await speed(), [null, null], 'what the attempt before did says nothing about this one');
  await begin(db.pool, second.lease, { ...term, processed_units: 400 });
  assert.deepEqual(await speed(), [null, null], 'it has done nothing yet');
  await heartbeat(db.pool, second.lease, { lease_seconds: 60, processed_units: 600 });
  await db.pool.query(`update backtest_jobs set locked_at = progress_updated_at - interval '10 seconds'`);
  assert.deepEqual(await speed(), [20, 20]);
});

test('instants are exact to the microsecond, in UTC, whatever the session says', async () => {
  await using db = await testDatabase();
  const wish = await queued(db.pool);
  const client = await db.pool.connect();
  try {
    await client.query(`update backtest_jobs set created_at = '2026-03-29 02:30:00.000007+01'`);
    await client.query(`set time zone 'Asia/Kathmandu'; set datestyle = 'SQL, DMY'`);
    const got = await get(client, wish);
    assert.equal(got.outcome === 'found' && got.job.created_at, '2026-03-29T01:30:00.000007Z');
  } finally {
    client.release(true);
  }
});

test('top gives the rows by rank up to the limit, with the request', async () => {
  await using db = await testDatabase();
  const { lease, job } = await running(db.pool);
  const look = async (limit: number) => {
    const found = await top(db.pool, { ...job, limit });
    assert.ok(found.outcome === 'found');
    return found;
  };
  assert.deepEqual(await look(5), {
    outcome: 'found',
    job_id: job.job_id,
    state: 'running',
    request: { top_k: 10, name: null, priority: 0 },
    items: [],
    next_after_rank: null,
  });
  const rows = Array.from({ length: 12 }, (_, i) => topRow(12 - i));
  await snapshot(db.pool, lease, { lease_seconds: 60, rows, checkpoint: null });
  assert.deepEqual(
    (await look(11)).items.map((row) => row.rank),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  );
  await finish(db.pool, lease, { state: 'succeeded', rows, result_json: {} });
  assert.deepEqual(await shownRows(db.pool, job), rows.toReversed(), 'every double came back as it went');
});

test('reports of a job that has not succeeded are not shown, should there be any', async () => {
  await using db = await testDatabase();
  const { lease, job } = await running(db.pool);
  await snapshot(db.pool, lease, { lease_seconds: 60, rows: [topRow(1)], checkpoint: null });
  await db.pool.query(`update backtest_job_top_variants set report_table_md = 'x', trades_json = '[]'`);
  const [row] = await shownRows(db.pool, job);
  assert.deepEqual([row?.report_table_md, row?.trades], [null, null]);
});
