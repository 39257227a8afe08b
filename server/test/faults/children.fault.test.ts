// A compute child that dies, goes silent or goes mad, on one job of two: that job is given up after max_crashes attempts
// with its cause, the other one is done, and the worker lives.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { childrenOf, eventually, stopped } from '../fleet.ts';
import { LARGE, openArena, saved, SMALL, type Arena } from './arena.ts';

let arena: Arena;
before(async () => {
  arena = await openArena();
});
after(() => arena[Symbol.asyncDispose]());
afterEach(() => arena.clear());

describe('a poison job', { concurrency: false }, () => {
  const STALL_MS = '8000'; // far above a chunk, also where the machine is busy
  const bound = { max_crashes: 3 };
  for (const [what, how, code, env] of [
    ['kills its child', 'SIGKILL', 'child_crashed', {}],
    ['aborts', 'abort', 'child_crashed', {}],
    ['exits with 0 and no result', 'exit', 'child_crashed', {}],
    ['closes the channel to its parent', 'disconnect', 'child_crashed', {}],
    ['loops for ever', 'loop', 'stalled', { STALL_MS }],
    ['stops its child', 'SIGSTOP', 'stalled', { STALL_MS }],
    ['eats all memory', 'memory', 'out_of_memory', { NODE_OPTIONS: '--max-old-space-size=96' }],
  ] as const) {
    test(`that ${what} fails as ${code} after three attempts, and the job behind it is done`, async () => {
      const quietHash = await arena.quietHash(SMALL);
      const poison = await arena.fleet.submit({ ...SMALL, name: 'poison' });
      const good = await arena.fleet.submit(SMALL);
      const worker = arena.worker({ CRASH_AT: `job poison:1:${how}`, ...env }, await arena.config('bound', bound));
      const failed = await arena.fleet.until(poison, 'the end', ({ state }) => state === 'failed');
      assert.deepEqual([failed.attempt, failed.crash_count, failed.last_error_json?.code], [4, 3, code], worker.log());
      await arena.success(good);
      assert.equal(worker.process.exitCode, null, 'the worker died too');
      await arena.judge({ jobs: [poison, good], quietHash, maxCrashes: bound.max_crashes });
    });
  }

  test('that dies in finalizing, which starts over each time, fails too: a snapshot there gets it no further', async () => {
    const poison = await arena.fleet.submit({ ...SMALL, top_k: 2000, name: 'poison' });
    // So late that only finalizing has so many steps, and takes longer than from one snapshot to the next.
    arena.worker({ CRASH_AT: 'job poison:1900:SIGKILL' }, await arena.config('bound', bound));
    const end = await arena.fleet.until(
      poison,
      'the end or the tenth attempt',
      (j) => j.state === 'failed' || j.attempt > 9,
    );
    assert.deepEqual([end.state, end.stage, end.crash_count], ['failed', 'finalizing', 3]);
    await arena.judge({ jobs: [poison] });
  });
});

test('a child killed after a checkpoint costs no crash, and the worker takes the job again', async () => {
  const quietHash = await arena.quietHash(LARGE);
  const id = await arena.fleet.submit(LARGE);
  const worker = arena.worker();
  await arena.fleet.until(id, 'a checkpoint', saved);
  for (const child of await childrenOf(worker.pid)) process.kill(child, 'SIGKILL');
  const done = await arena.success(id);
  arena.tookAttempts(done, 2);
  assert.equal(done.crash_count, 0);
  await arena.judge({ jobs: [id], quietHash });
});

test('worker and child stopped past the lease: the first act after waking is to kill the child', async () => {
  const quietHash = await arena.quietHash(LARGE);
  const id = await arena.fleet.submit(LARGE);
  const first = arena.worker();
  await arena.fleet.until(id, 'a checkpoint', saved);
  const [child] = await childrenOf(first.pid);
  assert.ok(child !== undefined);
  for (const pid of [first.pid, child]) {
    process.kill(pid, 'SIGSTOP');
    await stopped(pid);
  }
  const second = arena.worker();
  await arena.fleet.until(id, 'the second attempt', ({ attempt }) => attempt > 1);
  first.kill('SIGCONT'); // the child stays stopped, so that only a SIGKILL can end it
  await first.said('event=lease_lost');
  await eventually('the end of the child', async () => !(await childrenOf(first.pid)).includes(child));
  await arena.success(id);
  assert.match(
    await metricsOf(first.log()),
    /backtest_job_runner_lease_lost_total\{reason="(trust|expired|fenced|database)"\} 1/,
  );
  assert.equal(second.process.exitCode, null);
  await arena.judge({ jobs: [id], quietHash });
});

/** I12: what the lost lease counted. */
async function metricsOf(log: string): Promise<string> {
  const port = /metrics_port=(\d+)/.exec(log)?.[1];
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  return response.text();
}
