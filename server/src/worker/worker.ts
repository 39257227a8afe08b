// The worker: claims one job after another and runs each in a compute child. Its own process does I/O only, so that
// heartbeats are on time; it keeps one child forked ahead, hears notices, polls, drains on SIGTERM, and exits 0.

import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { PATIENCE_MS } from '../candles/read-patiently.ts';
import { threadsOf, type Config } from '../config/config.ts';
import type { Settings } from '../config/settings.ts';
import { isRetryable, openPool, type PoolOptions } from '../db.ts';
import { openLog, type Log } from '../log.ts';
import { messageOf } from '../message.ts';
import { openMetrics, serveMetrics, type RunnerMetrics } from '../metrics.ts';
import { requireSchema } from '../migrate.ts';
import { claim, type Claim, type Claimed } from '../queue/claim.ts';
import { depth } from '../queue/depth.ts';
import { expireHourly } from '../queue/expire.ts';
import { listen } from '../queue/listen.ts';
import type { Notice } from '../queue/notify.ts';
import { release, releaseOrphans } from '../queue/release.ts';
import { aborted, listenForStop, orphaned, unlessAborted } from '../stop.ts';
import { openBell, type Bell } from './bell.ts';
import { Child } from './child.ts';
import { limitsOf } from './limits.ts';
import { run, type RunContext } from './run.ts';

// A worker that must end is gone within 10 s, whatever the database does. A running job has 7 s of them (hold.ts); then
// whatever is still waited for is given up, and the connections have half a second to say goodbye.
const CLAIM_MS = 3500;
const DRAIN_MS = 8000;
const GOODBYE_MS = 500;

const START_MS = 30_000;
const START_PAUSE_MS = 500;

interface Drain {
  readonly begun: AbortSignal;
  /** A claim that has no answer by now gets none: time to give back what it may have taken. */
  readonly late: AbortSignal;
  readonly over: AbortSignal;
}

export interface WorkerOptions {
  readonly settings: Settings;
  readonly config: Config;
  /** Logs JSON on a terminal too. */
  readonly json: boolean;
  readonly metrics: { readonly host: string; readonly port: number; readonly explicit: boolean };
}

/** Runs until SIGTERM, SIGINT or the end of the parent's IPC channel; returns the exit code. */
export async function startWorker(options: WorkerOptions): Promise<number> {
  const { config, json } = options;
  const log = openLog('backtest-job-runner', { json });
  if (!config.backtest.jobs.enabled) {
    log.event('disabled', { status: 'disabled' });
    return 0;
  }
  const drain = drainOnSignals(log);
  const lockedBy = newName();
  const { pool, heartbeatPool, expirePool } = openPools(options, lockedBy);
  try {
    await Promise.race([databaseReady(pool, drain.begun, log), aborted(drain.begun)]);
    if (drain.begun.aborted) return 0;
    const metrics = openMetrics(() => depth(pool));
    await using server = await serveMetrics({
      ...options.metrics,
      registry: metrics.registry,
      ready: readiness(pool, drain.begun),
    });
    log.event('started', { status: 'started', locked_by: lockedBy, metrics_port: server.port });
    process.send?.({ metrics_port: server.port });
    const cancels = new EventEmitter();
    const bell = openBell();
    const hear = ({ verb, job_id }: Notice): unknown => (verb === 'cancel' ? cancels.emit(verb, job_id) : bell.ring());
    const listening = listen(options.settings.strategyPgDsn, hear, drain.begun);
    void heartbeatPool.query('select').catch(() => {}); // connects; the first heartbeat tells what is wrong
    startRetention(expirePool, { log, drain, options });
    await work({ lockedBy, pool, heartbeatPool, log, metrics, drain, bell, cancels, options });
    await listening;
    return 0;
  } finally {
    const ended = Promise.all([pool.end(), heartbeatPool.end(), expirePool.end()]);
    await unlessAborted(ended, AbortSignal.timeout(GOODBYE_MS)).catch(() => {});
  }
}

/** A server that is slow, or starts together with us, is waited for; a schema that is not ours is an error at once. */
async function databaseReady(pool: pg.Pool, drain: AbortSignal, log: Log): Promise<void> {
  const until = performance.now() + START_MS;
  for (;;) {
    try {
      return await requireSchema(pool);
    } catch (error) {
      if (!isRetryable(error) || drain.aborted || performance.now() > until) throw error;
      log.failure(`the database is not ready: ${messageOf(error)}`);
    }
    await delay(START_PAUSE_MS);
  }
}

/** Who a job is locked by: `<hostname>-<pid>-<random>`. */
function newName(): string {
  return `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`;
}

interface Bench {
  readonly lockedBy: string;
  readonly pool: pg.Pool;
  readonly heartbeatPool: pg.Pool;
  readonly log: Log;
  readonly metrics: RunnerMetrics;
  readonly drain: Drain;
  readonly bell: Bell;
  readonly cancels: EventEmitter;
  readonly options: WorkerOptions;
}

