// Holding a lease: one heartbeat at a time, one trust deadline, one way to write. Everything a worker writes about its
// job goes through `write`, so that a job that is no longer ours cannot be written to by accident.
//
// Trust: the database promised the lease until (the moment it answered + lease). We count from before the question was
// sent, on the monotonic clock, and give up a margin earlier, so a paused or cut-off worker stops itself before the
// database may hand the job to somebody else.

import type { Stage } from '@backtest-jobs/engine/internal';
import type pg from 'pg';
import { crashPoint } from '../config/crash.ts';
import { databaseTrouble, isRetryable } from '../db.ts';
import { messageOf } from '../message.ts';
import type { LostReason } from '../metrics.ts';
import type { DatabaseCause } from '../queue/excuses.ts';
import { refusal } from '../queue/fence.ts';
import { heartbeat, type BestSoFar } from '../queue/heartbeat.ts';
import type { Lease } from '../queue/job.ts';
import { unlessAborted } from '../stop.ts';

/** Why a job must stop although it is not finished. */
export type StopReason = 'lost' | 'cancelled' | 'draining' | 'stalled' | 'no_room';

interface HoldSettings {
  readonly pool: pg.Pool;
  /** A connection of its own, so that a heartbeat never queues behind a large snapshot or a full pool. */
  readonly heartbeatPool: pg.Pool;
  readonly leaseSeconds: number;
  readonly heartbeatSeconds: number;
  /** Aborted when the worker ends: from then on there is little time for what is still to be written. */
  readonly drain: AbortSignal;
  readonly onStop: (stop: StopReason, reason: LostReason | null) => void;
  readonly onHeartbeatDelay: (seconds: number) => void;
  /** Told each time the database could not do its work. */
  readonly onTrouble?: (cause: DatabaseCause, said: string, trustedMs: number) => void;
}

// Of the 10 s in which a drained worker ends; the child's last chunk and the goodbye of the connections are in them too.
const DRAIN_MS = 7000;
// Of the trust, for giving back a job that the database has no room for: it may still change a row that it cannot add.
const GIVE_BACK_SHARE = 0.25;
// To find out why a write was refused is for the log only.
const REFUSAL_MS = 1000;

interface Answer {
  readonly cancel_requested_at: string | null;
}

export class Hold implements AsyncDisposable {
  readonly lease: Lease;
  stage: Stage;
  processedUnits: number;
  /** Null until this attempt has scored a variant that is ranked. */
  best: BestSoFar | null = null;
  #settings: HoldSettings;
  #trustedUntil = 0;
  #latest = Infinity;
  #giveUp: (nothing: null) => void = () => {}; // the attempt in flight
  #deadline: NodeJS.Timeout | undefined;
  #beat: NodeJS.Timeout | undefined;
  #dueAt: number;
  #turn: Promise<unknown> = Promise.resolve();
  #writing = 0;
  #ended = false;
  #lost = false;
  #trouble: string | null = null;
  #noRoom = false;
  #reportedUnits = -1;

