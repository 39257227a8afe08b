// A worker dies or stops at each named point, and one job is killed again and again: the queue's promises hold and the
// result has the bytes of a quiet run.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { cancel } from '../../src/queue/cancel.ts';
import { eventually, startWorker, stopped, USER, type JobRow, type TestWorker } from '../fleet.ts';
import { expire } from '../queue.ts';
import { LARGE, LONGEST, openArena, rounds, saved, SMALL, type Arena } from './arena.ts';

let arena: Arena;
let calm: string; // a config in which the commits of a job can be counted: begin, surface, shortlist, snapshot, finish
before(async () => {
  arena = await openArena();
  calm = await arena.config('calm', { snapshot_seconds: 3600 });
});
after(() => arena[Symbol.asyncDispose]());
afterEach(() => arena.clear());

const isRunning = (job: JobRow): boolean => job.state === 'running';

/** Two workers, of which the one with the crash point gets the job and the other is idle. */
async function pair(spec: object, point: string, config?: string): Promise<[string, TestWorker, TestWorker]> {
  const [first, second] = [arena.worker({ CRASH_AT: point }, config), arena.worker({}, config)];
  await Promise.all([first.said('event=started'), second.said('event=started')]);
  second.kill('SIGSTOP');
  await stopped(second.pid);
  await eventually('the answer to the last claim of the stopped worker', () => askedNothing(second));
  const id = await arena.fleet.submit(spec);
  const { locked_by } = await arena.fleet.until(id, 'the claim', ({ attempt }) => attempt === 1);
  if (locked_by !== null) assert.equal(Number(locked_by.split('-').at(-2)), first.pid);
  second.kill('SIGCONT');
  return [id, first, second];
}

/** No statement of this worker runs: what it had sent before it was stopped would claim the job behind our back. */
async function askedNothing({ pid }: TestWorker): Promise<boolean> {
  const { rowCount } = await arena.fleet.database.admin.query(
    `select from pg_stat_activity
     where datname = current_database() and state = 'active' and application_name like '%-' || $1::int || '-%'`,
    [pid],
  );
  return rowCount === 0;
}

describe('a worker killed with SIGKILL', { concurrency: false }, () => {
  const POINTS = [
    ['after the commit of its claim', 'claimed:1'],
    ['before its first heartbeat', 'heartbeat:1'],
    ['in compute', 'compute:2'],
    ['in the transaction of a snapshot', 'snapshot:1'],
    ['between COMMIT and its answer, when the attempt begins', 'commit:1'],
    ['between COMMIT and its answer, after a snapshot', 'commit:4'],
    ['in the transaction of the rows of its result', 'rows:1'],
    ['between COMMIT and its answer, after the rows of its result', 'commit:5'],
    ['between COMMIT and its answer, after the finish', 'commit:6'],
    ['before the finish', 'finish:1'],
    ['after the finish', 'finished:1'],
  ] as const;
  for (const [when, point] of POINTS) {
    test(`${when} loses nothing: the job is run again within lease and poll`, async () => {
      const quietHash = await arena.quietHash(SMALL);
      const [id, first] = await pair(SMALL, point, calm);
      assert.equal(await first.ended, 'SIGKILL', first.log());
      arena.tookAttempts(await arena.success(id), /^finished|commit:6/.test(point) ? 1 : 2);
      await arena.judge({ jobs: [id], quietHash, idle: true });
    });
  }

  test('while it gives its job back loses nothing', async () => {
    const quietHash = await arena.quietHash(LARGE);
    const [id, first] = await pair(LARGE, 'drain:1');
    await arena.fleet.until(id, 'progress', ({ processed_units }) => processed_units > 0);
    first.kill('SIGTERM');
    assert.equal(await first.ended, 'SIGKILL', first.log());
    await arena.success(id);
    await arena.judge({ jobs: [id], quietHash, idle: true });
  });

  const kills = rounds(4, 50);
  test(
    `${kills} times in one job gets on from checkpoint to checkpoint, to the same bytes`,
    { timeout: 1_200_000 },
    async (t) => {
      const quietHash = await arena.quietHash(LONGEST);
      const since = performance.now();
      const id = await arena.fleet.submit(LONGEST);
      let next = arena.worker();
      let killed = 0; // the last attempt that was
      for (let kill = 1; kill <= kills; kill += 1) {
        const current = next;
        const job = await arena.fleet.until(
          id,
          `a checkpoint after ${kill - 1} kills`,
          (row) => (row.attempt > killed && saved(row)) || row.state === 'succeeded',
        );
        assert.equal(job.state, 'running', `it was done after ${kill - 1} kills`);
        await delay(arena.random() * 50);
        current.kill('SIGKILL');
        await current.ended;
        killed = (await arena.fleet.job(id)).attempt;
        await expire(arena.fleet.database.admin, { job_id: id });
        next = arena.worker();
      }
      const done = await arena.success(id);
      const seconds = ((performance.now() - since) / 1000).toFixed(1);
      const quiet = arena.quietSeconds(LONGEST).toFixed(1);
      t.diagnostic(`${kills} kills, ${seconds} s, undisturbed ${quiet} s; both times result ${done.result_hash}`);
      arena.tookAttempts(done, kills + 1);
      assert.deepEqual([done.crash_count, done.result_hash], [0, quietHash]);
      await arena.judge({ jobs: [id], quietHash });
    },
  );
});

