// The worker: claims one job after another and runs each in a compute child. Its own process does I/O only, so that
// heartbeats are on time; it keeps one child forked ahead, hears notices, polls, drains on SIGTERM, and exits 0.

import { EventEmitter } from 'node:events';
import type { Spec } from '@backtest-jobs/engine';
import type pg from 'pg';
import { PATIENCE_MS } from '../candles/read-patiently.ts';
import { threadsOf, type Config } from '../config/config.ts';
import type { Settings } from '../config/settings.ts';
import { databaseTrouble, openPool, type PoolOptions } from '../db.ts';
import { openLog, type Log } from '../log.ts';
import { messageOf } from '../message.ts';
import { openMetrics, serveMetrics, type MetricsOptions, type RunnerMetrics } from '../metrics.ts';
import { requireSchema } from '../migrate.ts';
import type { Claim, Claimed } from '../queue/claim.ts';
import { depth } from '../queue/depth.ts';
import type { Excuse } from '../queue/excuses.ts';
import { expireHourly } from '../queue/expire.ts';
import { listen } from '../queue/listen.ts';
import type { Notice } from '../queue/notify.ts';
import { openObserver, type Observer } from '../queue/observer.ts';
import { release } from '../queue/release.ts';
import { aborted, listenForStop, orphaned, unlessAborted } from '../stop.ts';
import { openBell, type Bell } from './bell.ts';
import { tryCanary } from './canary.ts';
import { Child } from './child.ts';
import { openClaims, workerName, type Claims } from './claim-next.ts';
import { databaseReady } from './database-ready.ts';
import { limitsOf } from './limits.ts';
import { openRecovery, type Recovery } from './recovery.ts';
import type { RunContext } from './run-context.ts';
import { Run } from './run.ts';
import { troubleOf } from './trouble.ts';

// A worker that must end exits within 10 s, whatever the database does. A running job has 7 s of them (hold.ts); then
// whatever is still waited for is given up, and the connections have half a second to close.
const CLAIM_MS = 3500;
const DRAIN_MS = 8000;
const CLOSE_MS = 500;

interface Drain {
  readonly begun: AbortSignal;
  /** Aborts when a claim without a reply gets none any more: time to give back what it may have taken. */
  readonly late: AbortSignal;
  readonly over: AbortSignal;
}

export interface WorkerOptions {
  readonly settings: Settings;
  readonly config: Config;
  /** Logs JSON on a terminal too. */
  readonly json: boolean;
  readonly metrics: Pick<MetricsOptions, 'host' | 'port' | 'explicit' | 'allowedHosts'>;
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
  const lockedBy = workerName();
  const { pool, heartbeatPool, expirePool } = openPools(options, lockedBy);
  try {
    await Promise.race([databaseReady(pool, drain.begun, log), aborted(drain.begun)]);
    if (drain.begun.aborted) return 0;
    const { jobs } = config.backtest;
    const observer = openObserver(jobs.lease_seconds);
    await lookOften(observer, pool, jobs.lease_seconds, drain.begun);
    const metrics = openMetrics(() => depth(pool));
    const fork = (): Child => forkSpare(options);
    const { unavailable, onCandles } = watchCandles(metrics);
    const met: WorkerParts['met'] = { spec: null };
    const recovery = openRecovery({
      canary: (cause) => tryCanary(cause, { fork, pool, spec: met.spec }),
      report: (text) => log.failure(text),
    });
    await using server = await serveMetrics({
      ...options.metrics,
      registry: metrics.registry,
      ready: readiness(pool, drain.begun, recovery, unavailable),
    });
    log.event('started', { status: 'started', locked_by: lockedBy, metrics_port: server.port });
    process.send?.({ metrics_port: server.port });
    const [cancels, bell] = [new EventEmitter(), openBell()];
    const hear = ({ verb, job_id }: Notice): unknown => (verb === 'cancel' ? cancels.emit(verb, job_id) : bell.ring());
    const listening = listen(options.settings.strategyPgDsn, hear, drain.begun);
    void heartbeatPool.query('select').catch(() => {}); // connects; the first heartbeat tells what is wrong
    startRetention(expirePool, { log, drain, options });
    const claims = openClaims(lockedBy, { pool, jobs, bell, log, observer, late: drain.late });
    const own = { bell, cancels, claims, observer, recovery, met, fork, onCandles };
    await work({ pool, heartbeatPool, log, metrics, drain, options, ...own });
    await listening;
    return 0;
  } finally {
    const ended = Promise.all([pool.end(), heartbeatPool.end(), expirePool.end()]);
    await unlessAborted(ended, AbortSignal.timeout(CLOSE_MS)).catch(() => {});
  }
}

/** Looks at once, so that a step of the clock is seen from the start, and then four times a lease. */
async function lookOften(observer: Observer, pool: pg.Pool, leaseSeconds: number, drain: AbortSignal): Promise<void> {
  const look = (): Promise<void> => observer.look(pool).catch(() => {}); // remembered, and the next claim reports it
  await look();
  const timer = setInterval(() => void look(), leaseSeconds * 250).unref();
  drain.addEventListener('abort', () => clearInterval(timer));
}

function watchCandles(metrics: RunnerMetrics): { unavailable: Reason; onCandles: (why: string | null) => void } {
  let reason: string | null = null;
  const onCandles = (why: string | null): void => {
    reason = why && `the candles are unavailable: ${why}`;
    metrics.waits('candles_unavailable', why !== null);
  };
  return { unavailable: () => reason, onCandles };
}