  /** `claimedAt` is performance.now() from before the claim was sent. */
  constructor(
    lease: Lease,
    claimedAt: number,
    start: { stage: Stage; processedUnits: number },
    settings: HoldSettings,
  ) {
    this.lease = lease;
    this.stage = start.stage;
    this.processedUnits = start.processedUnits;
    this.#settings = settings;
    this.#dueAt = performance.now();
    this.#trustFrom(claimedAt);
    if (settings.drain.aborted) this.#hurry();
    settings.drain.addEventListener('abort', this.#hurry);
    void this.#heartbeat();
  }

  get lost(): boolean {
    return this.#lost;
  }

  /** What the database said of the last write, if that has failed. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /**
   * Runs one fenced write when no other is in flight; transient database trouble is retried while the lease is trusted.
   * Null: the lease is lost, nothing was written and nothing more will be.
   */
  async write<T extends object>(verb: (pool: pg.Pool) => Promise<T | null>): Promise<T | null> {
    this.#writing += 1;
    try {
      return await this.#inTurn(() => this.#attempt(this.#settings.pool, verb));
    } finally {
      this.#writing -= 1;
    }
  }

  /** The write that ends the job or gives it back: no heartbeat follows it, which would find the lease gone. */
  async writeLast<T extends object>(verb: (pool: pg.Pool) => Promise<T | null>): Promise<T | null> {
    return this.write(async (pool) => {
      const answer = await verb(pool);
      if (answer !== null) this.#ended = true;
      return answer;
    });
  }

  /** Ends the hold: no more heartbeats, and the one in flight has come back. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#beat);
    clearTimeout(this.#deadline);
    this.#settings.drain.removeEventListener('abort', this.#hurry);
    await this.#turn.catch(() => {});
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }

  async #attempt<T extends object>(pool: pg.Pool, verb: (pool: pg.Pool) => Promise<T | null>): Promise<T | null> {
    for (let wait = 50; ; wait = Math.min(wait * 2, 1000)) {
      const askedAt = performance.now();
      if (this.#ended || this.#lost) return null;
      if (askedAt >= this.#trustedUntil) return this.#lose(this.#trouble === null ? 'trust' : 'database');
      try {
        // A silent server must not keep us. One promise for all attempts would remember each: 29 MB a day.
        const gone = Promise.withResolvers<null>();
        this.#giveUp = gone.resolve;
        const answer = await Promise.race([verb(pool), gone.promise]);
        if (this.#lost) return null;
        this.#trouble = null; // it was answered, whatever the answer is
        if (answer === null) return this.#lose(await this.#whyRefused());
        this.#trustFrom(askedAt);
        if ('cancel_requested_at' in answer && answer.cancel_requested_at !== null)
          this.#settings.onStop('cancelled', null);
        return answer;
      } catch (error) {
        if (!isRetryable(error)) throw error;
        this.#trouble = messageOf(error);
        if (this.#hasNoRoom(error)) return null;
        const pause = Math.min(wait * (0.5 + Math.random()), this.#untilGiveBack());
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  /** True once, for the write that must make way for giving the job back; whatever is written after it goes on until the end. */
  #hasNoRoom(error: unknown): boolean {
    const cause = databaseTrouble(error) ?? 'database_trouble';
    this.#settings.onTrouble?.(cause, messageOf(error), this.#trustedUntil - performance.now());
    const enough = this.#untilGiveBack() < Infinity;
    if (cause !== 'database_disk_full' || enough || this.#noRoom || this.#lost) return false;
    this.#noRoom = true;
    this.#settings.onStop('no_room', null);
    return true;
  }

  /** Tells the database how far the job is, if that has changed: whoever watches it sees it move between heartbeats. */
  async reportProgress(): Promise<void> {
    if (this.processedUnits !== this.#reportedUnits) await this.#beatNow();
  }

  async #heartbeat(): Promise<void> {
    if (this.#ended || this.#lost) return;
    this.#settings.onHeartbeatDelay(Math.max(0, (performance.now() - this.#dueAt) / 1000));
    await this.#beatNow();
    const every = this.#settings.heartbeatSeconds * 1000;
    this.#dueAt = Math.max(performance.now(), this.#dueAt + every);
    const wait = Math.max(0, this.#dueAt - performance.now());
    if (!this.#ended) this.#beat = setTimeout(() => void this.#heartbeat(), wait);
  }

  async #beatNow(): Promise<void> {
    // A write in progress extends the lease itself, and a heartbeat beside it would wait for its row lock.
    if (this.#writing > 0) return;
    crashPoint('heartbeat');
    const processed_units = (this.#reportedUnits = this.processedUnits);
    const { stage, best } = this;
    const beat = { lease_seconds: this.#settings.leaseSeconds, stage, processed_units, best };
    const send = (): Promise<Answer | null> =>
      this.#attempt(this.#settings.heartbeatPool, (pool) => heartbeat(pool, this.lease, beat));
    // What rejects is a refusal that no retry mends (a missing right, a broken statement): without heartbeats no lease.
    await this.#inTurn(send).catch((error: unknown) => {
      this.#trouble = messageOf(error);
      this.#settings.onTrouble?.(databaseTrouble(error) ?? 'database_trouble', messageOf(error), 0);
      this.#lose('database');
    });
  }

  /** Milliseconds until the share of the lease begins that is kept for giving the job back; Infinity: it has begun. */
  #untilGiveBack(): number {
    const kept = this.#settings.leaseSeconds * 1000 * GIVE_BACK_SHARE;
    const until = this.#trustedUntil - performance.now() - kept;
    return until > 0 ? until + 1 : Infinity;
  }

  #whyRefused(): Promise<LostReason> {
    const asked = refusal(this.#settings.pool, this.lease);
    return unlessAborted<LostReason>(asked, AbortSignal.timeout(REFUSAL_MS)).catch(() => 'fenced');
  }

  #hurry = (): void => {
    this.#latest = performance.now() + DRAIN_MS;
    this.#trustUntil(this.#trustedUntil);
  };

  #trustFrom(askedAt: number): void {
    this.#trustUntil(askedAt + this.#settings.leaseSeconds * 900); // a tenth is the margin for killing the child
  }

  #trustUntil(until: number): void {
    this.#trustedUntil = Math.min(until, this.#latest);
    clearTimeout(this.#deadline);
    if (this.#ended) return;
    const reason = (): LostReason => (this.#trouble === null ? 'trust' : 'database');
    this.#deadline = setTimeout(() => this.#lose(reason()), Math.max(0, this.#trustedUntil - performance.now()));
  }

  #lose(reason: LostReason): null {
    if (this.#lost || this.#ended) return null;
    this.#lost = true;
    this.#giveUp(null);
    clearTimeout(this.#beat);
    clearTimeout(this.#deadline);
    this.#settings.onStop('lost', reason);
    return null;
  }
}
