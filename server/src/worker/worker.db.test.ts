// Real worker processes on a real server: whatever is done to them, the job ends once, with the bytes of a quiet run.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { childrenOf, openFleet, startWorker, USER, walk, WORKER, type Fleet, type JobRow } from '../../test/fleet.ts';
import { openProxy } from '../../test/proxy.ts';
import { attempts, queued } from '../../test/queue.ts';
import { cancel } from '../queue/cancel.ts';

const BARS = 3000;
// Some seconds of work on one core, with all three stages long enough to be interrupted.
const SPEC = {
  time_range: { start: '2020-01-20T00:00:00Z', end: '2020-05-01T00:00:00Z' },
  luck: 0,
  template: {
    instrument_id: { market_id: 1, symbol: 'TEST' },
    timeframe: '1h',
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 5, stop_incl: 120, step: 1 } } },
      { indicator_id: 'momentum.rsi', params: { window: { mode: 'range', start: 5, stop_incl: 24, step: 1 } } },
    ],
    signal_grids: {
      'momentum.rsi': {
        long_threshold: { mode: 'range', start: 30, stop_incl: 60, step: 1 },
        short_threshold: { mode: 'explicit', values: [40, 50] },
      },
    },
    risk_grid: {
      sl: { mode: 'explicit', values: ['off', 1, 2, 3, 5] },
      tp: { mode: 'explicit', values: ['off', 2, 4, 8] },
    },
  },
  ranking: { primary_metric: 'max_drawdown_pct' }, // which takes longer to score than a return
  preselect: 2000,
  top_k: 50,
};

let fleet: Fleet;
let quiet: JobRow;

before(async () => {
  fleet = await openFleet(walk(BARS, '1h'), '1h');
});
after(() => fleet[Symbol.asyncDispose]());

const saved = (job: JobRow): boolean => job.checkpoint_attempt === job.attempt;

async function configWith(t: TestContext, jobs: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'backtest-worker-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'backtest.yaml');
  await writeFile(file, `version: 1\nbacktest: { jobs: { ${jobs} } }\n`);
  return file;
}

