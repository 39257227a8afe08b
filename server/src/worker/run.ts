// One claimed job from claim to its end: a hold on the lease, a child that computes, and the few ways it can end.
// The worker's loop sees only the outcome; lost, cancelled and released are outcomes like succeeded.

import type { Stage } from '@backtest-jobs/engine/internal';
import type pg from 'pg';
import { crashPoint } from '../config/crash.ts';
import type { Log } from '../log.ts';
import type { LostReason } from '../metrics.ts';
import { begin } from '../queue/begin.ts';
import type { Claimed } from '../queue/claim.ts';
import { WORKER_CAUSES, type Excuse } from '../queue/excuses.ts';
import { finish, outcomeOf, type Ending } from '../queue/finish.ts';
import { release } from '../queue/release.ts';
import { snapshot } from '../queue/snapshot.ts';
import { wait } from '../queue/wait.ts';
import type { Child, ChildExit } from './child.ts';
import { Hold, type StopReason } from './hold.ts';
import {
  CANCELLED_ROWS_MS,
  type ChildMessage,
  type ChildProgress,
  type ComputeJob,
  type Part,
  type Save,
} from './messages.ts';
import { orUnstorable, stripResult, unstorableMessage, writePart } from './parts.ts';
import { sendState } from './resume-state.ts';
import type { Excused, Outcome, RunContext } from './run-context.ts';
import { seldom } from './seldom.ts';
import { watchForStops } from './watch-for-stops.ts';

// A child ends its threads, or a chunk in place, within 200 ms of the message to stop; later it is killed.
const STOP_MS = { cancelled: 1000, draining: 4000, stalled: 0, lost: 0, no_room: 0 } as const;

/** Owns the lease, the child and the log of one claimed job. Disposing it ends the hold; the child is the caller's. */
export class Run implements AsyncDisposable {
  readonly #claimed: Claimed;
  readonly #child: Child;
  readonly #context: RunContext;
  readonly #log: Log;
  readonly #hold: Hold;
  readonly #watches: Disposable;
  #stop: StopReason | null = null;
  #stoppedAt = 0;
  /** Set when the attempt ended by trouble of this worker or the database. */
  excused: Excused | null = null;
  /** True once the child has loaded its candles. */
  gotOn = false;
  #kill: NodeJS.Timeout | undefined;
  #resultBegun = false;
  #stage: Stage | null = null;
  #noRoom = false;
  #stageSince = performance.now();

