// One job in this process, with a real child and a real database: the ways it can end that need a hand on the child.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parseSpec } from '@backtest-jobs/engine';
import { childrenOf, eventually, openFleet, USER, walk, type Fleet } from '../../test/fleet.ts';
import { attempts, claimed } from '../../test/queue.ts';
import type { SourceSettings } from '../config/settings.ts';
import { openLog } from '../log.ts';
import { openMetrics } from '../metrics.ts';
import { cancel } from '../queue/cancel.ts';
import type { Claimed } from '../queue/claim.ts';
import { get } from '../queue/get.ts';
import { tryCanary } from './canary.ts';
import { Child } from './child.ts';
import type { Outcome, RunContext } from './run-context.ts';
import { Run } from './run.ts';

const SPEC = {
  time_range: { start: '2020-01-05T00:00:00Z', end: '2020-01-30T00:00:00Z' },
  luck: 0,
  warmup_bars: 0,
  template: {
    instrument_id: { market_id: 1, symbol: 'TEST' },
    timeframe: '1h',
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 5, stop_incl: 24, step: 1 } } },
    ],
  },
  top_k: 5,
};

let fleet: Fleet;
before(async () => {
  fleet = await openFleet(walk(800, '1h'), '1h');
});
after(() => fleet[Symbol.asyncDispose]());

interface Setup {
  readonly context: RunContext;
  readonly drain: AbortController;
  readonly lines: string[];
  /** As a notice of a cancel does. */
  hearCancel(): void;
}

function openSetup(): Setup {
  const { pool } = fleet.database;
  const drain = new AbortController();
  const lines: string[] = [];
  let heard = (): void => {};
  const context: RunContext = {
    pool,
    heartbeatPool: pool,
    jobs: { lease_seconds: 60, heartbeat_seconds: 15, claim_poll_seconds: 3600 },
    compute: {
      source: fleet.candles,
      candlePatienceMs: 0,
      threads: 1,
      snapshotSeconds: 3600,
      snapshotVariantsStep: 1e9,
    },
    log: openLog('test', { write: (line) => lines.push(line), terminal: false }),
    metrics: openMetrics(async () => ({ jobs: {}, oldestQueuedSeconds: 0 })),
    drain: drain.signal,
    onCancelNotice: (_, hear) => {
      heard = hear;
      return () => {};
    },
  };
  return { context, drain, lines, hearCancel: () => heard() };
}

async function runToEnd(claim: Claimed, child: Child, context: RunContext): Promise<Outcome> {
  await using run = new Run(claim, performance.now(), child, context);
  return await run.outcome();
}

/** Submits a job, claims it and runs it in this child. */
async function start(setup: Setup, child: Child): Promise<{ job_id: string; outcome: Promise<Outcome> }> {
  const job_id = await fleet.submit(SPEC);
  const claim = await claimed(fleet.database.pool);
  assert.equal(claim.lease.job_id, job_id);
  return { job_id, outcome: runToEnd(claim, child, setup.context) };
}

test('every stage is logged as finished and measured, the last one too', async () => {
  const setup = openSetup();
  await using child = new Child();
  const { outcome } = await start(setup, child);
  assert.equal(await outcome, 'succeeded');
  const metrics = await setup.context.metrics.registry.metrics();
  for (const stage of ['stage_a', 'stage_b', 'finalizing']) {
    const finished = setup.lines.filter(
      (line) => line.includes(`event=stage_finished`) && line.includes(`stage=${stage}`),
    );
    assert.equal(finished.length, 1, stage);
    assert.match(metrics, new RegExp(`stage_duration_seconds_count\\{stage="${stage}"\\} 1\\n`));
  }
  assert.match(setup.lines.at(-1)!, /event=succeeded/);
});

test('a cancel acknowledged while the job is being given back ends it as cancelled', async () => {
  const setup = openSetup();
  const others = await childrenOf(process.pid);
  await using child = new Child();
  const pid = (await childrenOf(process.pid)).find((one) => !others.includes(one));
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGSTOP'); // so that it cannot end before the cancel has come
  const { job_id, outcome } = await start(setup, child);
  setup.drain.abort();
  await cancel(fleet.database.pool, { job_id, user_id: USER });
  setup.hearCancel();
  assert.equal(await outcome, 'cancelled');
  assert.deepEqual(await attempts(fleet.database.pool, job_id), ['1 worker-1 cancelled']);
});

test('a cancel is found by the poll when no notice and no heartbeat brings it, and a child that does not stop is killed', async () => {
  const setup = openSetup();
  const others = await childrenOf(process.pid);
  await using child = new Child();
  const pid = (await childrenOf(process.pid)).find((one) => !others.includes(one));
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGSTOP');
  const job_id = await fleet.submit(SPEC);
  const claim = await claimed(fleet.database.pool);
  const jobs = { lease_seconds: 3600, heartbeat_seconds: 1200, claim_poll_seconds: 0.1 };
  const outcome = runToEnd(claim, child, { ...setup.context, jobs });
  await cancel(fleet.database.pool, { job_id, user_id: USER });
  assert.equal(await outcome, 'cancelled');
  assert.match((await child.next()).type, /^exit$/);
  assert.deepEqual(await attempts(fleet.database.pool, job_id), ['1 worker-1 cancelled']);
});