describe('a worker', { concurrency: false }, () => {
  test('runs a job to its end when nobody disturbs it', async () => {
    const id = await fleet.submit(SPEC);
    const worker = fleet.worker();
    quiet = await fleet.until(id, 'success', ({ state }) => state === 'succeeded' || state === 'failed');
    worker.kill('SIGTERM');
    assert.equal(await worker.ended, 0);
    assert.deepEqual(
      { state: quiet.state, attempt: quiet.attempt, rows: quiet.rows, reports: quiet.reports },
      { state: 'succeeded', attempt: 1, rows: 50, reports: 50 },
      worker.log(),
    );
    assert.equal(quiet.processed_units, quiet.total_units);
    const { rows } = await fleet.database.admin.query(
      'select array(select jsonb_object_keys(result_json) order by 1) as keys from backtest_job_results where job_id = $1',
      [id],
    );
    assert.deepEqual(rows, [{ keys: ['counts', 'ledger', 'verdict'] }]);
    const verdict = await fleet.database.admin.query(
      `select r.result_json -> 'verdict' ->> 'sentence' as sentence, t.metrics_json -> 'sharpe' as sharpe,
         r.result_json -> 'verdict' -> 'sharpe_annual' as judged
       from backtest_job_results r join backtest_job_top_variants t using (job_id) where job_id = $1 and rank = 1`,
      [id],
    );
    assert.match(
      verdict.rows[0].sentence,
      /the best of [\d,]+ variants .*: (likely luck|possibly luck|probably more than luck)\./,
    );
    assert.equal(verdict.rows[0].judged, verdict.rows[0].sharpe);
  });

  for (const stage of ['stage_a', 'stage_b'] as const) {
    test(`killed with SIGKILL in ${stage} loses nothing: another continues with attempt 2 to the same bytes`, async () => {
      const id = await fleet.submit(SPEC);
      const first = fleet.worker();
      await fleet.until(id, `a checkpoint of ${stage}`, (job) => saved(job) && job.checkpoint_stage === stage);
      first.kill('SIGKILL');
      assert.equal(await first.ended, 'SIGKILL');
      const second = fleet.worker();
      const done = await fleet.until(id, 'success', ({ state }) => state === 'succeeded');
      second.kill('SIGTERM');
      await second.ended;
      assert.deepEqual([done.attempt, done.crash_count, done.result_hash], [2, 0, quiet.result_hash]);
    });
  }

  test('on SIGTERM saves, gives its job back and exits 0; the next continues without counting a crash', async () => {
    const id = await fleet.submit(SPEC);
    const first = fleet.worker();
    await fleet.until(id, 'progress', ({ processed_units }) => processed_units > 0);
    first.kill('SIGTERM');
    assert.equal(await first.ended, 0, first.log());
    const released = await fleet.job(id);
    assert.deepEqual([released.state, released.checkpoint_attempt], ['running', 1]);
    const second = fleet.worker();
    const done = await fleet.until(id, 'success', ({ state }) => state === 'succeeded');
    second.kill('SIGTERM');
    await second.ended;
    assert.deepEqual([done.attempt, done.crash_count, done.result_hash], [2, 0, quiet.result_hash]);
    const { rows } = await fleet.database.admin.query(
      'select outcome from backtest_job_attempts where job_id = $1 order by attempt',
      [id],
    );
    assert.deepEqual(rows, [{ outcome: 'released' }, { outcome: 'succeeded' }]);
  });

  test('started by npm gives its job back when npm gets the SIGTERM', async () => {
    const id = await fleet.submit(SPEC);
    const worker = fleet.npmWorker();
    const { locked_by } = await fleet.until(id, 'progress', ({ processed_units }) => processed_units > 0);
    worker.kill('SIGTERM');
    await worker.ended;
    await worker.said('event=released');
    const { rows } = await fleet.database.admin.query(
      'select locked_by, outcome from backtest_job_attempts where job_id = $1',
      [id],
    );
    assert.deepEqual(rows, [{ locked_by, outcome: 'released' }]);
    await cancel(fleet.database.pool, { job_id: id, user_id: USER });
  });

  test('cancels a running job within a poll and a chunk and keeps what it had found', async () => {
    const id = await fleet.submit(SPEC);
    const worker = fleet.worker();
    await fleet.until(id, 'rows', ({ rows }) => rows > 0);
    const askedAt = performance.now();
    await cancel(fleet.database.pool, { job_id: id, user_id: USER });
    const done = await fleet.until(id, 'the end', ({ state }) => state !== 'running');
    assert.equal(done.state, 'cancelled');
    assert.ok(performance.now() - askedAt < 2000, 'one poll, one chunk and a kill are far below this');
    assert.ok(done.rows > 0);
    assert.equal(done.reports, 0);
    worker.kill('SIGTERM');
    assert.equal(await worker.ended, 0);
  });

  test('survives its compute child; the job is given back and done again', async () => {
    const id = await fleet.submit(SPEC);
    const worker = fleet.worker();
    await fleet.until(id, 'progress', ({ processed_units }) => processed_units > 0);
    const [child] = await childrenOf(worker.pid);
    assert.ok(child !== undefined);
    process.kill(child, 'SIGKILL');
    const done = await fleet.until(id, 'success', ({ state }) => state === 'succeeded');
    worker.kill('SIGTERM');
    assert.equal(await worker.ended, 0);
    assert.deepEqual([done.attempt, done.result_hash], [2, quiet.result_hash]);
  });

  test('forks another child when the one that waited has died, which costs the next job nothing', async () => {
    const worker = fleet.worker();
    await worker.said('event=started');
    let [child] = await childrenOf(worker.pid);
    while (child === undefined) [child] = await childrenOf(worker.pid);
    process.kill(child, 'SIGKILL');
    while ((await childrenOf(worker.pid)).includes(child)); // a dead child is in the list until its parent knows
    const id = await fleet.submit(SPEC);
    const done = await fleet.until(id, 'success', ({ state }) => state === 'succeeded');
    worker.kill('SIGTERM');
    assert.equal(await worker.ended, 0);
    assert.deepEqual([done.attempt, done.crash_count], [1, 0], worker.log());
  });

  test('stopped past its lease writes nothing more when it wakes: the other attempt stands', async () => {
    const id = await fleet.submit(SPEC);
    const first = fleet.worker();
    await fleet.until(id, 'a checkpoint', saved);
    const children = await childrenOf(first.pid);
    first.kill('SIGSTOP');
    for (const child of children) process.kill(child, 'SIGSTOP');
    const second = fleet.worker();
    await fleet.until(id, 'the second attempt', ({ attempt }) => attempt === 2);
    for (const child of children) process.kill(child, 'SIGCONT');
    first.kill('SIGCONT');
    await first.said('event=lease_lost');
    const done = await fleet.until(id, 'success', ({ state }) => state === 'succeeded');
    for (const worker of [first, second]) worker.kill('SIGTERM');
    assert.deepEqual(await Promise.all([first.ended, second.ended]), [0, 0]);
    assert.equal(done.result_hash, quiet.result_hash);
  });

  test('takes a new name after a claim without an answer, and gives back what it had taken under the old one', async () => {
    await using proxy = await openProxy(fleet.database.dsn);
    const worker = fleet.worker({ STRATEGY_PG_DSN: proxy.dsn });
    await worker.said('event=started');
    proxy.loseAnswerWith('unheard');
    const id = await fleet.submit({ ...SPEC, name: 'unheard' });
    const done = await fleet.until(id, 'success', ({ state }) => state === 'succeeded');
    worker.kill('SIGTERM');
    assert.equal(await worker.ended, 0);
    const [first, second, ...more] = (await attempts(fleet.database.admin, id)).map((row) => row.split(' '));
    assert.deepEqual([first?.slice(2), second?.slice(2), more], [['released', 'claim_unanswered'], ['succeeded'], []]);
    assert.notEqual(first?.[1], second?.[1]);
    assert.deepEqual([done.result_hash, done.crash_count], [quiet.result_hash, 0]);
  });

  test('deletes what is older than it keeps, and claims meanwhile', async (t) => {
    const { pool, admin } = fleet.database;
    const old = await queued(pool);
    await cancel(pool, old);
    await admin.query(`update backtest_jobs set finished_at = now() - interval '13 hours' where job_id = $1`, [
      old.job_id,
    ]);
    const holder = await admin.connect();
    await holder.query('begin');
    await holder.query('lock table backtest_job_surfaces in share mode'); // a cascade cannot pass
    const jobs = 'retention_days: 0.5, lease_seconds: 600, claim_poll_seconds: 0.2'; // the limits of a lock are a part of it
    const worker = fleet.worker({}, await configWith(t, jobs));
    const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    while ((await admin.query(waits)).rowCount === 0);
    const id = await fleet.submit(SPEC);
    await fleet.until(id, 'a claim', ({ state }) => state === 'running');
    assert.equal((await fleet.job(old.job_id)).state, 'cancelled', 'the deletion still waits');
    await holder.query('commit');
    holder.release();
    const there = 'select from backtest_jobs where job_id = $1';
    while ((await admin.query(there, [old.job_id])).rowCount === 1);
    worker.kill('SIGTERM');
    assert.equal(await worker.ended, 0);
    await cancel(pool, { job_id: id, user_id: USER });
  });

  test('that is switched off says so and exits 0 without a database', async (t) => {
    const dsn = 'postgres://nobody@127.0.0.1:1/none';
    const worker = startWorker({ STRATEGY_PG_DSN: dsn }, [
      ...WORKER.slice(0, -1),
      await configWith(t, 'enabled: false'),
    ]);
    assert.equal(await worker.ended, 0, worker.log());
    assert.match(worker.log(), /component=backtest-job-runner status=disabled/);
  });

  test('without STRATEGY_PG_DSN fails at once and names it', async () => {
    const worker = startWorker({});
    assert.equal(await worker.ended, 1);
    assert.match(worker.log(), /STRATEGY_PG_DSN/);
  });
});
