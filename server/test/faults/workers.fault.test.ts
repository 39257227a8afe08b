// Workers that are alike, whose clock is wrong, who hear nothing, who get no processor or no candles, or who find a
// checkpoint that is damaged or foreign.

import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { dsnFor } from '../../src/db.ts';
import { cancel } from '../../src/queue/cancel.ts';
import { get } from '../../src/queue/get.ts';
import { childrenOf, eventually, USER } from '../fleet.ts';
import { openProxy } from '../proxy.ts';
import { expire } from '../queue.ts';
import { LARGE, openArena, rounds, saved, SMALL, type Arena } from './arena.ts';

let arena: Arena;
before(async () => {
  arena = await openArena();
});
after(() => arena[Symbol.asyncDispose]());
afterEach(() => arena.clear());

/** NODE_OPTIONS that run this code ahead of everything, in the worker and its children. */
async function preload(name: string, code: string): Promise<{ NODE_OPTIONS: string }> {
  const file = join(arena.fleet.home, `${name}.cjs`);
  await writeFile(file, code);
  return { NODE_OPTIONS: `--require ${file}` };
}

test('two workers with one name, each a role of its own: what counts is the attempt', async (t) => {
  const quietHash = await arena.quietHash(LARGE);
  const { admin, dsn, adminDsn } = arena.fleet.database;
  const twin = { user: `${new URL(dsn).username}_twin`, password: 'twin' };
  await admin.query(`create role ${twin.user} login password 'twin' in role ${new URL(dsn).username}`);
  t.after(() => admin.query(`drop role if exists ${twin.user}`));
  const alike = await preload(
    'alike',
    `const crypto = require('node:crypto');
     crypto.randomBytes = (size) => Buffer.alloc(size, 7);
     require('node:module').syncBuiltinESMExports();
     Object.defineProperty(process, 'pid', { value: 4242 });`,
  );
  const id = await arena.fleet.submit(LARGE);
  const first = arena.worker(alike);
  const { locked_by } = await arena.fleet.until(id, 'a checkpoint', saved);
  const children = await childrenOf(first.pid);
  for (const pid of [...children, first.pid]) process.kill(pid, 'SIGSTOP');
  const second = arena.worker({
    ...alike,
    STRATEGY_PG_DSN: dsnFor(adminDsn, new URL(adminDsn).pathname.slice(1), twin),
  });
  const taken = await arena.fleet.until(id, 'the second attempt', ({ attempt }) => attempt > 1);
  assert.equal(taken.locked_by, locked_by, 'they have two names');
  for (const pid of [...children, first.pid]) process.kill(pid, 'SIGCONT');
  await first.said('event=lease_lost');
  await arena.success(id);
  assert.equal(second.process.exitCode, null);
  await arena.judge({ jobs: [id], quietHash });
});

for (const [what, shift] of [
  ['an hour ahead', '3600e3'],
  ['an hour behind', '-3600e3'],
  ['jumping an hour to and fro every second', '(Math.floor(now() / 1000) % 2 ? 3600e3 : -3600e3)'],
] as const) {
  test(`a worker whose clock is ${what} makes no difference`, async () => {
    const quietHash = await arena.quietHash(SMALL);
    const clock = await preload(
      'clock',
      `const Real = Date;
       const now = Real.now.bind(Real);
       const shifted = () => now() + ${shift};
       globalThis.Date = class extends Real {
         constructor(...given) { super(...(given.length === 0 ? [shifted()] : given)); }
         static now() { return shifted(); }
       };`,
    );
    const id = await arena.fleet.submit(SMALL);
    arena.worker(clock);
    arena.tookAttempts(await arena.success(id), 1);
    await arena.judge({ jobs: [id], quietHash });
  });
}

