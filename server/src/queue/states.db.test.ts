// The state machine as the table enforces it, and the tables as operators and the runtime role meet them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../test/database.ts';
import { checkpoint, expire, queued, running, stored, topRow, finish } from '../../test/queue.ts';
import { shortlist } from './portions/shortlist.ts';
import { surface } from './portions/surface.ts';
import { snapshot } from './snapshot.ts';

const error = { code: 'x', message: 'x', details: {} };
const NO_LEASE = 'locked_by = null, locked_at = null, lease_expires_at = null, heartbeat_at = null';
const FAILED = `last_error = 'x', last_error_json = '{"code": "x", "message": "x", "details": {}}'`;
const NOW = 'clock_timestamp()';

const ILLEGAL: Record<'queued' | 'running' | 'succeeded' | 'failed', Record<string, string>> = {
  queued: {
    'queued with an owner': `locked_by = 'w'`,
    'queued with a lease': `lease_expires_at = ${NOW}`,
    'queued with a start': `started_at = ${NOW}`,
    'queued with an end': `finished_at = ${NOW}`,
    'queued with an error': FAILED,
    'queued to failed': `state = 'failed', finished_at = ${NOW}, ${FAILED}`,
    'queued to succeeded': `state = 'succeeded', finished_at = ${NOW}`,
    'running without a lease': `state = 'running', started_at = ${NOW}`,
    'cancelled without an end': `state = 'cancelled'`,
    'a state of our own': `state = 'paused'`,
    'a mode of our own': `mode = 'draft'`,
    'a stage of our own': `stage = 'stage_c'`,
    'a saved strategy without its hash': `mode = 'saved'`,
    'a template with a strategy': `spec_hash = request_hash`,
    'a hash in capitals': `request_hash = upper(request_hash)`,
    'a short hash': `engine_params_hash = 'abc'`,
    'a hash with a line behind it': `backtest_runtime_config_hash = backtest_runtime_config_hash || E'\\n'`,
    'negative units': `processed_units = -1`,
    'a negative attempt': `attempt = -1`,
    'negative crashes': `crash_count = -1`,
  },
  running: {
    'running without an owner': 'locked_by = null',
    'running without a claim time': 'locked_at = null',
    'running without an end of the lease': 'lease_expires_at = null',
    'running without a heartbeat': 'heartbeat_at = null',
    'running without a start': 'started_at = null',
    'running with an end': `finished_at = ${NOW}`,
    'running with an error': FAILED,
    'more done than there is': 'processed_units = total_units + 1',
    'succeeded with a lease': `state = 'succeeded', finished_at = ${NOW}`,
    'cancelled with a lease': `state = 'cancelled', finished_at = ${NOW}`,
    'succeeded without an end': `state = 'succeeded', ${NO_LEASE}`,
    'succeeded with an error': `state = 'succeeded', finished_at = ${NOW}, ${NO_LEASE}, ${FAILED}`,
    'cancelled with an error': `state = 'cancelled', finished_at = ${NOW}, ${NO_LEASE}, ${FAILED}`,
    'failed without an error': `state = 'failed', finished_at = ${NOW}, ${NO_LEASE}`,
    'failed without a message': `state = 'failed', finished_at = ${NOW}, ${NO_LEASE}, last_error_json = '${JSON.stringify(error)}'`,
    'failed without details': `state = 'failed', finished_at = ${NOW}, ${NO_LEASE}, last_error = 'x', last_error_json = '{}'`,
  },
  succeeded: {
    'succeeded with an owner': `locked_by = 'w'`,
    'succeeded that never started': 'started_at = null',
    'succeeded that never ended': 'finished_at = null',
  },
  failed: {
    'failed that forgot its error': 'last_error_json = null',
    'failed that never started': 'started_at = null',
  },
};

test('the checks refuse every illegal state', async () => {
  await using db = await testDatabase();
  for (const [state, changes] of Object.entries(ILLEGAL)) {
    const { job_id } = state === 'queued' ? await queued(db.pool) : (await running(db.pool, { priority: 1 })).lease;
    const lease = { job_id, locked_by: 'worker-1', attempt: 1 };
    if (state === 'succeeded') await finish(db.pool, lease, { state, rows: [], result_json: {} });
    if (state === 'failed') await finish(db.pool, lease, { state, error });
    for (const [name, change] of Object.entries(changes)) {
      const update = db.pool.query(`update backtest_jobs set ${change} where job_id = $1`, [job_id]);
      await assert.rejects(update, { code: '23514' }, name);
    }
    if (state === 'running') await finish(db.pool, lease, { state: 'cancelled' });
  }
});

