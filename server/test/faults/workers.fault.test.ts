// Workers that are alike, whose clock is wrong, who hear nothing, who get no processor, or who find a checkpoint that is
// damaged or foreign.
import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { dsnFor } from '../../src/db.ts';
import { expire } from '../../src/queue/testing.ts';
import { childrenOf } from '../fleet.ts';
import { LARGE, openArena, rounds, SMALL, type Arena } from './arena.ts';

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
  const { locked_by } = await arena.fleet.until(id, 'a checkpoint', (job) => job.checkpoint_attempt === 1);
  const children = await childrenOf(first.pid);
  for (const pid of [...children, first.pid]) process.kill(pid, 'SIGSTOP');
  const second = arena.worker({
    ...alike,
    STRATEGY_PG_DSN: dsnFor(adminDsn, new URL(adminDsn).pathname.slice(1), twin),
  });
  const taken = await arena.fleet.until(id, 'the second attempt', ({ attempt }) => attempt === 2);
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
    const worker = arena.worker(clock);
    assert.equal((await arena.success(id)).attempt, 1, worker.log());
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

test('a job is found by the poll when no notice arrives, and the listener comes back', async () => {
  const quietHash = await arena.quietHash(SMALL);
  const { admin } = arena.fleet.database;
  const worker = arena.worker();
  await worker.said('event=started');
  const listener = `select pid from pg_stat_activity where datname = current_database() and application_name = 'backtest listener'`;
  const pids = async (): Promise<number[]> => (await admin.query<{ pid: number }>(listener)).rows.map(({ pid }) => pid);
  let [before] = await pids();
  while (before === undefined) [before] = await pids();
  await admin.query('select pg_terminate_backend($1)', [before]);
  const id = await arena.fleet.submit(SMALL);
  await arena.success(id);
  let [again] = await pids();
  while (again === undefined || again === before) [again] = await pids();
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
      await arena.fleet.until(id, 'a checkpoint', (job) => job.checkpoint_attempt === 1);
      first.kill('SIGKILL');
      await first.ended;
      await admin.query(`update backtest_job_checkpoints set ${change} where job_id = $1`, [id]);
      await expire(admin, { job_id: id });
      const second = arena.worker();
      assert.equal((await arena.success(id)).attempt, 2);
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
