// PostgreSQL dies, is away, may not write or has no room, on a server of this file's own. The workers stay; nothing that
// was acknowledged is lost.

import assert from 'node:assert/strict';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startPostgres, type EmbeddedPostgres } from '../../src/stack/postgres.ts';
import { smallDisk } from '../disk.ts';
import { eventually } from '../fleet.ts';
import { LARGE, openArena, rounds, saved, TINY, type Arena } from './arena.ts';

// fsync is for the machine that dies, not the process; a commit is written to the file before it is answered.
const settings = { fsync: 'off', max_connections: '200' };

let home: string;
let server: EmbeddedPostgres;
let arena: Arena;
before(async () => {
  home = await mkdtemp(join(tmpdir(), 'backtest-server-'));
  server = await startPostgres({ home, settings });
  arena = await openArena({ server: server.adminDsn });
});
after(async () => {
  await arena[Symbol.asyncDispose]();
  await server.stop();
  await rm(home, { recursive: true, force: true });
});
afterEach(() => arena.clear());

/** pg_ctl stop -m immediate, which pg_ctl refuses to root. */
async function killServer(): Promise<void> {
  process.kill(server.pid, 'SIGQUIT');
  await eventually('the end of the server', async () => !server.alive());
}

async function startAgain(): Promise<void> {
  const { port } = server;
  server = await startPostgres({ home, settings });
  assert.equal(server.port, port, 'the port was taken meanwhile');
}

/** Connections of the test's own pools died too; ask until one is new. */
async function succeeded(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await eventually('an answer', () => arena.fleet.job(id).catch(() => null));
    await arena.success(id);
  }
}

describe('PostgreSQL', { concurrency: false }, () => {
  const restarts = rounds(2, 5);
  for (const [often, times] of [
    ['once', 1],
    [`${restarts} times, every 5 s`, restarts],
  ] as const) {
    test(
      `killed at once and started again, ${often}: jobs, workers and what was acknowledged are still there`,
      { timeout: 600_000 },
      async () => {
        const quietHash = await arena.quietHash(LARGE);
        const jobs = [await arena.fleet.submit(LARGE), await arena.fleet.submit(LARGE)];
        const workers = [arena.worker(), arena.worker()];
        await arena.fleet.until(jobs[0]!, 'a checkpoint', saved);
        for (let time = 1; time <= times; time += 1) {
          await killServer();
          await startAgain();
          // Acknowledged, then at once in danger, and work enough until the next time.
          jobs.push(await eventually('an accepted job', () => arena.fleet.submit(LARGE).catch(() => null)));
          if (time < times) await delay(4000 + arena.random() * 2000);
        }
        await succeeded(jobs);
        for (const worker of workers) assert.equal(worker.process.exitCode, null, worker.log());
        await arena.judge({ jobs, quietHash });
      },
    );
  }

  test('down longer than a lease: compute stops at the trust deadline, nothing is lost, the worker comes back', async () => {
    const quietHash = await arena.quietHash(LARGE);
    const id = await arena.fleet.submit(LARGE);
    const worker = arena.worker();
    await arena.fleet.until(id, 'a checkpoint', saved);
    await killServer();
    const since = performance.now();
    await worker.said('event=lease_lost');
    assert.match(worker.log(), /event=lease_lost.*reason=(database|trust)/);
    const late = arena.worker();
    await late.said('the database is not ready: connect ECONNREFUSED');
    await delay(Math.max(0, 4000 - (performance.now() - since)));
    await startAgain();
    await succeeded([id]);
    await late.said('event=started');
    assert.equal(worker.process.exitCode, null, worker.log());
    await arena.judge({ jobs: [id], quietHash });
  });

  test('read-only for longer than a lease: nothing fails, the job goes on', async () => {
    const quietHash = await arena.quietHash(LARGE);
    const id = await arena.fleet.submit(LARGE);
    const worker = arena.worker();
    await arena.fleet.until(id, 'a checkpoint', saved);
    const { admin } = arena.fleet.database;
    const since = performance.now();
    await admin.query('alter system set default_transaction_read_only = on');
    await admin.query('select pg_reload_conf()');
    await worker.said('event=lease_lost');
    await worker.said('event=claim_failed');
    await delay(20_000 - (performance.now() - since)); // the fault itself
    await admin.query('alter system reset default_transaction_read_only');
    await admin.query('select pg_reload_conf()');
    await succeeded([id]);
    await arena.judge({ jobs: [id], quietHash });
  });

  test('whose backends are terminated at random gives every job its one result', { timeout: 1_200_000 }, async (t) => {
    const [workers, count] = [rounds(3, 8), rounds(10, 200)];
    const quietHash = await arena.quietHash(TINY);
    const jobs: string[] = [];
    while (jobs.length < count) jobs.push(await arena.fleet.submit(TINY));
    for (let n = 0; n < workers; n += 1) arena.worker();
    const { admin } = arena.fleet.database;
    let terminated = 0;
    for (const until = performance.now() + rounds(10_000, 60_000); performance.now() < until;) {
      const { rowCount } = await admin.query(
        `select pg_terminate_backend(pid) from (
           select pid from pg_stat_activity
           where datname = current_database() and application_name not like 'test%'
           order by md5(pid::text || $1::text) limit 2
         ) victims`,
        [arena.random()],
      );
      terminated += rowCount ?? 0;
      await delay(200 + arena.random() * 300);
    }
    for (const id of jobs) await arena.success(id);
    t.diagnostic(`${terminated} backends terminated`);
    assert.ok(terminated > 0);
    await arena.judge({ jobs, quietHash, quota: count });
  });
});

test('PostgreSQL on a full disk: when there is room again the job goes on', { timeout: 300_000 }, async (t) => {
  const disk = await smallDisk(t, '192m');
  if (disk === null) return;
  const small = { ...settings, max_wal_size: '32MB', min_wal_size: '32MB' };
  const tight = { home: join(disk, 'home'), settings: small };
  let full: EmbeddedPostgres | undefined;
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => full?.stop()); // before the disk goes
  full = await startPostgres(tight);
  await using own = await openArena({ server: full.adminDsn });
  const quietHash = await own.quietHash(LARGE);
  const id = await own.fleet.submit(LARGE);
  const worker = own.worker();
  await own.fleet.until(id, 'a checkpoint', saved);
  const filler = join(disk, 'filler');
  const { bavail, bsize } = await statfs(disk);
  try {
    await assert.rejects(writeFile(filler, Buffer.alloc((bavail + 1) * bsize)), /ENOSPC/);
    await delay(6000); // the fault itself: twice the lease
  } finally {
    await rm(filler);
  }
  await eventually('success', async () => {
    if (full?.alive() === false) full = await startPostgres(tight); // it panics when it cannot write its log
    const job = await own.fleet.job(id).catch(() => null);
    assert.notEqual(job?.state, 'failed', worker.log());
    return job?.state === 'succeeded';
  });
  assert.equal(worker.process.exitCode, null, worker.log());
  await own.judge({ jobs: [id], quietHash });
});
