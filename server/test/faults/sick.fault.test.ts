// Workers that are sick, each in its own way, beside a healthy one: no job fails for it, none counts a crash, and the sick
// worker says so. Alone it goes on trying, and runs the jobs when it is well again.

import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { eventually, type TestWorker } from '../fleet.ts';
import { openArena, rounds, TINY, type Arena } from './arena.ts';

let arena: Arena;
before(async () => {
  arena = await openArena();
});
after(() => arena[Symbol.asyncDispose]());
afterEach(() => arena.clear());

/** NODE_OPTIONS with which `code` runs ahead of everything; `sick()` is true as long as the returned file is there. */
async function sickness(name: string, code: string): Promise<{ env: { NODE_OPTIONS: string }; file: string }> {
  const file = join(arena.fleet.home, `${name}.sick`);
  const script = join(arena.fleet.home, `${name}.cjs`);
  await writeFile(file, '');
  await writeFile(
    script,
    `const sick = () => require('node:fs').existsSync(${JSON.stringify(file)});
     const child = process.send !== undefined;
     ${code}`,
  );
  return { env: { NODE_OPTIONS: `--require ${script}` }, file };
}

/** Code with which opening a folder of candles fails in the child. */
const cannotRead = (code: string): string => `
  const fs = require('node:fs/promises');
  const readdir = fs.readdir;
  fs.readdir = async (path, ...more) => {
    if (child && sick()) throw Object.assign(new Error('${code}: ' + path), { code: '${code}' });
    return readdir(path, ...more);
  };
  require('node:module').syncBuiltinESMExports();`;

const SICK = [
  [
    'its binary is gone',
    'worker_no_child',
    `const real = process.execPath;
     Object.defineProperty(process, 'execPath', { get: () => (sick() ? '/gone/node' : real) });`,
  ],
  ['its program does not load', 'worker_no_child', 'if (child && sick()) throw new Error("replaced by an upgrade");'],
  ['it may not read its candles', 'worker_no_access', cannotRead('EACCES')],
  ['it has no file handles', 'worker_no_files', cannotRead('EMFILE')],
  ['its disk is full', 'worker_disk_full', cannotRead('ENOSPC')],
] as const;

async function readyz(worker: TestWorker): Promise<{ status: number; text: string }> {
  const port = /metrics_port=(\d+)/.exec(worker.log())?.[1];
  const response = await fetch(`http://127.0.0.1:${port}/readyz`);
  return { status: response.status, text: await response.text() };
}

describe('a sick worker', { concurrency: false }, () => {
  for (const [n, [what, cause, code]] of SICK.entries()) {
    test(`(${what}) fails no job beside a healthy one, says that it is not ready, and recovers`, async () => {
      const quietHash = await arena.quietHash(TINY);
      const { env, file } = await sickness(`sick-${n}`, code);
      const bound = await arena.config('three', { max_crashes: 3 });
      const sick = arena.worker(env, bound);
      await sick.said('event=started');
      const jobs: string[] = [];
      while (jobs.length < rounds(4, 20)) jobs.push(await arena.fleet.submit(TINY));
      await sick.said('own trouble');
      const { status, text } = await eventually('not ready', async () => {
        const found = await readyz(sick);
        return found.status === 503 && found;
      });
      assert.deepEqual([status, text.startsWith(`${cause}: `)], [503, true], text);
      const healthy = arena.worker({}, bound);
      for (const id of jobs) assert.equal((await arena.success(id)).crash_count, 0, sick.log());
      const { rows } = await arena.fleet.database.admin.query<{ ends: string }>(
        `select distinct concat_ws(' ', outcome, cause) as ends from backtest_job_attempts where outcome <> 'succeeded'`,
      );
      assert.ok(
        rows.every(({ ends }) => ends === `released ${cause}`),
        JSON.stringify(rows),
      );
      healthy.kill('SIGTERM');
      await healthy.ended;
      await rm(file);
      const last = await arena.fleet.submit(TINY);
      await arena.success(last);
      assert.equal((await readyz(sick)).status, 200);
      await arena.judge({ jobs: [...jobs, last], quietHash });
    });
  }
});