describe('a worker stopped with SIGSTOP past its lease', { concurrency: false }, () => {
  const POINTS = [
    ['inside the open transaction of a snapshot', 'snapshot:1:SIGSTOP'],
    ['between COMMIT and its answer', 'commit:4:SIGSTOP'],
    ['before its first heartbeat', 'heartbeat:1:SIGSTOP'],
    ['before the finish', 'finish:1:SIGSTOP'],
  ] as const;
  for (const [where, point] of POINTS) {
    test(`${where} changes nothing when it wakes, and says that it lost its lease`, async () => {
      const quietHash = await arena.quietHash(SMALL);
      const [id, first] = await pair(SMALL, point, calm);
      await stopped(first.pid);
      arena.tookAttempts(await arena.success(id), 2);
      first.kill('SIGCONT');
      await first.said('event=lease_lost');
      await arena.judge({ jobs: [id], quietHash, idle: true });
    });
  }
});

describe('a cancel', { concurrency: false }, () => {
  const ask = (id: string) => cancel(arena.fleet.database.pool, { job_id: id, user_id: USER });
  const ended = (id: string): Promise<JobRow> =>
    arena.fleet.until(id, 'the end', ({ state }) => !/queued|running/.test(state));

  for (const [when, point] of [
    ['between a claim and its answer', 'claimed:1:SIGSTOP'],
    ['just before the finish', 'finish:1:SIGSTOP'],
    ['inside the transaction of a snapshot', 'snapshot:1:SIGSTOP'],
  ] as const) {
    test(`${when} wins`, async () => {
      const [id, first, second] = await pair(SMALL, point, calm);
      second.kill('SIGTERM');
      await second.ended;
      await stopped(first.pid);
      const answer = await ask(id);
      assert.ok(answer !== null && answer.cancel_requested_at !== null);
      first.kill('SIGCONT');
      assert.equal((await ended(id)).state, 'cancelled');
      await arena.judge({ jobs: [id] });
    });
  }

  test('just after the finish finds a job that has succeeded', async () => {
    const [id, first] = await pair(SMALL, 'finished:1:SIGSTOP', calm);
    await stopped(first.pid);
    assert.equal((await ask(id))?.state, 'succeeded');
    first.kill('SIGCONT');
    await arena.judge({ jobs: [id] });
  });

  test('while the job is given back wins: the next claim ends it', async () => {
    const [id, first, second] = await pair(LARGE, 'drain:1:SIGSTOP');
    await arena.fleet.until(id, 'progress', ({ processed_units }) => processed_units > 0);
    second.kill('SIGSTOP');
    first.kill('SIGTERM');
    await stopped(first.pid);
    assert.equal((await ask(id))?.state, 'running');
    first.kill('SIGCONT');
    await first.ended;
    second.kill('SIGCONT');
    assert.equal((await ended(id)).state, 'cancelled');
    await arena.judge({ jobs: [id] });
  });

  test('of a job whose worker is gone ends it, and a reclaim at the same time changes nothing', async () => {
    const [id, first, second] = await pair(SMALL, 'compute:1:SIGSTOP', calm);
    second.kill('SIGTERM');
    await second.ended;
    await stopped(first.pid);
    await arena.fleet.until(id, 'the claim', isRunning);
    await expire(arena.fleet.database.admin, { job_id: id });
    const reclaim = arena.worker({}, calm);
    await reclaim.said('event=started');
    await ask(id);
    assert.match((await ended(id)).state, /cancelled|succeeded/);
    first.kill('SIGCONT');
    await first.said('event=lease_lost');
    await arena.judge({ jobs: [id] });
  });
});

test('a crash point is nothing outside of ROEHUB_ENV=test', async () => {
  const { database, candles, home } = arena.fleet;
  const id = await arena.fleet.submit(SMALL);
  const folder = candles.kind === 'parquet' ? candles.folder : '';
  const env = { STRATEGY_PG_DSN: database.dsn, CANDLE_SOURCE: `parquet:${folder}`, BACKTEST_HOME: home };
  const worker = startWorker({ ...env, ROEHUB_ENV: 'prod', CRASH_AT: 'claimed:1' });
  arena.tookAttempts(await arena.success(id), 1);
  worker.kill('SIGTERM');
  assert.equal(await worker.ended, 0, worker.log());
});
