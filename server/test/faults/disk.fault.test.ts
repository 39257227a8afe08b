// The disk of the database is full for what jobs write, while claims and heartbeats still work: the worst case, because a
// job can be taken and cannot be kept.

import assert from 'node:assert/strict';
import { chown, mkdir, mkdtemp, realpath, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openPool } from '../../src/db.ts';
import { startPostgres } from '../../src/stack/postgres.ts';
import { room } from '../../src/worker/room.ts';
import { smallDisk } from '../disk.ts';
import { openArena, rounds, SMALL } from './arena.ts';

const GROWS = [
  'backtest_job_checkpoints',
  'backtest_job_results',
  'backtest_job_stage_a_shortlist',
  'backtest_job_surfaces',
  'backtest_job_top_variants',
];

test('queued jobs are given back, not failed, while a disk is full, and all succeed when it has room', async (t) => {
  const disk = await smallDisk(t, '64m');
  if (disk === null) return;
  const home = await mkdtemp(join(tmpdir(), 'backtest-disk-home-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const server = await startPostgres({ home, settings: { fsync: 'off' } });
  stack.defer(() => server.stop());
  await using arena = await openArena({ server: server.adminDsn });
  const quietHash = await arena.quietHash(SMALL);
  const { admin, dsn } = arena.fleet.database;
  const tablespace = join(disk, 'tablespace');
  const owner = await stat(await realpath(join(home, 'postgres')));
  await mkdir(tablespace, { mode: 0o700 });
  await chown(tablespace, owner.uid, owner.gid);
  const { pathname } = new URL(dsn);
  await admin.query(`create tablespace small location '${tablespace}'`);
  await admin.query(`grant create on tablespace small to public`);
  for (const table of GROWS) await admin.query(`alter table ${table} set tablespace small`);
  for (const setting of ['temp_tablespaces', 'default_tablespace'])
    await admin.query(`alter database ${pathname.slice(1)} set ${setting} = small`);
  const fresh = openPool(dsn, { applicationName: 'test-room', max: 1 }); // connects after the settings
  stack.defer(() => fresh.end().catch(() => {}));
  const filler = join(disk, 'filler');
  const { bavail, bsize } = await statfs(disk);
  await assert.rejects(writeFile(filler, Buffer.alloc((bavail + 1) * bsize)), /ENOSPC/);
  const jobs = [await arena.fleet.submit(SMALL), await arena.fleet.submit(SMALL), await arena.fleet.submit(SMALL)];
  const three = await arena.config('three', { max_crashes: 3 });
  const workers = [arena.worker({}, three), arena.worker({}, three)];
  await workers[0]!.said('database_disk_full');
  await assert.rejects(room(fresh), { code: '53100' });
  // The fault itself: sixty leases of 3 s, of which a part is tried outside of the full suite.
  const full = rounds(15_000, 180_000);
  console.log(`the disk of the database is full for ${full / 1000} s, at a lease of 3 s`);
  await delay(full);
  await rm(filler);
  for (const id of jobs) assert.equal((await arena.success(id)).crash_count, 0);
  await room(fresh);
  for (const worker of workers) assert.equal(worker.process.exitCode, null, worker.log());
  await arena.judge({ jobs, quietHash, maxCrashes: 3 });
});
