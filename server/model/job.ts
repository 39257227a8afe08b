// The database's half of the model: one job row and what each statement of server/src/queue does to it, guard by guard.
// Time is counted in ticks from now, so an old job looks like a young one and the states stay few.
//
// A claim and a cancel happen in two steps, as in PostgreSQL: they read the row and, later, write what they decided. With
// the row lock nobody writes in between; without it anybody may. The other verbs are one update each.

import type { EndState, JobState } from '../src/queue/job.ts';

/** What keeps the protocol right; a configuration of the model takes some away. */
export interface Guards {
  /** Which statements ask the fence. */
  readonly fenceHeartbeat: boolean;
  readonly fenceSnapshot: boolean;
  readonly fenceFinish: boolean;
  readonly fenceRelease: boolean;
  /** What the fence asks. */
  readonly fenceOwner: boolean;
  readonly fenceAttempt: boolean;
  readonly fenceState: boolean;
  readonly fenceExpiry: boolean;
  /** attempt + 1 on claim. */
  readonly attemptGrows: boolean;
  /** Leases are dated and judged by the database's clock, not by that of the worker that sends the statement. */
  readonly databaseClock: boolean;
  /** A worker stops by itself when the lease may be over. */
  readonly trustDeadline: boolean;
  /** Trust is counted from before the question was sent, not from when its answer is read. */
  readonly trustFromSending: boolean;
  /** `for update skip locked` in claim. */
  readonly claimLock: boolean;
  /** The conditions of claim, asked again in the outer update. */
  readonly claimRecheck: boolean;
  /** claim takes over expired leases. */
  readonly reclaim: boolean;
  /** claim ends an expired job whose cancel was requested. */
  readonly claimAsksCancel: boolean;
  /** A checkpoint keeps its attempt from counting as a crash; it does not pay back earlier ones. */
  readonly crashesKept: boolean;
  /** An attempt that was left open counts as a crash. */
  readonly lostCounts: boolean;
  /** The claim that counts the last crash fails the job. */
  readonly maxCrashes: boolean;
  /** finish looks for a cancel request in the update that ends the job. */
  readonly finishAsksCancel: boolean;
  /** cancel locks the row and judges its newest version. */
  readonly cancelLock: boolean;
  /** cancel asks its conditions of the row it updates, too: what the product does not do, see cancel.ts. */
  readonly cancelRecheck: boolean;
  /** claim and cancel take a lease that an observer found silent for one that is over. */
  readonly silence: boolean;
  /** A lease is silent only when it has not moved for its whole length of elapsed time. */
  readonly silenceWaits: boolean;
  /** An attempt left open whose lease a step of the clock ended is no crash. */
  readonly stepExcused: boolean;
}

export interface Rules {
  readonly guards: Guards;
  /** locked_by of the two workers. */
  readonly names: readonly [string, string];
  /** Ticks that each worker's own clock is ahead of the database's. */
  readonly ahead: readonly [number, number];
  /** Whether a worker in doubt releases what runs under its name, and whether that statement, too, may arrive late. */
  readonly orphans: 'kept' | 'released' | 'released late';
  /** Which way the database's clock may step. */
  readonly clock: 'steady' | 'back' | 'ahead';
}

/** Ticks. */
export const LEASE = 3;
export const MAX_CRASHES = 2;

export interface Job {
  readonly state: JobState;
  readonly owner: string | null;
  readonly attempt: number;
  /** Ticks until the lease is over; 0 without one. For ever, when the clock has gone back. */
  readonly lease: number;
  /** Ticks since the lease moved, as an observer counts them; up to the length of a lease, and only where the clock steps back. */
  readonly silent: number;
  /** The clock has gone ahead since the lease moved. */
  readonly stepped: boolean;
  readonly crashes: number;
  readonly cancelRequested: boolean;
  /** The attempt that saved the checkpoint. */
  readonly savedBy: number | null;
  /** How the history has the last attempt. */
  readonly outcome: 'open' | 'released' | 'crashed';
  /** What really happened; no statement reads it, the invariants do. */
  readonly truth: {
    /** Claims that took the job: the attempt, if attempts are counted right. */
    readonly claims: number;
    /** The last of them saved a checkpoint. */
    readonly gotOn: boolean;
    /** Claims that ended with neither a checkpoint nor a release. */
    readonly crashes: number;
    /** A cancel was answered while the job had not ended. */
    readonly cancelAcknowledged: boolean;
  };
}

