// One claimed job from claim to its end: a hold on the lease, a child that computes, and the few ways it can end.
// The worker's loop sees only the outcome; lost, cancelled and released are outcomes like succeeded.

import type pg from 'pg';
import { crashPoint, STALL_MS } from '../config/crash.ts';
import type { Log } from '../log.ts';
import type { LostReason, RunnerMetrics } from '../metrics.ts';
import { begin } from '../queue/begin.ts';
import { cancelRequested } from '../queue/cancel.ts';
import type { Claimed } from '../queue/claim.ts';
import { finish, outcomeOf, type Ending } from '../queue/finish.ts';
import type { Stage } from '../queue/job.ts';
import { release } from '../queue/release.ts';
import { shortlist } from '../queue/shortlist.ts';
import { snapshot } from '../queue/snapshot.ts';
import { surface } from '../queue/surface.ts';
import type { Child, ChildExit } from './child.ts';
import { Hold, type StopReason } from './hold.ts';
import type { ChildMessage, ComputeJob, Save } from './messages.ts';

export type Outcome = 'succeeded' | 'failed' | 'cancelled' | 'lost' | 'released' | 'crashed';

type Loaded = Extract<ChildMessage, { type: 'loaded' }>;

export interface RunContext {
  readonly pool: pg.Pool;
  readonly heartbeatPool: pg.Pool;
  readonly jobs: { lease_seconds: number; heartbeat_seconds: number; claim_poll_seconds: number };
  readonly compute: Pick<
    ComputeJob,
    'source' | 'candlePatienceMs' | 'threads' | 'snapshotSeconds' | 'snapshotVariantsStep'
  >;
  readonly log: Log;
  readonly metrics: RunnerMetrics;
  /** Aborted when the worker must give its job back. */
  readonly drain: AbortSignal;
  /** Calls back on every notice that this job is to be cancelled; returns how to stop listening. */
  readonly onCancelNotice: (jobId: string, hear: () => void) => () => void;
}

// A child that was told to stop ends its threads, or a chunk in place, within 200 ms; one that does not answer is killed.
const STOP_MS = { cancelled: 500, draining: 4000, stalled: 0, lost: 0 } as const;

/** Runs the job to an outcome. `claimedAt`: performance.now() from before the claim was sent. */
export async function run(claimed: Claimed, claimedAt: number, child: Child, context: RunContext): Promise<Outcome> {
  const { lease, job } = claimed;
  const stops: { first: StopReason | null; kill?: NodeJS.Timeout } = { first: null };
  const log = context.log.child({ job_id: lease.job_id, attempt: lease.attempt, locked_by: lease.locked_by });
  const stop = (why: StopReason, reason: LostReason | null = null): void => {
    if (why === 'lost') {
      context.metrics.leaseLost(reason ?? 'fenced');
      log.event('lease_lost', { stage: hold.stage, reason, said: hold.trouble ?? undefined });
    }
    // A cancel that comes while the job is being given back is still a cancel.
    const overrides = why === 'lost' || (why === 'cancelled' && stops.first === 'draining');
    if (stops.first !== null && !overrides) return;
    stops.first = why;
    child.send({ type: 'stop' });
    clearTimeout(stops.kill);
    stops.kill = setTimeout(() => child.kill(), STOP_MS[why]);
  };
  const start = { stage: job.stage, processedUnits: job.processed_units };
  await using hold = new Hold(lease, claimedAt, start, {
    pool: context.pool,
    heartbeatPool: context.heartbeatPool,
    leaseSeconds: context.jobs.lease_seconds,
    heartbeatSeconds: context.jobs.heartbeat_seconds,
    drain: context.drain,
    onStop: stop,
    onHeartbeatDelay: (seconds) => context.metrics.heartbeatDelay(seconds),
  });
  using watches = watchEverything(hold, child, stop, context);
  const following = followProgress(child, hold, log, context.metrics);
  child.send({ type: 'run', job: computeJob(claimed, context) });
  const ending = await follow(child, hold, log, context);
  watches[Symbol.dispose]();
  if (ending.type === 'result') following.stageEnds();
  clearTimeout(stops.kill);
  return await conclude(ending, () => stops.first, hold, log, context); // awaited here, or the hold would end first
}

function computeJob(claimed: Claimed, context: RunContext): ComputeJob {
  const { job, request, checkpoint } = claimed;
  const resume = checkpoint === null ? null : { hashes: checkpoint.hashes, state: checkpoint.state };
  return { ...context.compute, spec: request, requestHash: job.request_hash, resume };
}

/** Everything that can end a job from outside: the drain signal, a cancel notice, the cancel poll, a stalled child. */
function watchEverything(hold: Hold, child: Child, stop: (why: StopReason) => void, context: RunContext): Disposable {
  const jobId = hold.lease.job_id;
  const { pool, drain, jobs } = context;
  const askCancel = (): void => {
    // Trouble here is no trouble: the next poll or heartbeat brings the same news.
    cancelRequested(pool, jobId).then(
      (requested) => requested && stop('cancelled'),
      () => {},
    );
  };
  const draining = (): void => stop('draining');
  if (drain.aborted) draining();
  drain.addEventListener('abort', draining);
  const deafen = context.onCancelNotice(jobId, askCancel);
  const poll = setInterval(() => {
    void hold.reportProgress();
    askCancel();
  }, jobs.claim_poll_seconds * 1000);
  const watchdog = setInterval(() => {
    if (performance.now() - child.progressAt > Math.max(STALL_MS, 20 * child.meanChunkMs)) stop('stalled');
  }, 1000);
  return {
    [Symbol.dispose]() {
      drain.removeEventListener('abort', draining);
      deafen();
      clearInterval(poll);
      clearInterval(watchdog);
    },
  };
}