test("a child that cannot be forked gives the job back, with the worker's trouble as the cause", async () => {
  const setup = openSetup();
  await using child = new Child({ execPath: '/nonexistent/node' });
  const { job_id, outcome } = await start(setup, child);
  assert.equal(await outcome, 'released');
  assert.deepEqual(await attempts(fleet.database.pool, job_id), ['1 worker-1 released worker_no_child']);
  await cancel(fleet.database.pool, { job_id, user_id: USER });
});

test('a failed job says its code and message in the log', async () => {
  const setup = openSetup();
  await using child = new Child();
  const job_id = await fleet.submit({
    ...SPEC,
    time_range: { start: '2031-01-05T00:00:00Z', end: '2031-01-30T00:00:00Z' },
    luck: 0,
  });
  assert.equal(await runToEnd(await claimed(fleet.database.pool), child, setup.context), 'failed');
  const line = setup.lines.find((one) => one.includes(job_id) && one.includes('event=failed')) ?? '';
  assert.match(line, /event=failed .*code=no_candles message=\\"time_range: no market data/);
});

const NOBODY: SourceSettings = {
  kind: 'clickhouse',
  host: '127.0.0.1',
  port: 2,
  database: 'x',
  user: 'x',
  password: '',
  secure: false,
  verify: true,
};

test('candles that stay unavailable give the job back and count no crash', async () => {
  const setup = openSetup();
  const context = { ...setup.context, compute: { ...setup.context.compute, source: NOBODY } };
  await using child = new Child();
  const job_id = await fleet.submit(SPEC);
  const claim = await claimed(fleet.database.pool);
  await using run = new Run(claim, performance.now(), child, context);
  assert.equal(await run.outcome(), 'released');
  assert.equal(run.excused?.cause, 'candles_unreachable');
  assert.match(run.excused.detail, /ClickHouse at 127\.0\.0\.1:2 did not answer/);
  const { rows } = await fleet.database.pool.query(
    'select state, crash_count, outcome, cause from backtest_jobs join backtest_job_attempts using (job_id) where job_id = $1',
    [job_id],
  );
  assert.deepEqual(rows, [{ state: 'running', crash_count: 0, outcome: 'released', cause: 'candles_unreachable' }]);
  const got = await get(fleet.database.pool, { job_id, user_id: USER });
  assert.ok(got.outcome === 'found' && got.job.waiting_for === 'candles_unreachable');
  await cancel(fleet.database.pool, { job_id, user_id: USER });
});

test('after trouble with candles the canary reads those of the job, and any other canary does not', async () => {
  const { pool } = fleet.database;
  const spec = parseSpec(SPEC);
  const forkOn = (source: SourceSettings) => (): Child => {
    const child = new Child();
    child.send({ type: 'prepare', source });
    return child;
  };
  const cause = 'candles_unreachable';
  await assert.rejects(tryCanary(cause, { fork: forkOn(NOBODY), pool, spec }), /ClickHouse .* did not answer/);
  await using passed = await tryCanary(cause, { fork: forkOn(fleet.candles), pool, spec });
  assert.ok(passed.alive);
  await using blind = await tryCanary('worker_disk_full', { fork: forkOn(NOBODY), pool, spec });
  assert.ok(blind.alive);
});

test('a job that is cancelled before its first snapshot keeps all of the best so far', async () => {
  const setup = openSetup();
  await using child = new Child();
  const range = (stop_incl: number) => ({ mode: 'range', start: 5, stop_incl, step: 1 });
  const exits = { mode: 'explicit', values: ['off', ...Array.from({ length: 40 }, (_, at) => 1 + at / 4)] };
  const template = {
    ...SPEC.template,
    indicator_grids: [{ indicator_id: 'ma.sma', params: { window: range(304) } }],
    risk_grid: { sl: exits, tp: exits },
  };
  const job_id = await fleet.submit({ ...SPEC, template, top_k: 300 });
  const claim = await claimed(fleet.database.pool);
  assert.equal(claim.lease.job_id, job_id);
  const outcome = runToEnd(claim, child, setup.context);
  const inStageB = () => setup.lines.some((line) => /event=stage_started.*stage=stage_b/.test(line));
  await eventually('stage_b', async () => inStageB());
  await eventually('more than 300 scored', async () => {
    const metrics = await setup.context.metrics.registry.metrics();
    return Number(/variants_scored_total\{stage="stage_b"\} (\d+)/.exec(metrics)?.[1]) > 3000;
  });
  await cancel(fleet.database.pool, { job_id, user_id: USER });
  setup.hearCancel();
  assert.equal(await outcome, 'cancelled');
  assert.doesNotMatch(setup.lines.join('\n'), /event=snapshot|best variants/);
  assert.equal((await fleet.job(job_id)).rows, 300);
});