export const QUEUED: Job = {
  state: 'queued',
  owner: null,
  attempt: 0,
  lease: 0,
  silent: 0,
  stepped: false,
  crashes: 0,
  cancelRequested: false,
  savedBy: null,
  outcome: 'open',
  truth: { claims: 0, gotOn: false, crashes: 0, cancelAcknowledged: false },
};

/**
 * `release` and `crash` are release with that outcome. A portion of a result or of a save, and a strip, are to the job row
 * what a heartbeat is: the fence, and the lease anew. What they write counts with the snapshot or the finish behind them.
 */
export type Verb = 'heartbeat' | 'snapshot' | 'finish' | 'release' | 'crash';

export type WorkerIndex = 0 | 1;

/** Whose statement it is; `claim` is the truth about which claim it belongs to. */
export interface Sender {
  readonly worker: WorkerIndex;
  readonly attempt: number;
  readonly claim: number;
}

/** What a claim or a cancel read of the row, and decides by. */
export interface Read {
  readonly state: Job['state'];
  readonly expired: boolean;
  readonly cancelRequested: boolean;
  readonly crashes: number;
  readonly crashed: boolean;
}

export function ended({ state }: Pick<Job, 'state'>): boolean {
  return state !== 'queued' && state !== 'running';
}

/** One of the fenced verbs. Null: no row, the lease is lost. */
export function write(job: Job, verb: Verb, sender: Sender, rules: Rules): Job | null {
  if (fences(verb, rules.guards) && !fence(job, sender, rules)) return null;
  const renewed = LEASE + skew(rules, sender.worker);
  switch (verb) {
    case 'heartbeat':
      return { ...job, ...MOVED, lease: renewed };
    case 'snapshot':
      return { ...job, ...MOVED, lease: renewed, savedBy: sender.attempt, truth: { ...job.truth, gotOn: true } };
    case 'finish':
      return end(job, rules.guards.finishAsksCancel && job.cancelRequested ? 'cancelled' : 'succeeded');
    case 'release':
    case 'crash':
      return { ...job, lease: 0, outcome: verb === 'release' ? 'released' : 'crashed' };
  }
}

const MOVED = { silent: 0, stepped: false } as const;

/** One of them per tick of the world. */
export function older(job: Job, { clock }: Rules): Job {
  const silent = clock === 'back' && job.state === 'running' ? Math.min(LEASE, job.silent + 1) : 0;
  return { ...job, lease: Math.max(0, job.lease - 1), silent };
}

/** The clock of the database steps. Null: there is no lease that would notice. */
export function stepClock(job: Job, { clock }: Rules): Job | null {
  if (clock === 'steady' || job.state !== 'running' || job.lease === 0 || job.lease === Infinity) return null;
  return clock === 'back' ? { ...job, lease: Infinity } : { ...job, lease: 0, stepped: true };
}

function isSilent({ silent }: Job, { clock, guards }: Rules): boolean {
  return clock === 'back' && guards.silence && silent >= (guards.silenceWaits ? LEASE : 0);
}

function fences(verb: Verb, guards: Guards): boolean {
  if (verb === 'heartbeat') return guards.fenceHeartbeat;
  if (verb === 'snapshot') return guards.fenceSnapshot;
  return verb === 'finish' ? guards.fenceFinish : guards.fenceRelease;
}

function fence(job: Job, { worker, attempt }: Sender, rules: Rules): boolean {
  const { fenceOwner, fenceAttempt, fenceState, fenceExpiry } = rules.guards;
  if (fenceOwner && job.owner !== rules.names[worker]) return false;
  if (fenceAttempt && job.attempt !== attempt) return false;
  if (fenceState && job.state !== 'running') return false;
  return !fenceExpiry || job.lease > skew(rules, worker);
}

