// What the verbs cost with a long queue: the plans PostgreSQL chooses, with sequential scans allowed.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type pg from 'pg';
import { testDatabase } from '../../test/database.ts';
import { HASH, submission, WORKER } from '../../test/queue.ts';
import { cancel } from './cancel.ts';
import { claim } from './claim.ts';
import { deleteJob } from './delete.ts';
import { expire } from './expire.ts';
import { heartbeat } from './heartbeat.ts';
import type { Db } from './job.ts';
import { list } from './list.ts';
import { ranOn } from './reads/ran-on.ts';
import { submit } from './submit.ts';

const user_id = randomUUID();
const cursor = { created_at: '2026-01-01T01:00:00.000000Z', job_id: randomUUID() };

test('with 20,000 queued jobs every verb finds its rows by an index', async () => {
  await using db = await testDatabase();
  await fill(db.admin);
  const plan = (verb: (db: Db) => Promise<unknown>) => explain(db.pool, verb);

  const claiming = await plan((client) => claim(client, WORKER));
  assert.match(claiming, /Index Scan using backtest_jobs_claim /);
  assert.match(claiming, /Index Scan using backtest_jobs_running |Bitmap Index Scan on backtest_jobs_running /);
  assert.match(claiming, /Index Scan using backtest_jobs_claim .*rows=1(\.00)? loops=1\)/, 'reads one queued row');
  assert.doesNotMatch(claiming, /Seq Scan on backtest_jobs/);

  const all = await plan((client) => list(client, { user_id, limit: 50, cursor }));
  assert.match(all, /Index Scan using backtest_jobs_list /);
  const queued = await plan((client) => list(client, { user_id, limit: 50, cursor, state: 'queued' }));
  assert.match(queued, /Index Scan using backtest_jobs_list/);
  const few = await plan((client) => list(client, { user_id, limit: 50, state: 'failed' }));
  assert.match(few, /Index Scan using backtest_jobs_list_state /);
  for (const listing of [all, queued, few]) {
    assert.doesNotMatch(listing, /Sort|Seq Scan/);
    assert.match(listing, /Index Cond: .*user_id/);
  }
  assert.match(all, /Index Cond: .*ROW\(created_at, job_id\) </);

  const beat = await plan((client) => heartbeat(client, { job_id: randomUUID(), locked_by: 'w', attempt: 1 }, WORKER));
  assert.match(beat, /Index Scan using backtest_jobs_(pkey|running) /);
  assert.doesNotMatch(
    await plan((client) => cancel(client, { job_id: randomUUID(), user_id })),
    /Seq Scan on backtest_jobs/,
  );
  assert.doesNotMatch(
    await plan((client) => deleteJob(client, { job_id: randomUUID(), user_id })),
    /Seq Scan on backtest_jobs/,
  );
});

test('quota, idempotency key and retention sweep have their indexes', async () => {
  await using db = await testDatabase();
  await fill(db.admin);
  const user = randomUUID();
  const wish = submission({ user_id: user, idempotency_key: 'k' });
  const submitting = await explain(db.pool, (client) => {
    return submit(Object.create(db.pool, { connect: { value: async () => client } }), wish);
  });
  assert.match(submitting, /using backtest_jobs_active /);
  assert.match(submitting, /using backtest_jobs_idempotency /);
  assert.match(submitting, /using backtest_jobs_list/, 'of those that are kept');
  assert.doesNotMatch(submitting, /Seq Scan on backtest_jobs/);
  const sweep = await explain(db.pool, (client) => expire(client, 5));
  assert.match(sweep, /Index Scan using backtest_jobs_retention /);
  assert.match(sweep, /Index Cond: \(finished_at < /, 'the bound is of the index, or all that ended would be read');
  assert.doesNotMatch(sweep, /Sort|Seq Scan on backtest_jobs/);
  assert.match(sweep, /Index Scan using backtest_jobs_pkey .*loops=100\)/, 'each due job is deleted by its key');
});

test('the jobs of an instrument are found by an index, among 20,000 of others', async () => {
  await using db = await testDatabase();
  await fill(db.admin);
  await db.admin.query(
    `insert into backtest_job_requests (job_id, request_json)
     select job_id, jsonb_build_object('template', jsonb_build_object('instrument_id',
       jsonb_build_object('market_id', 1, 'symbol', 'S' || row_number() over () % 500)))
     from backtest_jobs`,
  );
  await db.admin.query('vacuum analyze backtest_job_requests');
  const asked = { market_id: 1, symbol: 'S7', interval_ms: 60_000, ranges: [{ start: 0, end: 1 }], user_id: null };
  const plan = await explain(db.pool, (client) => ranOn(client, asked));
  assert.match(plan, /backtest_job_requests_instrument/);
  assert.doesNotMatch(plan, /Seq Scan on backtest_job_requests/);
});

/** 20,000 queued jobs, some ended ones and 8 running, of a few users. */
async function fill(admin: pg.Pool): Promise<void> {
  await admin.query(
    `insert into backtest_jobs (job_id, user_id, mode, state, created_at, started_at, finished_at, request_hash,
       engine_params_hash, backtest_runtime_config_hash, locked_by, locked_at, lease_expires_at, heartbeat_at)
     select gen_random_uuid(), case when i % 4 = 0 then $1 else gen_random_uuid() end, 'template', state,
       '2026-01-01'::timestamptz + i * interval '1 second',
       case when state <> 'queued' then now() end, case when state = 'cancelled' then now() - interval '10 days' end,
       $2, $2, $2, worker, lease, lease, lease
     from generate_series(1, 25000) i,
       lateral (select case when i > 24992 then 'running' when i > 20000 then 'cancelled' else 'queued' end as state) s,
       lateral (select case when state = 'running' then 'w' end as worker) w,
       lateral (select case when state = 'running' then now() + interval '1 hour' end as lease) l`,
    [user_id, HASH],
  );
  await admin.query('vacuum analyze backtest_jobs');
}

/** The plan of the last statement a verb sends, as executed; nothing it did is kept. */
async function explain(pool: pg.Pool, verb: (db: pg.PoolClient) => Promise<unknown>): Promise<string> {
  const client = await pool.connect();
  let plan = '';
  // The verb's own text and parameters, with `explain` in front; what it makes of no rows does not matter here.
  const explained = async (text: string, values?: unknown[]) => {
    if (!/^\s*(with|select|update)/.test(text)) return { rows: [], command: text.toUpperCase() };
    const { rows } = await client.query(`explain (analyze, timing off, costs off) ${text}`, values);
    plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    return { rows: [], rowCount: 0 };
  };
  try {
    await client.query('begin');
    await verb(Object.create(client, { query: { value: explained }, release: { value: () => {} } })).catch(() => {});
    await client.query('rollback');
  } finally {
    client.release();
  }
  return plan;
}