/** Reports progress and stages; `stageEnds` is for the stage that ends with the job, not for one that is cut short. */
function followProgress(child: Child, hold: Hold, log: Log, metrics: RunnerMetrics): { stageEnds(): void } {
  let stage: Stage | null = null;
  let since = performance.now();
  const stageEnds = (): void => {
    if (stage === null) return;
    metrics.stageDuration(stage, (performance.now() - since) / 1000);
    log.event('stage_finished', { stage });
  };
  child.onProgress = (progress) => {
    crashPoint('compute');
    hold.processedUnits = progress.processed;
    if (progress.scored > 0 && progress.stage !== 'finalizing') metrics.variantsScored(progress.stage, progress.scored);
    if (progress.stage === stage) return;
    stageEnds();
    hold.stage = progress.stage;
    stage = progress.stage;
    since = performance.now();
    log.event('stage_started', { stage });
  };
  return { stageEnds };
}

/** Saves what the child sends until it says its last word. */
async function follow(child: Child, hold: Hold, log: Log, context: RunContext): Promise<ChildMessage | ChildExit> {
  for (;;) {
    const message = await child.next();
    if (message.type === 'loaded') {
      await beginAt(message, hold, log, context);
    } else if (message.type === 'snapshot') {
      if (await save(message.saved, hold, context)) log.event('snapshot', { stage: message.saved.stage });
      child.send({ type: 'saved' });
    } else if (message.type === 'waiting') {
      log.failure(`the candles are away, the job waits for them: ${message.message}`);
    } else {
      return message;
    }
  }
}

/** The child has loaded. With a note it found the checkpoint of no use: what belongs to that run goes. */
async function beginAt({ stage, processed, note }: Loaded, hold: Hold, log: Log, { jobs }: RunContext): Promise<void> {
  if (note !== null) log.event('snapshot_skipped', { stage: hold.stage, note });
  hold.stage = stage;
  hold.processedUnits = processed;
  const beginning = { lease_seconds: jobs.lease_seconds, stage, processed_units: processed, anew: note !== null };
  await hold.write((pool) => begin(pool, hold.lease, beginning));
}

/** What the resume point counts on goes ahead of it, in short transactions; then rows and resume point together. */
async function save(saved: Save, hold: Hold, context: RunContext): Promise<boolean> {
  if (!(await saveStageA(saved, hold, context))) return false;
  const { stage, next: next_index, hashes, state, rows } = saved;
  // The child may be further than what it saves; the job row never goes back.
  const progress = {
    lease_seconds: context.jobs.lease_seconds,
    stage: hold.stage,
    processed_units: hold.processedUnits,
  };
  const checkpoint = { stage, next_index, hashes, state };
  return (await hold.write((pool) => snapshot(pool, hold.lease, { ...progress, rows, checkpoint }))) !== null;
}

/** Surface and shortlist; only the first save after the end of stage_a brings the shortlist. */
async function saveStageA(saved: Save, hold: Hold, { jobs: { lease_seconds } }: RunContext): Promise<boolean> {
  const { lease } = hold;
  for (const part of saved.surface) {
    if (!(await hold.write((pool) => surface(pool, lease, { lease_seconds, ...part })))) return false;
  }
  const list = saved.shortlist;
  return list === null || (await hold.write((pool) => shortlist(pool, lease, { lease_seconds, ...list }))) !== null;
}

async function conclude(
  last: ChildMessage | ChildExit,
  stop: () => StopReason | null,
  hold: Hold,
  log: Log,
  context: RunContext,
): Promise<Outcome> {
  if (hold.lost) return 'lost';
  if (stop() === 'stalled') return giveBack('crashed', 'stalled', hold, log);
  if (last.type === 'stopped' && last.saved !== null && !(await save(last.saved, hold, context))) return 'lost';
  if (stop() === 'cancelled') return end({ state: 'cancelled' }, hold, log, context);
  if (last.type === 'result') {
    if (!(await saveStageA(last.saved, hold, context))) return 'lost';
    return end({ state: 'succeeded', rows: last.saved.rows, result_json: last.result }, hold, log, context);
  }
  if (last.type === 'failed') {
    log.failure(last.stack);
    return end({ state: 'failed', error: last.error }, hold, log, context);
  }
  if (stop() === 'draining') return giveBack('released', null, hold, log);
  const exit = last as ChildExit;
  log.failure(`the compute child ended: ${exit.detail}`);
  return giveBack('crashed', exit.cause, hold, log);
}

/** Finishes; when the answer to a commit was lost, the history row of our attempt says whether it was ours. */
async function end(ending: Ending, hold: Hold, log: Log, context: RunContext): Promise<Outcome> {
  const written = await hold.writeLast(async (pool) => {
    crashPoint('finish');
    const outcome = await finish(pool, hold.lease, ending);
    crashPoint('finished');
    if (outcome !== 'lost') return { outcome };
    const earlier = await outcomeOf(pool, hold.lease);
    return earlier === ending.state || earlier === 'cancelled' ? { outcome: earlier } : null;
  });
  if (written === null) return 'lost';
  context.metrics.finished(written.outcome);
  log.event(written.outcome, { stage: hold.stage });
  return written.outcome;
}

async function giveBack(outcome: 'released' | 'crashed', cause: string | null, hold: Hold, log: Log): Promise<Outcome> {
  const written = await hold.writeLast(async (pool) => {
    crashPoint('drain');
    if (await release(pool, hold.lease, { outcome, cause })) return {};
    return (await outcomeOf(pool, hold.lease)) === outcome ? {} : null; // the answer to our first try was lost
  });
  if (written === null) return 'lost';
  log.event('released', { stage: hold.stage, outcome, cause });
  return outcome;
}