/** The loop: claim, run, again; when nothing is there, wait for a notice or the poll. */
async function work(bench: Bench): Promise<void> {
  const { lockedBy, pool, log, metrics, drain, bell, options } = bench;
  const { jobs } = options.config.backtest;
  let name = lockedBy;
  let doubtful = false; // a claim whose answer was lost may have been ours
  const source = options.settings.candles;
  const fork = (): Child => {
    const child = new Child();
    child.send({ type: 'prepare', source });
    return child;
  };
  let spare = fork();
  try {
    while (!drain.begun.aborted) {
      bell.hush();
      const claimedAt = performance.now();
      let claimed: Claim | null = null;
      try {
        if (doubtful) {
          await unlessAborted(releaseOrphans(pool, name), drain.late);
          name = newName(); // a release that comes late must not find what is claimed from now on (server/model)
        }
        doubtful = false;
        const { lease_seconds, max_crashes } = jobs;
        claimed = await unlessAborted(claim(pool, { locked_by: name, lease_seconds, max_crashes }), drain.late);
      } catch (error) {
        doubtful = true;
        bell.hush(); // a notice is no reason to ask a server that has trouble at once
        log.event('claim_failed', { reason: messageOf(error) });
      }
      if (claimed === null) {
        await bell.wait(jobs.claim_poll_seconds, drain.begun);
      } else if (claimed.outcome !== 'claimed') {
        metrics.finished(claimed.outcome);
        log.event(claimed.outcome, {
          job_id: claimed.job.job_id,
          attempt: claimed.job.attempt,
          stage: claimed.job.stage,
        });
      } else {
        if (!spare.alive) spare = fork(); // it died while it waited, which is not the job's fault
        await runOne(claimed, claimedAt, spare, bench);
        await spare[Symbol.asyncDispose]();
        if (!drain.begun.aborted) spare = fork();
      }
    }
    if (doubtful) await unlessAborted(releaseOrphans(pool, name), drain.over).catch(() => 0);
  } finally {
    await spare[Symbol.asyncDispose]();
  }
}

async function runOne(claimed: Claimed, claimedAt: number, child: Child, bench: Bench): Promise<void> {
  const { metrics, log, pool, drain } = bench;
  const { job_id, attempt, locked_by } = claimed.lease;
  metrics.claimed((performance.now() - claimedAt) / 1000, claimed.reclaimed);
  log.event('claimed', { job_id, attempt, locked_by, stage: claimed.job.stage });
  try {
    await run(claimed, claimedAt, child, runContext(bench));
  } catch (error) {
    // Our own bug or a refusal of the database that no retry mends: give the job back as a crash, which is counted.
    log.failure(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const released = release(pool, claimed.lease, { outcome: 'crashed', cause: 'worker_error' });
    await unlessAborted(released, drain.over).catch(() => false);
  } finally {
    metrics.released((performance.now() - claimedAt) / 1000);
  }
}

function runContext(bench: Bench): RunContext {
  const { pool, heartbeatPool, log, metrics, drain, cancels, options } = bench;
  const { jobs } = options.config.backtest;
  return {
    pool,
    heartbeatPool,
    jobs,
    compute: {
      source: options.settings.candles,
      candlePatienceMs: PATIENCE_MS,
      threads: threadsOf(options.config),
      snapshotSeconds: jobs.snapshot_seconds,
      snapshotVariantsStep: jobs.snapshot_variants_step,
    },
    log,
    metrics,
    drain: drain.begun,
    onCancelNotice(jobId, hear) {
      const heard = (id: string): unknown => id === jobId && hear();
      cancels.on('cancel', heard);
      return () => cancels.off('cancel', heard);
    },
  };
}

/** Retention, beside the loop and on a connection of its own, so that no claim waits for it. */
function startRetention(pool: pg.Pool, { log, drain, options }: Pick<Bench, 'log' | 'drain' | 'options'>): void {
  const { retention_days } = options.config.backtest.jobs;
  if (retention_days === null) return;
  const onError = (error: unknown): void => log.failure(`retention: ${messageOf(error)}`);
  void expireHourly(pool, retention_days, { signal: drain.begun, onError });
}

function openPools({ config, settings }: WorkerOptions, lockedBy: string) {
  const { jobs } = config.backtest;
  const { usual, heartbeat, retention } = limitsOf(jobs);
  const common = { applicationName: lockedBy, connectTimeoutMs: (jobs.lease_seconds * 1000) / 4 };
  const open = (limits: PoolOptions): pg.Pool => openPool(settings.strategyPgDsn, { ...common, ...limits });
  return {
    pool: open({ ...usual, max: 3 }),
    // Reserved, and so never closed for being idle: to connect takes 10 ms, for which every job would wait.
    heartbeatPool: open({ ...heartbeat, max: 1, idleTimeoutMs: 0 }),
    expirePool: open({ ...retention, max: 1 }),
  };
}

function readiness(pool: pg.Pool, drain: AbortSignal) {
  return async (): Promise<{ ready: boolean; reason?: string }> => {
    if (drain.aborted) return { ready: false, reason: 'draining' };
    try {
      await requireSchema(pool);
      return { ready: true };
    } catch (error) {
      return { ready: false, reason: messageOf(error) };
    }
  };
}

/** First signal: drain. Second: out, at once; the lease lapses and another worker takes over. */
function drainOnSignals(log: Log): Drain {
  const begun = new AbortController();
  const late = new AbortController();
  const over = new AbortController();
  const begin = (): void => {
    if (begun.signal.aborted) return;
    log.event('shutting_down');
    begun.abort();
    setTimeout(() => late.abort(), CLAIM_MS).unref();
    setTimeout(() => over.abort(), DRAIN_MS).unref();
  };
  const stop = listenForStop(() => process.exit(1));
  stop.signal.addEventListener('abort', begin);
  void orphaned().then(begin);
  return { begun: begun.signal, late: late.signal, over: over.signal };
}