  constructor(claimed: Claimed, claimedAt: number, child: Child, context: RunContext) {
    const { lease, job } = claimed;
    this.#claimed = claimed;
    this.#child = child;
    this.#context = context;
    this.#log = context.log.child({ job_id: lease.job_id, attempt: lease.attempt, locked_by: lease.locked_by });
    const complain = seldom((said: string, trustedMs: number) => {
      const left = Math.max(0, Math.round(trustedMs / 1000));
      this.#log.failure(`the database is unavailable: ${said}; the job is kept for another ${left} s`);
    });
    const start = { stage: job.stage, processedUnits: job.processed_units };
    this.#hold = new Hold(lease, claimedAt, start, {
      pool: context.pool,
      heartbeatPool: context.heartbeatPool,
      leaseSeconds: context.jobs.lease_seconds,
      heartbeatSeconds: context.jobs.heartbeat_seconds,
      drain: context.drain,
      onStop: (why, lostReason) => this.#stopChild(why, lostReason),
      onHeartbeatDelay: (seconds) => context.metrics.heartbeatDelay(seconds),
      onTrouble: (cause, said, trustedMs) => {
        context.onTrouble?.(cause);
        complain(said, trustedMs);
      },
    });
    child.onProgress = (progress) => this.#reportProgress(progress);
    this.#watches = watchForStops({ hold: this.#hold, child, context }, (why) => this.#stopChild(why));
  }

  /** Runs the job to its outcome. To be called once. */
  async outcome(): Promise<Outcome> {
    const ending = await this.#compute().catch((error: unknown) => this.#unstorable(error));
    this.#watches[Symbol.dispose]();
    if (ending.type === 'result') this.#stageEnds();
    clearTimeout(this.#kill);
    return this.#conclude(ending).catch(async (error: unknown) => this.#conclude(this.#unstorable(error)));
  }

  async #compute(): Promise<ChildMessage | ChildExit> {
    const { pool } = this.#context;
    if (this.#claimed.reclaimed) await this.#strip();
    await sendState(this.#claimed, this.#child, { pool, hold: this.#hold });
    this.#child.send({ type: 'run', job: this.#computeJob() });
    return this.#follow();
  }

  /** Ends a job whose result the database does not take, with what it was; anything else is thrown on. */
  #unstorable(error: unknown): ChildMessage {
    const message = unstorableMessage(error);
    this.#child.kill();
    return message;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watches[Symbol.dispose]();
    this.#context.onCandles?.(null);
    await this.#hold[Symbol.asyncDispose]();
  }

  #strip(): Promise<boolean> {
    return stripResult(this.#hold, this.#context.jobs.lease_seconds, this.#claimed.request);
  }

  #computeJob(): ComputeJob {
    const { job, request, checkpoint } = this.#claimed;
    const resume = checkpoint === null ? null : { hashes: checkpoint.hashes };
    return { ...this.#context.compute, spec: request, requestHash: job.request_hash, resume };
  }

  /** Asks the child to stop, and kills it when it takes too long. */
  #stopChild(why: StopReason, lostReason: LostReason | null = null): void {
    if (why === 'lost') {
      this.#context.metrics.leaseLost(lostReason ?? 'fenced');
      const { stage, trouble } = this.#hold;
      this.#log.event('lease_lost', { stage, reason: lostReason, said: trouble ?? undefined });
    }
    if (why === 'no_room') this.#noRoom = true;
    // A cancel that comes while the job is being given back is still a cancel.
    const overrides = why === 'lost' || (why === 'cancelled' && this.#stop === 'draining');
    if (this.#stop !== null && !overrides) return;
    this.#stop = why;
    this.#stoppedAt = performance.now();
    this.#child.send({ type: 'stop', resumable: why === 'draining' });
    this.#killSoon(why);
  }

  #killSoon(why: StopReason): void {
    clearTimeout(this.#kill);
    this.#kill = setTimeout(() => this.#child.kill(), STOP_MS[why]);
  }

  #reportProgress({ stage, processed, scored, best }: ChildProgress): void {
    crashPoint('compute');
    const { metrics } = this.#context;
    this.#hold.processedUnits = processed;
    if (best !== null) this.#hold.best = best;
    const keeping = this.#stop === 'cancelled' && performance.now() - this.#stoppedAt < CANCELLED_ROWS_MS + 1000;
    if (keeping) this.#killSoon('cancelled');
    if (scored > 0 && stage !== 'finalizing') metrics.variantsScored(stage, scored);
    if (stage === this.#stage) return;
    this.#stageEnds();
    this.#hold.stage = stage;
    this.#stage = stage;
    this.#stageSince = performance.now();
    this.#log.event('stage_started', { stage });
  }

  /** Reports the stage that ends with the next one or with the job, not one that is cut short. */
  #stageEnds(): void {
    const stage = this.#stage;
    if (stage === null) return;
    this.#context.metrics.stageDuration(stage, (performance.now() - this.#stageSince) / 1000);
    this.#log.event('stage_finished', { stage });
  }

  /** Saves what the child sends until its last message, which it returns. */
  async #follow(): Promise<ChildMessage | ChildExit> {
    for (;;) {
      const message = await this.#child.next();
      if (message.type === 'loaded') {
        await this.#begin(message);
      } else if (message.type === 'part') {
        await this.#writePart(message.part);
      } else if (message.type === 'snapshot') {
        if (await this.#save(message.saved)) this.#log.event('snapshot', { stage: message.saved.stage });
        this.#child.send({ type: 'saved' });
      } else if (message.type === 'waiting') {
        await this.#waitForCandles(message.message);
      } else {
        return message;
      }
    }
  }

  /** Writes one part and lets the child send the next one; while it sends it is not killed for being slow to stop. */
  async #writePart(part: Part): Promise<void> {
    const { pool, jobs } = this.#context;
    if (part.kind === 'rows' || part.kind === 'trades') this.#resultBegun = true;
    const written = await writePart(this.#hold, part, { pool, lease_seconds: jobs.lease_seconds });
    if (this.#stop !== null && written !== null) this.#killSoon(this.#stop);
    this.#child.send({ type: 'saved', surfaceHash: written?.surfaceHash ?? null });
  }

  async #waitForCandles(why: string): Promise<void> {
    this.#log.failure(`the candles are unavailable, the job waits for them: ${why}`);
    this.#context.onCandles?.(why);
    const { jobs } = this.#context;
    await this.#hold.write((pool) => wait(pool, this.#hold.lease, jobs, 'candles_unreachable'));
  }

  /** Records where the loaded child starts. With a note it could not use the checkpoint: what belongs to that run goes. */
  async #begin({ stage, processed, note, counted }: Extract<ChildMessage, { type: 'loaded' }>): Promise<void> {
    this.gotOn = true;
    this.#context.onCandles?.(null);
    if (note !== null) this.#log.event('snapshot_skipped', { stage: this.#hold.stage, note });
    const [bars, ...others] = counted.map((one) => `${one.interval}: ${one.bars}`);
    if (others.length > 0) this.#log.event('series_chosen', { bars, others: others.join(', ') });
    this.#hold.stage = stage;
    this.#hold.processedUnits = processed;
    const { lease_seconds } = this.#context.jobs;
    const beginning = { lease_seconds, stage, processed_units: processed, anew: note !== null };
    await this.#hold.write((pool) => begin(pool, this.#hold.lease, beginning));
  }

  /** Writes the last portion of the rows and the resume point together: with it the parts before it count. */
  async #save({ stage, next: next_index, hashes, state, rows, parts, save_no, permuted }: Save): Promise<boolean> {
    // The child may be further than what it saves; the job row never goes back.
    const { stage: now, processedUnits: processed_units } = this.#hold;
    const progress = { lease_seconds: this.#context.jobs.lease_seconds, stage: now, processed_units };
    const checkpoint = state && { stage, next_index, hashes, state, parts, save_no };
    const written = await orUnstorable('a snapshot', () =>
      this.#hold.write((pool) => snapshot(pool, this.#hold.lease, { ...progress, rows, checkpoint, permuted })),
    );
    return written !== null;
  }

  async #conclude(last: ChildMessage | ChildExit): Promise<Outcome> {
    if (this.#hold.lost) return 'lost';
    if (this.#stop === 'no_room') return this.#unwritten();
    if (this.#stop === 'stalled') return this.#giveBack('crashed', 'stalled');
    if (last.type === 'stopped' && last.saved !== null && !(await this.#save(last.saved))) return this.#unwritten();
    if (last.type === 'stopped' && last.kept && last.kept.rows < last.kept.of) {
      const { rows, of } = last.kept;
      this.#log.failure(
        `the cancelled job keeps ${rows} of its ${of} best variants: more take too long to be run again`,
      );
    }
    if (this.#stop === 'cancelled') return this.#finish({ state: 'cancelled' });
    if (last.type === 'result') {
      const { rows, result: result_json, resultHash: result_hash } = last;
      return this.#finish({ state: 'succeeded', rows, result_json, result_hash });
    }
    if (last.type === 'failed') {
      this.#log.failure(last.stack);
      return this.#finish({ state: 'failed', error: last.error });
    }
    if (this.#stop === 'draining') return this.#giveBack('released', null);
    const exit = last as ChildExit;
    this.#log.failure(`the compute child ended: ${exit.detail}`);
    const cause = WORKER_CAUSES.find((one) => one === exit.cause);
    return cause === undefined ? this.#giveBack('crashed', exit.cause) : this.#giveBackExcused(cause, exit.detail);
  }

  async #giveBackExcused(cause: Excuse, detail: string): Promise<Outcome> {
    this.excused = { cause, detail };
    return this.#giveBack('released', cause);
  }

  /** Ends after a write that did not happen: the lease is lost, or the database had no room and the job can be given back. */
  async #unwritten(): Promise<Outcome> {
    if (this.#hold.lost || !this.#noRoom) return 'lost';
    return this.#giveBackExcused('database_disk_full', this.#hold.trouble ?? '');
  }

  /** Finishes the job. When the reply to a commit was lost, the history row of our attempt shows whether it was ours. */
  async #finish(ending: Ending): Promise<Outcome> {
    const { lease } = this.#hold;
    if (ending.state !== 'succeeded' && this.#resultBegun && !(await this.#strip())) return 'lost';
    const finishing = async (pool: pg.Pool): Promise<{ outcome: Ending['state'] } | null> => {
      crashPoint('finish');
      const outcome = await finish(pool, lease, ending);
      crashPoint('finished');
      if (outcome !== 'lost') return { outcome };
      const earlier = await outcomeOf(pool, lease);
      return earlier === ending.state || earlier === 'cancelled' ? { outcome: earlier } : null;
    };
    const written = await orUnstorable('the result', () => this.#hold.writeLast(finishing));
    if (written === null) return this.#unwritten();
    this.#context.metrics.finished(written.outcome);
    const { code, message } = (ending.state === 'failed' && written.outcome === 'failed' && ending.error) || {};
    this.#log.event(written.outcome, { stage: this.#hold.stage, code, message });
    return written.outcome;
  }

  async #giveBack(outcome: 'released' | 'crashed', cause: string | null): Promise<Outcome> {
    const { lease } = this.#hold;
    const written = await this.#hold.writeLast(async (pool) => {
      crashPoint('drain');
      if (await release(pool, lease, { outcome, cause })) return {};
      return (await outcomeOf(pool, lease)) === outcome ? {} : null; // the reply to our first try was lost
    });
    if (written === null) return 'lost';
    this.#log.event('released', { stage: this.#hold.stage, outcome, cause });
    return outcome;
  }
}