interface WorkerParts {
  readonly pool: pg.Pool;
  readonly heartbeatPool: pg.Pool;
  readonly log: Log;
  readonly metrics: RunnerMetrics;
  readonly drain: Drain;
  readonly bell: Bell;
  readonly cancels: EventEmitter;
  readonly claims: Claims;
  readonly observer: Observer;
  readonly recovery: Recovery<Child>;
  /** Spec of the job that met the trouble. */
  readonly met: { spec: Spec | null };
  readonly fork: () => Child;
  readonly onCandles: (unavailable: string | null) => void;
  readonly options: WorkerOptions;
}

/** Claims and runs one job after the other; when there is none, waits for a notice or the poll. */
async function work(parts: WorkerParts): Promise<void> {
  const { claims, drain, bell, options, recovery, fork } = parts;
  const { claim_poll_seconds } = options.config.backtest.jobs;
  let spare = fork();
  try {
    while (!drain.begun.aborted) {
      if (!spare.alive) spare = await another(spare, parts);
      const claimedAt = performance.now();
      const claim = drain.begun.aborted ? null : await claims.claimNext();
      if (claim === null) {
        await bell.wait(claim_poll_seconds, drain.begun);
      } else if (claim.outcome === 'claimed') {
        spare = spare.alive ? spare : fork(); // it died during the claim, which is not the job's fault
        await runClaimed(claim, claimedAt, spare, parts);
        await spare[Symbol.asyncDispose]();
        spare = recovery.reason === null && !drain.begun.aborted ? fork() : spare;
      } else {
        reportEnded(claim, parts);
      }
    }
    await claims.giveBack(drain.over);
  } finally {
    await spare[Symbol.asyncDispose]();
  }
}

/** A child in place of one that ended: after trouble one that has passed as a canary. One that died idle is trouble, too. */
async function another(spare: Child, parts: WorkerParts): Promise<Child> {
  const { recovery, met, drain, fork, metrics, onCandles } = parts;
  const end = await spare.next();
  if (recovery.reason === null && end.type === 'exit' && end.cause.startsWith('worker_')) {
    recovery.trip(end.cause as Excuse, end.detail);
    met.spec = null;
  }
  metrics.waits('paused', recovery.reason !== null);
  const canary = await recovery.recover(drain.begun);
  metrics.waits('paused', false);
  if (recovery.reason === null) onCandles(null);
  return canary ?? (drain.begun.aborted ? spare : fork());
}

function forkSpare({ settings }: WorkerOptions): Child {
  const child = new Child();
  child.send({ type: 'prepare', source: settings.candles });
  return child;
}

/** Reports a job that the claim itself has ended: its lease had expired for the last time, or it was cancelled meanwhile. */
function reportEnded({ outcome, job }: Exclude<Claim, Claimed>, { metrics, log }: WorkerParts): void {
  const { job_id, attempt, stage, last_error_json: error } = job;
  metrics.finished(outcome);
  log.event(outcome, { job_id, attempt, stage, code: error?.code, message: error?.message });
}

async function runClaimed(claimed: Claimed, claimedAt: number, child: Child, parts: WorkerParts): Promise<void> {
  const { metrics, log, pool, drain, recovery, onCandles } = parts;
  const { job_id, attempt, locked_by } = claimed.lease;
  metrics.claimed((performance.now() - claimedAt) / 1000, claimed.reclaimed);
  log.event('claimed', { job_id, attempt, locked_by, stage: claimed.job.stage });
  try {
    await using run = new Run(claimed, claimedAt, child, runContext(parts));
    await run.outcome();
    parts.met.spec = claimed.request;
    if (run.excused !== null) recovery.trip(run.excused.cause, run.excused.detail);
    else if (run.gotOn) recovery.gotOn();
  } catch (error) {
    // Our own bug or a refusal of the database that no retry mends. Where it is about this job it counts as a crash.
    log.failure(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const cause = troubleOf(error) ?? databaseTrouble(error);
    if (cause !== null) recovery.trip(cause, messageOf(error));
    const ending = cause === null ? 'crashed' : 'released';
    const released = release(pool, claimed.lease, { outcome: ending, cause: cause ?? 'worker_error' });
    await unlessAborted(released, drain.over).catch(() => false);
  } finally {
    metrics.released((performance.now() - claimedAt) / 1000);
    // The run has ended and no longer waits for candles; the worker does, until they can be read.
    if (recovery.reason?.startsWith('candles_unreachable')) onCandles(recovery.reason);
  }
}

function runContext(parts: WorkerParts): RunContext {
  const { pool, heartbeatPool, log, metrics, drain, cancels, observer, onCandles, options } = parts;
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
    onTrouble: (cause) => observer.trouble(cause),
    onCandles,
    onCancelNotice(jobId, hear) {
      const heard = (id: string): unknown => id === jobId && hear();
      cancels.on('cancel', heard);
      return () => cancels.off('cancel', heard);
    },
  };
}

/** Retention, beside the loop and on a connection of its own, so that no claim waits for it. */
function startRetention(pool: pg.Pool, { log, drain, options }: Pick<WorkerParts, 'log' | 'drain' | 'options'>): void {
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

type Reason = () => string | null;

function readiness(pool: pg.Pool, drain: AbortSignal, recovery: Recovery<Child>, unavailable: Reason) {
  return async (): Promise<{ ready: boolean; reason?: string }> => {
    if (drain.aborted) return { ready: false, reason: 'draining' };
    const trouble = recovery.reason ?? unavailable();
    if (trouble !== null) return { ready: false, reason: trouble };
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
