import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type pg from 'pg';
import { testDatabase } from '../../test/database.ts';
import { checkpoint, HASH, queued, running, stored, topRow, WORKER, finish } from '../../test/queue.ts';
import { cancel } from './cancel.ts';
import { claim } from './claim.ts';
import { BATCH, expire, expireHourly } from './expire.ts';
import { resultTrades } from './portions/result-trades.ts';
import { shortlistPart } from './portions/shortlist-part.ts';
import { shortlist } from './portions/shortlist.ts';
import { surface } from './portions/surface.ts';
import { snapshot } from './snapshot.ts';

/** Moves the end of a job into the past. */
async function aged(pool: pg.Pool, job_id: string, days: number): Promise<string> {
  const { rowCount } = await pool.query(
    `update backtest_jobs set finished_at = clock_timestamp() - $2::float8 * interval '1 day'
     where job_id = $1 and finished_at is not null`,
    [job_id, days],
  );
  assert.equal(rowCount, 1, 'the job has not ended');
  return job_id;
}

async function cancelled(pool: pg.Pool, days: number): Promise<string> {
  const wish = await queued(pool);
  await cancel(pool, wish);
  return aged(pool, wish.job_id, days);
}

/** So many jobs that ended `days` ago, the later in the list the longer ago. */
async function ended(admin: pg.Pool, count: number, days: number): Promise<string[]> {
  const { rows } = await admin.query<{ job_id: string }>(
    `insert into backtest_jobs (job_id, user_id, mode, state, finished_at, request_hash, engine_params_hash,
       backtest_runtime_config_hash)
     select gen_random_uuid(), $1, 'template', 'cancelled', now() - $2::float8 * interval '1 day' - i * interval '1 second',
       $3, $3, $3
     from generate_series(1, $4::int) i
     returning job_id`,
    [randomUUID(), days, HASH, count],
  );
  return rows.map(({ job_id }) => job_id);
}

const left = async (pool: pg.Pool): Promise<unknown[]> =>
  (await pool.query('select job_id from backtest_jobs order by created_at')).rows.map(({ job_id }) => job_id);

test('deletes what ended longer ago than it is kept, in each of the three ways, and nothing else', async () => {
  await using db = await testDatabase();
  const { lease: one } = await running(db.pool);
  await finish(db.pool, one, { state: 'succeeded', rows: [topRow(1)], result_json: {} });
  const { lease: two } = await running(db.pool);
  await finish(db.pool, two, { state: 'failed', error: { code: 'x', message: 'x', details: {} } });
  for (const { job_id } of [one, two]) await aged(db.pool, job_id, 1.6);
  await cancelled(db.pool, 1.6);
  const kept = await cancelled(db.pool, 1.4);
  const { lease: busy } = await running(db.pool);
  const { job_id: waiting } = await queued(db.pool);
  await db.admin.query(
    `update backtest_jobs set created_at = created_at - interval '9 years', started_at = started_at - interval '9 years'`,
  );

  assert.equal(await expire(db.pool, 1.5), 3, 'days may have fractions');
  assert.deepEqual(await left(db.pool), [kept, busy.job_id, waiting]);
  assert.equal(await expire(db.pool, 1.5), 0);
  assert.equal((await claim(db.pool, WORKER))?.job.job_id, waiting, 'the queue is as it was');
});

