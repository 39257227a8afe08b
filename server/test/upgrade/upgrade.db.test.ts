// A database of 0.1.0 with jobs in every state, upgraded: everything it stored is read, its hashes stay, and its jobs end.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { migrate, SQL_FOLDER } from '../../src/migrate.ts';
import { cancel } from '../../src/queue/cancel.ts';
import { claim } from '../../src/queue/claim.ts';
import { get } from '../../src/queue/get.ts';
import { list } from '../../src/queue/list.ts';
import { submit } from '../../src/queue/submit.ts';
import { top } from '../../src/queue/top.ts';
import { variant } from '../../src/queue/variant.ts';
import { importSample } from '../../src/stack/sample.ts';
import { getStrategy } from '../../src/strategies/get.ts';
import { testDatabase, type TestDatabase } from '../database.ts';
import { startWorker } from '../fleet.ts';
import { submission } from '../queue.ts';

const DUMP = readFileSync(join(import.meta.dirname, '0.1.0.sql'), 'utf8');
/** The version of the schema that the dump was made by. */
const SCHEMA_OF_DUMP = 4;
const USER = '00000000-0000-7000-8000-000000000001';

interface StoredJob {
  readonly job_id: string;
  readonly name: string;
  readonly state: string;
  readonly request_hash: string;
  readonly result_hash: string | null;
}

let database: TestDatabase;
let home: string;

before(async () => {
  home = mkdtempSync(join(tmpdir(), 'backtest-upgrade-'));
  database = await testDatabase({ empty: true });
  const older = join(home, 'sql');
  mkdirSync(older);
  const files = readdirSync(SQL_FOLDER).filter((name) => Number.parseInt(name, 10) <= SCHEMA_OF_DUMP);
  for (const file of files) cpSync(join(SQL_FOLDER, file), join(older, file));
  await migrate(database.adminDsn, { folder: older });
  await database.admin.query(DUMP);
  await importSample(join(home, 'candles'));
});

after(async () => {
  await database[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

async function storedJobs(): Promise<readonly StoredJob[]> {
  const { rows } = await database.admin.query<StoredJob>(
    `select job_id, name, state, request_hash, result_hash
     from backtest_jobs left join backtest_job_results using (job_id) order by job_id`,
  );
  return rows;
}

test('a database of 0.1.0 is upgraded, read as it was, and its jobs run to their end', async () => {
  const before010 = await storedJobs();
  const states = new Set(before010.map(({ state }) => state));
  assert.deepEqual([...states].sort(), ['cancelled', 'failed', 'queued', 'running', 'succeeded']);
  await migrate(database.adminDsn, { runtimeRole: new URL(database.dsn).username });
  assert.deepEqual(await storedJobs(), before010, 'no hash changes with the schema');
  await everythingIsRead(before010);
  await repeatsAreRecognised(before010);
  await jobsRunToTheirEnd();
  const ended = await storedJobs();
  const named = Object.fromEntries(ended.map(({ name, state }) => [name, state]));
  assert.deepEqual([named['queued'], named['heavy'], named['big']], ['succeeded', 'succeeded', 'cancelled']);
  for (const [index, { request_hash, result_hash }] of before010.entries()) {
    assert.equal(ended[index]?.request_hash, request_hash);
    if (result_hash !== null) assert.equal(ended[index]?.result_hash, result_hash);
  }
});

async function everythingIsRead(jobs: readonly StoredJob[]): Promise<void> {
  const { pool } = database;
  const { items } = await list(pool, { user_id: USER, limit: 100 });
  assert.equal(items.length, jobs.length);
  for (const { job_id, name, state } of jobs) {
    const asked = { job_id, user_id: USER };
    const job = await get(pool, asked);
    assert.ok(job.outcome === 'found' && job.job.state === state, name);
    const best = await top(pool, { ...asked, limit: 100 });
    assert.ok(best.outcome === 'found', name);
    // What 0.1.0 did is what its request means from now on.
    assert.deepEqual([best.request.validation?.mode ?? null, best.request.warmup_bars], [modeOf(name), 200], name);
    assert.equal(best.items.length > 0, state === 'succeeded' || state === 'running', name);
    const first = await variant(pool, { ...asked, rank: 1 });
    assert.ok(first.outcome === 'found', name);
    assert.equal(first.engine_version, state === 'succeeded' ? 'before 0.4.0' : null, name);
  }
  const { rows } = await database.admin.query<{ strategy_id: string }>('select strategy_id from backtest_strategies');
  for (const { strategy_id } of rows) assert.equal((await getStrategy(pool, strategy_id, USER)).outcome, 'found');
}

const modeOf = (name: string): string | null => (name === 'walk' ? 'walk_forward' : null);

/** A job without the hash of its body is recognised by its request. */
async function repeatsAreRecognised(jobs: readonly StoredJob[]): Promise<void> {
  const queued = jobs.find(({ state }) => state === 'queued');
  assert.ok(queued);
  const { request_hash } = queued;
  const repeat = submission({
    user_id: USER,
    idempotency_key: 'kept-by-0.1.0',
    request_hash,
    body_hash: 'a'.repeat(64),
  });
  const same = await submit(database.pool, repeat);
  assert.ok(same.outcome === 'existing' && same.job.job_id === queued.job_id);
  const other = await submit(database.pool, { ...repeat, request_hash: 'b'.repeat(64) });
  assert.equal(other.outcome, 'conflict');
}

/** Runs what was queued or had lost its worker; the large search is claimed with its checkpoint and then cancelled. */
async function jobsRunToTheirEnd(): Promise<void> {
  const { pool, admin } = database;
  const big = await claim(pool, { locked_by: 'upgrade', lease_seconds: 60, max_crashes: 3 });
  assert.ok(big?.outcome === 'claimed' && big.job.name === 'big');
  assert.equal(big.request.validation, null);
  await cancel(pool, { job_id: big.lease.job_id, user_id: USER });
  await admin.query(`update backtest_jobs set lease_expires_at = clock_timestamp() where state = 'running'`);
  const worker = startWorker({
    STRATEGY_PG_DSN: database.dsn,
    CANDLE_SOURCE: `parquet:${join(home, 'candles')}`,
    BACKTEST_HOME: home,
  });
  try {
    for (const until = performance.now() + 120_000; performance.now() < until;) {
      const { rows } = await admin.query(`select from backtest_jobs where state in ('queued', 'running')`);
      if (rows.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.fail(worker.log());
  } finally {
    worker.kill('SIGTERM');
    await worker.ended;
  }
}
