// The judge judged: for every invariant a deed that breaks it, and the judge must say so. Guards are taken off where the
// schema or the verbs would not let the deed happen.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { openPool } from '../src/db.ts';
import { claim } from '../src/queue/claim.ts';
import { heartbeat } from '../src/queue/heartbeat.ts';
import type { Lease } from '../src/queue/job.ts';
import { snapshot } from '../src/queue/snapshot.ts';
import { testDatabase } from './database.ts';
import { checkInvariants, type Witness } from './invariants.ts';
import { checkpoint, queued, topRow, finish } from './queue.ts';
import { watch } from './watch.ts';

interface Scene {
  readonly query: (sql: string, values?: unknown[]) => Promise<unknown>;
  /** The same as a worker that is not the owner. */
  readonly stranger: (sql: string, values?: unknown[]) => Promise<unknown>;
  readonly lease: Lease;
}

const end = `state = 'cancelled', finished_at = clock_timestamp(), locked_by = null, locked_at = null,
  lease_expires_at = null, heartbeat_at = null`;
const DEEDS: readonly [rule: RegExp, deed: (scene: Scene) => Promise<unknown>, seen?: Partial<Witness>][] = [
  [/I1 a job row/, ({ stranger }) => stranger('update backtest_jobs set processed_units = 1')],
  [
    /I1 a job row/,
    async ({ query, lease }) => {
      await query(`update backtest_jobs set lease_expires_at = clock_timestamp() - interval '1 second'`);
      await query('update backtest_jobs set heartbeat_at = clock_timestamp() where job_id = $1', [lease.job_id]);
    },
  ],
  [/I1 a child row was written/, ({ query }) => query('update backtest_job_checkpoints set attempt = 7')],
  [/I1 a child row was written/, ({ stranger }) => stranger('update backtest_job_checkpoints set next_index = 7')],
  [/I1 a child row was deleted/, ({ stranger }) => stranger('delete from backtest_job_top_variants')],
  [
    /I2 a job that had ended/,
    async ({ query }) => {
      await query(`update backtest_jobs set ${end}`);
      await query('update backtest_jobs set processed_units = 1');
    },
  ],
  [
    /I2 a child row/,
    async ({ query }) => {
      await query(`update backtest_jobs set ${end}`);
      await query('delete from backtest_job_top_variants');
    },
  ],
  [/I3 a job was claimed/, ({ stranger }) => stranger('update backtest_jobs set attempt = attempt + 1')],
  [/I3 an open attempt/, ({ query }) => query(`update backtest_jobs set ${end}`)],
  [/I3 an attempt that/, ({ query }) => query('delete from backtest_job_attempts')],
  [/I4 I13/, async () => {}, { jobs: [randomUUID()] }],
  [/I6/, ({ query }) => query('update backtest_jobs set crash_count = crash_count - 1')],
  [/I7 a job runs on/, ({ query }) => query('update backtest_jobs set crash_count = 3')],
  [
    /I7 more crashed/,
    ({ query, lease }) =>
      query(
        `insert into backtest_job_attempts (job_id, attempt, locked_by, ended_at, outcome)
         select $1, n, 'x', clock_timestamp(), 'crashed' from generate_series(2, 5) n`,
        [lease.job_id],
      ),
  ],
  [/I10/, async () => {}, { quota: 0 }],
  [/I12/, ({ query }) => query(`update backtest_job_attempts set outcome = 'lost', ended_at = clock_timestamp()`)],
];

for (const [rule, deed, seen] of DEEDS) {
  test(`the judge sees ${rule.source}: ${deed.toString().replaceAll(/\s+/g, ' ').slice(0, 90)}`, async () => {
    await using stage = await openScene();
    const { lease } = stage.scene;
    const line = JSON.stringify({ event: 'claimed', msg: 'event=claimed', ...lease });
    const witness = { jobs: [lease.job_id], ended: false, logs: [{ text: line, survived: true }] };
    await checkInvariants(stage.admin, witness);
    await deed(stage.scene);
    await assert.rejects(checkInvariants(stage.admin, { ...witness, ...seen }), rule);
  });
}

test('the judge sees I5, I8, I9, I11 and I13, and nothing when all is well', async () => {
  await using stage = await openScene();
  const { lease, query } = stage.scene;
  const ending = { state: 'succeeded', rows: [topRow(1)], result_json: {} } as const;
  assert.equal(await finish(stage.owner, lease, ending), 'succeeded');
  const jobs = [lease.job_id];
  await checkInvariants(stage.admin, { jobs, ended: false });
  const breaks = (witness: Partial<Witness>, rule: RegExp): Promise<void> =>
    assert.rejects(checkInvariants(stage.admin, { jobs, ended: false, ...witness }), rule);
  await breaks({ quietHash: 'f'.repeat(64) }, /I5 another result/);
  await breaks({ ended: true, goneSeconds: 0 }, /I11 a connection/);
  const line = JSON.stringify({ event: 'cancelled', msg: 'event=cancelled', ...lease });
  await breaks({ logs: [{ text: line, survived: false }] }, /I13/);
  const next = await queued(stage.admin);
  await claim(stage.owner, { locked_by: 'owner', lease_seconds: 0.001, max_crashes: 3 });
  let again = null;
  while (again === null) again = await claim(stage.owner, { locked_by: 'owner', lease_seconds: 60, max_crashes: 3 });
  await breaks({ reclaimSeconds: 0 }, /I9/);
  await query('alter table backtest_jobs disable trigger user');
  await query('update backtest_jobs set cancel_requested_at = clock_timestamp() where job_id = $1', [lease.job_id]);
  await breaks({}, /I8/);
  await query('delete from backtest_job_results');
  await breaks({ jobs: [next.job_id] }, /I5 equal requests/);
});

async function openScene() {
  const database = await testDatabase();
  const { admin, adminDsn } = database;
  await watch(admin);
  const owner = openPool(adminDsn, { max: 1, applicationName: 'owner' });
  const other = openPool(adminDsn, { max: 1, applicationName: 'stranger' });
  await queued(admin);
  const taken = await claim(owner, { locked_by: 'owner', lease_seconds: 60, max_crashes: 3 });
  assert.ok(taken?.outcome === 'claimed');
  const { lease } = taken;
  await snapshot(owner, lease, { lease_seconds: 60, rows: [topRow(1)], checkpoint: checkpoint(1) });
  await heartbeat(owner, lease, { lease_seconds: 60, processed_units: 2 });
  await owner.query('update backtest_jobs set crash_count = 1');
  return {
    admin,
    owner,
    scene: {
      lease,
      query: (sql: string, values?: unknown[]) => owner.query(sql, values),
      stranger: (sql: string, values?: unknown[]) => other.query(sql, values),
    } satisfies Scene,
    async [Symbol.asyncDispose]() {
      await Promise.all([owner.end(), other.end()]);
      await database[Symbol.asyncDispose]();
    },
  };
}