test('everything that belongs to a job goes with it, as the runtime role, and nothing of another job', async () => {
  await using db = await testDatabase();
  const full = async (): Promise<string> => {
    const { lease } = await running(db.pool);
    const term = { lease_seconds: 60 };
    await surface(db.pool, lease, { ...term, first_index: 0, scores: Float32Array.of(1, 2, 3) });
    const list = { indexes: [2, 1], stage_a_variants_total: 3, risk_total: 1, preselect_used: 2 };
    await shortlist(db.pool, lease, { ...term, ...list });
    await snapshot(db.pool, lease, { ...term, rows: [topRow(1), topRow(2)], checkpoint: checkpoint(2) });
    await shortlistPart(db.pool, lease, { ...term, part_no: 1, indexes: [0] });
    await resultTrades(db.pool, lease, { ...term, rank: 1, part_no: 1, json: '[]' });
    await finish(db.pool, lease, { state: 'succeeded', rows: [topRow(1), topRow(2)], result_json: {} });
    // A finish takes checkpoint and luck test away; a row that should not be there must not keep the job.
    await db.admin.query(`insert into backtest_job_luck (job_id, permuted_json, attempt) values ($1, '{}', 1)`, [
      lease.job_id,
    ]);
    await db.admin.query(
      `insert into backtest_job_checkpoints (job_id, attempt, stage, next_index, hashes, state)
       values ($1, 1, 'stage_a', 0, '{}', '')`,
      [lease.job_id],
    );
    await db.admin.query(
      `insert into backtest_job_checkpoint_parts (job_id, attempt, save_no, part_no, state) values ($1, 1, 1, 1, '')`,
      [lease.job_id],
    );
    return lease.job_id;
  };
  const old = await aged(db.pool, await full(), 31);
  const young = await full();
  const tables = await stored(db.pool, old);
  for (const [table, rows] of Object.entries(tables)) assert.ok(rows.length > 0, `${table} has nothing to delete`);
  const { rows } = await db.admin.query<{ table: string }>(
    `select conrelid::regclass::text as table from pg_constraint
     where contype = 'f' and confrelid = 'backtest_jobs'::regclass order by 1`,
  );
  const children = Object.keys(tables).filter((table) => table !== 'backtest_jobs');
  assert.deepEqual(
    rows.map(({ table }) => table),
    children.toSorted(),
    'every table that refers to a job is looked at here',
  );
  const before = await stored(db.pool, young);
  assert.equal(await expire(db.pool, 30), 1);
  assert.deepEqual(await stored(db.pool, old), Object.fromEntries(Object.keys(tables).map((table) => [table, []])));
  assert.deepEqual(await stored(db.pool, young), before);
});

test('a batch is the hundred that ended first; an hour does all of them', async () => {
  await using db = await testDatabase();
  const young = await ended(db.admin, 1, 29);
  const old = await ended(db.admin, 2 * BATCH + 50, 31);
  assert.equal(await expire(db.pool, 30), BATCH);
  assert.deepEqual(new Set(await left(db.pool)), new Set([...young, ...old.slice(0, BATCH + 50)]));
  const drain = new AbortController();
  const hourly = expireHourly(db.pool, 30, { signal: drain.signal, onError: (error) => assert.fail(String(error)) });
  while ((await left(db.pool)).length > 1);
  drain.abort();
  await hourly;
  assert.deepEqual(await left(db.pool), young);
});

test('one worker at a time: the other does not wait and deletes nothing', async () => {
  await using db = await testDatabase();
  await ended(db.admin, 3, 31);
  const first = await db.pool.connect();
  await first.query('begin');
  assert.equal(await expire(first, 30), 3);
  assert.equal(await expire(db.pool, 30), null);
  await first.query('rollback');
  first.release();
  assert.equal(await expire(db.pool, 30), 3, 'the lock went with the transaction');
});

test('workers that begin at the same moment delete each job once', async () => {
  await using db = await testDatabase();
  await ended(db.admin, 6 * BATCH, 31);
  const counts = [0, 0, 0, 0];
  const worker = async (at: number): Promise<void> => {
    while ((await left(db.pool)).length > 0) counts[at]! += (await expire(db.pool, 30)) ?? 0;
  };
  await Promise.all(counts.map((_, at) => worker(at)));
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    6 * BATCH,
  );
});

test('a row that somebody holds is passed by, and gone the next time', async () => {
  await using db = await testDatabase();
  const [held, ...others] = await ended(db.admin, 3, 31);
  const holder = await db.admin.connect();
  await holder.query('begin');
  await holder.query('select from backtest_jobs where job_id = $1 for key share', [held]);
  assert.equal(await expire(db.pool, 30), others.length);
  assert.deepEqual(await left(db.pool), [held]);
  await holder.query('rollback');
  holder.release();
  assert.equal(await expire(db.pool, 30), 1);
});

test('what goes wrong is told and does not end it', async () => {
  await using db = await testDatabase();
  await db.admin.query('alter table backtest_jobs rename to elsewhere');
  const drain = new AbortController();
  const told: unknown[] = [];
  const onError = (error: unknown): void => {
    told.push(error);
    drain.abort();
  };
  await expireHourly(db.pool, 30, { signal: drain.signal, onError });
  assert.match(String(told), /^error: relation "backtest_jobs" does not exist$/);
});