test('one key, one job a user; and a job without a total may count on', async () => {
  await using db = await testDatabase();
  const { job_id, user_id } = await queued(db.pool, { idempotency_key: 'k', total_units: 0 });
  const other = await queued(db.pool, { user_id });
  const rename = db.pool.query(`update backtest_jobs set idempotency_key = 'k' where job_id = $1`, [other.job_id]);
  await assert.rejects(rename, { code: '23505' });
  await db.pool.query('update backtest_jobs set processed_units = 5 where job_id = $1', [job_id]);
});

test('deleting a job deletes everything about it', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  const term = { lease_seconds: 60 };
  await surface(db.pool, lease, { ...term, first_index: 0, scores: Float32Array.of(1) });
  await shortlist(db.pool, lease, {
    ...term,
    indexes: [1],
    stage_a_variants_total: 1,
    risk_total: 1,
    preselect_used: 1,
  });
  await snapshot(db.pool, lease, { ...term, rows: [topRow(1)], checkpoint: checkpoint(1) });
  await db.pool.query('delete from backtest_jobs where job_id = $1', [lease.job_id]);
  const rest = await stored(db.pool, lease.job_id);
  assert.ok(Object.values(rest).every((rows) => rows.length === 0));
});

test('the whole queue works without the right to change the schema', async () => {
  await using db = await testDatabase();
  for (const ddl of [
    'create table mine (a int)',
    'alter table backtest_jobs add column mine int',
    'drop table backtest_job_results',
    'create index on backtest_jobs (name)',
    'truncate backtest_jobs',
  ]) {
    await assert.rejects(db.pool.query(ddl), { code: '42501' }, ddl);
  }
});

test('what an operator asks runs as written', async () => {
  await using db = await testDatabase();
  const stuck = await running(db.pool);
  const busy = await running(db.pool);
  const term = { lease_seconds: 60 };
  await shortlist(db.pool, busy.lease, {
    ...term,
    indexes: [4, 2],
    stage_a_variants_total: 9,
    risk_total: 6,
    preselect_used: 2,
  });
  await snapshot(db.pool, busy.lease, { ...term, rows: [topRow(1)], checkpoint: checkpoint(1) });
  await expire(db.pool, stuck.lease);
  const ask = async (sql: string) => (await db.pool.query(sql)).rows;

  const rows = await ask(
    `select job_id, user_id, stage, attempt, locked_by, locked_at, lease_expires_at, heartbeat_at, processed_units, total_units
     from backtest_jobs where state = 'running' order by lease_expires_at, created_at, job_id`,
  );
  assert.deepEqual(
    rows.map((row) => row.job_id),
    [stuck.lease.job_id, busy.lease.job_id],
  );
  assert.deepEqual(
    await ask(`select job_id, jsonb_array_length(stage_a_indexes_json) as kept, stage_a_variants_total, risk_total, preselect_used
      from backtest_job_stage_a_shortlist order by updated_at desc`),
    [{ job_id: busy.lease.job_id, kept: 2, stage_a_variants_total: 9, risk_total: 6, preselect_used: 2 }],
  );
  assert.deepEqual(
    await ask(`select rank, variant_key, variant_index, total_return_pct, report_table_md is null as bare, trades_json is null as untold
      from backtest_job_top_variants where job_id = '${busy.lease.job_id}' order by rank, variant_key`),
    [{ rank: 1, variant_key: 'variant-1', variant_index: 101, total_return_pct: 0.1 + 0.2, bare: true, untold: true }],
  );
  assert.deepEqual(
    await ask(
      `select attempt, locked_by, outcome, cause from backtest_job_attempts where job_id = '${busy.lease.job_id}' order by attempt`,
    ),
    [{ attempt: 1, locked_by: 'worker-1', outcome: null, cause: null }],
  );
  assert.deepEqual(
    await ask(`select state, last_error, last_error_json ->> 'code' as code from backtest_jobs
      where state = 'failed' and finished_at > now() - interval '1 day' order by finished_at desc`),
    [],
  );
});
