// 100,000 queued jobs: each claimed once, in order, however many claim at once.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type pg from 'pg';
import { openPool } from '../../src/db.ts';
import { claim } from '../../src/queue/claim.ts';
import { finish } from '../../src/queue/finish.ts';
import { testDatabase, type TestDatabase } from '../database.ts';
import { checkInvariants } from '../invariants.ts';
import { queued } from '../queue.ts';
import { watch } from '../watch.ts';
import { rounds } from './arena.ts';

const JOBS = 100_000;
const CLAIMERS = 64;
const CLAIMS = rounds(300, 3000);
const ALONE = rounds(50, 500);

let database: TestDatabase;
let pool: pg.Pool;
before(async () => {
  database = await testDatabase();
  pool = openPool(database.dsn, { max: CLAIMERS, applicationName: 'claimers' });
  const { job_id } = await queued(database.pool);
  // As submit inserts them, a millisecond apart, so that their order has no ties.
  await database.admin.query(
    `with copies as (
       insert into backtest_jobs (job_id, user_id, mode, request_hash, engine_params_hash, backtest_runtime_config_hash, created_at)
       select gen_random_uuid(), j.user_id, mode, request_hash, engine_params_hash, backtest_runtime_config_hash,
         j.created_at + n * interval '1 millisecond'
       from backtest_jobs j, generate_series(1, $2) n where j.job_id = $1 returning job_id
     )
     insert into backtest_job_requests (job_id, request_json) select job_id, '{"top_k": 10}' from copies`,
    [job_id, JOBS - 1],
  );
  await database.admin.query('analyze');
  await watch(database.admin);
});
after(async () => {
  await pool.end();
  await database[Symbol.asyncDispose]();
});

/** Claims and ends one job; how many were queued before it. */
async function claimNext(name: string): Promise<string> {
  const next = await claim(pool, { locked_by: name, lease_seconds: 60, max_crashes: 3 });
  assert.ok(next?.outcome === 'claimed' && !next.reclaimed);
  const error = { code: 'test', message: 'ended by the test', details: {} };
  assert.equal(await finish(pool, next.lease, { state: 'failed', error }), 'failed');
  return next.lease.job_id;
}

/** How far each claim was from its place in the queue, in the order of the claims. */
async function offPlace(jobs: readonly string[]): Promise<number[]> {
  const { rows } = await database.admin.query<{ off: number }>(
    `select abs(row_number() over (order by created_at) - row_number() over (order by started_at))::int as off
     from backtest_jobs where job_id = any ($1)`,
    [jobs],
  );
  assert.equal(rows.length, jobs.length, 'a job was claimed twice');
  return rows.map(({ off }) => off);
}

/** None that is older than the youngest of these is still queued, but for as many as there are claimers. */
async function passedOver(jobs: readonly string[]): Promise<number> {
  const { rows } = await database.admin.query<{ passed: number }>(
    `select count(*)::int as passed from backtest_jobs
     where state = 'queued' and created_at < (select max(created_at) from backtest_jobs where job_id = any ($1))`,
    [jobs],
  );
  return rows[0]!.passed;
}

test('one claimer is strictly first in, first out', async () => {
  const jobs: string[] = [];
  while (jobs.length < ALONE) jobs.push(await claimNext('alone'));
  assert.equal(Math.max(...(await offPlace(jobs))), 0);
  assert.equal(await passedOver(jobs), 0);
});

test(
  `${CLAIMERS} claimers: each job once, none further than ${CLAIMERS} places from its own`,
  { timeout: 600_000 },
  async () => {
    const jobs: string[] = [];
    let begun = 0;
    await Promise.all(
      Array.from({ length: CLAIMERS }, async (_, n) => {
        while (begun < CLAIMS) {
          begun += 1;
          jobs.push(await claimNext(`claimer-${n}`));
        }
      }),
    );
    assert.equal(jobs.length, CLAIMS);
    assert.equal(new Set(jobs).size, CLAIMS);
    assert.ok(Math.max(...(await offPlace(jobs))) <= CLAIMERS, String(Math.max(...(await offPlace(jobs)))));
    assert.ok((await passedOver(jobs)) <= CLAIMERS);
    const { rows } = await database.admin.query<{ job_id: string }>('select job_id from backtest_jobs');
    assert.equal(rows.length, JOBS);
    await pool.end();
    pool = openPool(database.dsn, { max: 1, applicationName: 'claimers' });
    await checkInvariants(database.admin, { jobs: rows.map(({ job_id }) => job_id), quota: JOBS });
  },
);