/** Programs that do nothing but compute, on the first processor. */
function burn(t: TestContext, count: number): () => void {
  const burners: ChildProcess[] = [];
  const stop = (): void => burners.forEach((burner) => burner.kill('SIGKILL'));
  t.after(stop);
  for (let n = 0; n < count; n += 1) {
    burners.push(spawn('taskset', ['-c', '0', process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' }));
  }
  return stop;
}

test('a worker that shares one processor with 8 burners loses no lease', { timeout: 300_000 }, async (t) => {
  try {
    execFileSync('taskset', ['-c', '0', 'true'], { stdio: 'pipe' });
  } catch {
    return t.skip('needs taskset');
  }
  const quietHash = await arena.quietHash(SMALL);
  const steady = await arena.config('steady', { lease_seconds: 15, heartbeat_seconds: 5, snapshot_seconds: 1 });
  const worker = arena.worker({}, steady);
  await worker.said('event=started');
  execFileSync('taskset', ['-a', '-c', '-p', '0', String(worker.pid)], { stdio: 'pipe' });
  for (const child of await childrenOf(worker.pid)) {
    execFileSync('taskset', ['-a', '-c', '-p', '0', String(child)], { stdio: 'pipe' });
  }
  const coolDown = burn(t, 8);
  const id = await arena.fleet.submit(SMALL);
  await arena.fleet.until(id, 'the claim', ({ attempt }) => attempt === 1);
  await delay(rounds(2000, 25_000)); // the fault itself: more than a lease
  coolDown();
  const done = await arena.success(id);
  assert.equal(done.attempt, 1, worker.log());
  assert.doesNotMatch(worker.log(), /event=lease_lost/);
  await arena.judge({ jobs: [id], quietHash });
});

test('no notice arrives: the poll finds the job, and its cancel too', async () => {
  await using proxy = await openProxy(arena.fleet.database.dsn);
  proxy.swallow('"verb"');
  const worker = arena.worker({ STRATEGY_PG_DSN: proxy.dsn });
  await worker.said('event=started');
  await listener();
  const id = await arena.fleet.submit(LARGE);
  await arena.fleet.until(id, 'the claim', ({ attempt }) => attempt > 0);
  await cancel(arena.fleet.database.pool, { job_id: id, user_id: USER });
  await arena.fleet.until(id, 'the end', ({ state }) => state === 'cancelled');
  await eventually('two lost notices', async () => proxy.swallowed() >= 2);
  await arena.judge({ jobs: [id] });
});

test('a listener that is killed comes back and hears the next notice', async () => {
  const quietHash = await arena.quietHash(SMALL);
  const worker = arena.worker({}, await arena.config('deaf', { claim_poll_seconds: 3600 }));
  await worker.said('event=started');
  const killed = await listener();
  await arena.fleet.database.admin.query('select pg_terminate_backend($1)', [killed]);
  await listener(killed);
  const id = await arena.fleet.submit(SMALL);
  await arena.success(id);
  await arena.judge({ jobs: [id], quietHash });
});

/** The backend that listens for the worker, and is not `gone`. */
async function listener(gone = 0): Promise<number> {
  return eventually('a listener', async () => {
    const { rows } = await arena.fleet.database.admin.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and application_name = 'backtest listener'
         and pid <> $1 and state = 'idle' and query = 'listen backtest_jobs'`,
      [gone],
    );
    return rows[0]?.pid ?? null;
  });
}

test('candles on a disk that fails are waited for: no attempt crashes, and a worker that must end gives the job back', async (t) => {
  const quietHash = await arena.quietHash(SMALL);
  const { candles } = arena.fleet;
  assert.ok(candles.kind === 'parquet');
  const manifest = join(candles.folder, '1', 'TEST', '1h', 'manifest.json');
  const whole = `${manifest}.whole`;
  await rename(manifest, whole);
  let broken = true;
  const mend = async (): Promise<void> => {
    if (broken) await rename(whole, manifest);
    broken = false;
  };
  t.after(mend);
  await symlink('/proc/self/mem', manifest); // to read from its start is EIO, as from a bad sector
  const id = await arena.fleet.submit(SMALL);
  const first = arena.worker();
  await first.said('the candles are unavailable, the job waits for them: EIO');
  const { pool } = arena.fleet.database;
  await eventually('a job that shows what it waits for', async () => {
    const got = await get(pool, { job_id: id, user_id: USER });
    return got.outcome === 'found' && got.job.waiting_for === 'candles_unreachable';
  });
  const page = async (path: string): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${/metrics_port=(\d+)/.exec(first.log())?.[1]}${path}`);
    return `${response.status} ${await response.text()}`;
  };
  assert.match(await page('/readyz'), /^503 the candles are unavailable: EIO/);
  assert.match(await page('/metrics'), /\nbacktest_job_runner_candles_unavailable 1\n/);
  first.kill('SIGTERM');
  assert.equal(await first.ended, 0, first.log());
  assert.match(first.log(), /event=released.*outcome=released/);
  const second = arena.worker();
  await second.said('the candles are unavailable, the job waits for them: EIO');
  await mend();
  const done = await arena.success(id);
  arena.tookAttempts(done, 2);
  assert.equal(done.crash_count, 0);
  await arena.judge({ jobs: [id], quietHash });
});

describe('a checkpoint', { concurrency: false }, () => {
  const rot = `set_byte(state, length(state) / 2, 255 - get_byte(state, length(state) / 2))`;
  for (const [what, change, note] of [
    ['with a byte turned over', `state = ${rot}`, 'damaged'],
    ['cut in half', 'state = substr(state, 1, length(state) / 2)', 'damaged'],
    ['without a byte', `state = ''`, 'damaged'],
    ['of another request', `hashes = jsonb_set(hashes, '{request_hash}', '"other"')`, 'other request_hash'],
    ['of other candles', `hashes = jsonb_set(hashes, '{data_digest}', '"other"')`, 'other data_digest'],
    ['of another engine', `hashes = jsonb_set(hashes, '{engine_version}', '"other"')`, 'other engine_version'],
  ] as const) {
    test(`${what} is ignored and logged, and the result is the same`, async () => {
      const quietHash = await arena.quietHash(LARGE);
      const { admin } = arena.fleet.database;
      const id = await arena.fleet.submit(LARGE);
      const first = arena.worker();
      await arena.fleet.until(id, 'a checkpoint', saved);
      first.kill('SIGKILL');
      await first.ended;
      await admin.query(`update backtest_job_checkpoints set ${change} where job_id = $1`, [id]);
      await expire(admin, { job_id: id });
      const second = arena.worker();
      arena.tookAttempts(await arena.success(id), 2);
      await second.said(`checkpoint ignored: ${note}`);
      await arena.judge({ jobs: [id], quietHash });
    });
  }
});

test('submits that race never exceed the quota while workers end jobs', async () => {
  const worker = arena.worker();
  const limit = 3;
  const jobs: string[] = [];
  for (let round = 0; round < rounds(2, 10); round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => arena.fleet.submit(SMALL, limit).catch(() => null)),
    );
    jobs.push(...answers.filter((id) => id !== null));
    await delay(arena.random() * 300);
  }
  assert.ok(jobs.length >= limit);
  for (const id of jobs) await arena.success(id);
  assert.equal(worker.process.exitCode, null);
  await arena.judge({ jobs, quota: limit });
});