/** releaseOrphans, which no fence guards but the name. Null: the worker has no job that it could not know of. */
export function releaseOrphan(job: Job, worker: WorkerIndex, { names }: Rules): Job | null {
  const found = job.state === 'running' && job.owner === names[worker] && job.lease > 0;
  return found ? { ...job, lease: 0, outcome: 'released' } : null;
}

/** The first step of a claim. Null: nothing to claim. */
export function readForClaim(job: Job, worker: WorkerIndex, rules: Rules): Read | null {
  const read = look(job, job.lease <= skew(rules, worker) || isSilent(job, rules), rules.guards);
  return claimable(read, rules.guards) ? read : null;
}

/** Its second step. Null: the row is not what it was, nothing is claimed. */
export function claim(job: Job, read: Read, worker: WorkerIndex, rules: Rules): Job | null {
  const { guards, names } = rules;
  const now = look(job, job.lease <= skew(rules, worker) || isSilent(job, rules), guards);
  if (guards.claimRecheck && !(now.state === read.state && claimable(now, guards))) return null;
  const paidBack = !guards.crashesKept && job.savedBy === job.attempt;
  const crashes = paidBack ? 0 : read.crashes + (read.crashed ? 1 : 0);
  const { truth } = job;
  const excused = job.outcome === 'released' || (job.outcome === 'open' && job.stepped);
  const reallyCrashed = job.state === 'running' && !excused && !truth.gotOn;
  const taken: Job = {
    ...job,
    ...MOVED,
    attempt: job.attempt + (guards.attemptGrows ? 1 : 0),
    crashes,
    truth: { ...truth, claims: truth.claims + 1, gotOn: false, crashes: truth.crashes + (reallyCrashed ? 1 : 0) },
  };
  if (guards.claimAsksCancel && read.cancelRequested) return end(taken, 'cancelled');
  if (guards.maxCrashes && read.crashed && crashes >= MAX_CRASHES) return end(taken, 'failed');
  const lease = LEASE + skew(rules, worker);
  return { ...taken, state: 'running', owner: names[worker], lease, outcome: 'open' };
}

/** The first step of a cancel, which has no worker and therefore never a worker's clock. */
export function readForCancel(job: Job, rules: Rules): Read {
  return look(job, job.lease <= 0 || isSilent(job, rules), rules.guards);
}

/** Its second step; the user has an answer in any case. */
export function cancel(job: Job, read: Read, { guards }: Rules): Job {
  if (ended(read)) return job;
  const acknowledged = { ...job, truth: { ...job.truth, cancelAcknowledged: true } };
  if (guards.cancelRecheck && job.state !== read.state) return ended(job) ? job : acknowledged;
  const requested = { ...acknowledged, cancelRequested: true };
  if (read.state === 'running' && !read.expired) return requested;
  return end({ ...requested, attempt: job.attempt + (read.state === 'running' ? 1 : 0) }, 'cancelled');
}

function look(job: Job, expired: boolean, { lostCounts, stepExcused }: Guards): Read {
  const { state, attempt, cancelRequested, crashes, outcome, savedBy, stepped } = job;
  const counts = outcome === 'crashed' || (lostCounts && outcome === 'open' && !(stepped && stepExcused));
  return { state, expired, cancelRequested, crashes, crashed: state === 'running' && counts && savedBy !== attempt };
}

function claimable({ state, expired }: Read, { reclaim }: Guards): boolean {
  return state === 'queued' || (state === 'running' && expired && reclaim);
}

function end(job: Job, state: EndState): Job {
  return { ...job, state, owner: null, lease: 0, ...MOVED, savedBy: null, outcome: 'open' };
}

/** How far ahead the clock is that this worker's statements go by. */
function skew({ guards, ahead }: Rules, worker: WorkerIndex): number {
  return guards.databaseClock ? 0 : ahead[worker];
}
