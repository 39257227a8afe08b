// The lease protocol as a transition system: one job, two workers, a user who may cancel, and a world that pauses
// workers, kills them (they start again) and lets statements arrive late. explore.ts walks through all of it.
//
// Nothing is bounded by count: kills, pauses, releases and attempts may go on for ever, key.ts tells why the states are
// few nevertheless. Two simplifications are the model's own: a tick is as long as a worker waits for an answer, and one
// statement at a time is late; a second one never arrives.

import type { Step } from './explore.ts';
import {
  cancel,
  claim,
  ended,
  LEASE,
  older as jobOlder,
  QUEUED,
  readForCancel,
  readForClaim,
  releaseOrphan,
  stepClock,
  write,
  type Job,
  type Read,
  type Rules,
  type Sender,
  type Verb,
  type WorkerIndex,
} from './job.ts';

/** What a worker believes about the job it runs. */
export interface Held {
  readonly attempt: number;
  readonly claim: number;
  /** Ticks until its trust deadline. */
  readonly trust: number;
  /** Its child has stopped, and this last write is to be sent until it is answered. */
  readonly ending: Verb | null;
}

export interface Statement extends Sender {
  readonly verb: Verb | 'claim' | 'orphans';
  /** Of a claim that is between its two steps. */
  readonly read: Read | null;
}

export interface Worker {
  readonly paused: boolean;
  readonly held: Held | null;
  readonly sent: Statement | null;
  /** Came while it was paused: what it will believe once it has read it. */
  readonly answer: Held | null;
}

export interface State {
  readonly job: Job;
  readonly workers: readonly [Worker, Worker];
  /** A statement that its sender does not wait for any more, and that will still arrive. */
  readonly late: Statement | null;
  /** What a cancel between its two steps has read. */
  readonly cancelling: Read | null;
}

export interface LeaseStep extends Step<State> {
  /** The claim whose write the database accepted in this step. */
  readonly accepted: number | null;
}

const IDLE: Worker = { paused: false, held: null, sent: null, answer: null };
const TRUST = LEASE - 1;
const VERBS: readonly Verb[] = ['heartbeat', 'snapshot', 'finish', 'release', 'crash'];
const VERB: Readonly<Record<Statement['verb'], string>> = {
  claim: 'claim',
  orphans: 'release of orphans',
  heartbeat: 'heartbeat',
  snapshot: 'snapshot',
  finish: 'finish',
  release: 'release',
  crash: 'release (crashed)',
};
const WORKERS: readonly WorkerIndex[] = [0, 1];

export const START: State = { job: QUEUED, workers: [IDLE, IDLE], late: null, cancelling: null };

/** Everything that can happen next. Once the job has ended, all that matters is who still writes to it. */
export function stepsOf(state: State, rules: Rules): LeaseStep[] {
  const steps: LeaseStep[] = [];
  for (const index of WORKERS) {
    const { paused, sent } = state.workers[index];
    steps.push(...sends(state, index, rules));
    if (sent !== null) steps.push(arrives(state, sent, false, rules));
    if (paused) steps.push(step(`w${index + 1} is continued`, wake(state, index)));
    if (!ended(state.job)) steps.push(...suffers(state, index, rules));
  }
  if (state.late !== null) steps.push(arrives(state, state.late, true, rules));
  steps.push(...cancels(state, rules));
  const stepped = stepClock(state.job, rules);
  if (stepped !== null) steps.push(step(`the database's clock goes ${rules.clock}`, { ...state, job: stepped }, true));
  if (!ended(state.job)) steps.push(...ticks(state, rules));
  return steps;
}

function step(label: string, next: State, fault = false, accepted: number | null = null): LeaseStep {
  return { label, next, fault, accepted };
}

function sends(state: State, index: WorkerIndex, rules: Rules): LeaseStep[] {
  const { paused, held, sent } = state.workers[index];
  if (paused || sent !== null) return [];
  if (held === null) {
    // A claim that finds nothing changes nothing, and one that waits until there is something is a late claim.
    if (readForClaim(state.job, index, rules) !== null) return [sendsUnfenced(state, index, 'claim')];
    const doubtful = rules.orphans !== 'kept' && releaseOrphan(state.job, index, rules) !== null;
    return doubtful ? [sendsUnfenced(state, index, 'orphans')] : [];
  }
  const verbs: readonly Verb[] = held.ending === null ? VERBS : [held.ending];
  return verbs.map((verb) => {
    const fault = (verb === 'crash' || verb === 'release') && held.ending === null;
    return step(`w${index + 1} sends ${VERB[verb]} of attempt ${held.attempt}`, send(state, index, verb), fault);
  });
}

function sendsUnfenced(state: State, index: WorkerIndex, verb: 'claim' | 'orphans'): LeaseStep {
  return step(`w${index + 1} sends ${VERB[verb]}`, send(state, index, verb));
}

function send(state: State, index: WorkerIndex, verb: Statement['verb']): State {
  const worker = state.workers[index];
  const { attempt, claim: claimed } = worker.held ?? { attempt: 0, claim: 0 };
  const sent: Statement = { worker: index, attempt, claim: claimed, verb, read: null };
  const last = verb === 'finish' || verb === 'release' || verb === 'crash';
  const held = worker.held !== null && last ? { ...worker.held, ending: verb } : worker.held;
  return withWorker(state, index, { ...worker, held, sent });
}

/** The database gets to a statement. One that holds the row from reading to writing does both in one step. */
function arrives(state: State, statement: Statement, late: boolean, rules: Rules): LeaseStep {
  const { verb, worker, attempt } = statement;
  const who = `${late ? 'late: ' : ''}w${worker + 1}'s ${VERB[verb]}`;
  if (verb === 'orphans') {
    const job = releaseOrphan(state.job, worker, rules);
    return step(`${who} finds ${job === null ? 'none' : 'one'}`, answered(state, { statement, late, job }, rules));
  }
  if (verb !== 'claim') {
    const job = write(state.job, verb, statement, rules);
    const label = `${who} of attempt ${attempt} is ${job === null ? 'refused' : 'accepted'}`;
    return step(label, answered(state, { statement, late, job }, rules), false, job && statement.claim);
  }
  const read = statement.read ?? readForClaim(state.job, worker, rules);
  if (read === null) return step(`${who} finds nothing`, answered(state, { statement, late, job: null }, rules));
  if (statement.read === null && !rules.guards.claimLock) {
    const reading = { ...statement, read };
    const next = late
      ? { ...state, late: reading }
      : withWorker(state, worker, { ...state.workers[worker], sent: reading });
    return step(`${who} reads the job`, next);
  }
  const job = claim(state.job, read, worker, rules);
  const label = job === null ? `${who} finds the job changed` : `${who} makes it ${job.state}, attempt ${job.attempt}`;
  return step(label, answered(state, { statement, late, job }, rules));
}

interface Reply {
  readonly statement: Statement;
  readonly late: boolean;
  /** Null: the statement changed no row. */
  readonly job: Job | null;
}

/** Delivers the reply to a statement to its sender, unless that is gone or paused. */
function answered(state: State, { statement, late, job }: Reply, rules: Rules): State {
  const after = { ...state, job: job ?? state.job };
  if (late) return { ...after, late: null };
  const worker = state.workers[statement.worker];
  const held = job && believes(worker.held, statement, job, rules);
  // Paused with nothing left to believe it is as good as idle: it knows no better when it wakes.
  const told = worker.paused && held !== null ? { ...worker, sent: null, answer: held } : { ...IDLE, held };
  return withWorker(after, statement.worker, told);
}

/** What the answer makes of a worker that held `before`; null: it has no job (any more). */
function believes(before: Held | null, { verb }: Statement, job: Job, { guards }: Rules): Held | null {
  const trust = guards.trustDeadline ? TRUST : 0;
  if (verb === 'claim') {
    if (job.state !== 'running') return null;
    return { attempt: job.attempt, claim: job.truth.claims, trust, ending: null };
  }
  if (before === null || before.ending !== null) return null;
  return { ...before, trust };
}

/** What the world does to a worker. A worker with nothing in hand is no worse off paused or killed. */
function suffers(state: State, index: WorkerIndex, rules: Rules): LeaseStep[] {
  const worker = state.workers[index];
  const { paused, held, sent, answer } = worker;
  if (held === null && sent === null && answer === null) return [];
  const name = `w${index + 1}`;
  const killed = withWorker(sent === null ? state : abandon(state, sent, rules), index, IDLE);
  const steps = [step(`${name} is killed and starts again`, killed, true)];
  if (!paused) steps.push(step(`${name} is paused`, withWorker(state, index, { ...worker, paused: true }), true));
  return steps;
}

function wake(state: State, index: WorkerIndex): State {
  const { held, sent, answer } = state.workers[index];
  return withWorker(state, index, { paused: false, held: answer ?? held, sent, answer: null });
}

function abandon(state: State, sent: Statement, { orphans }: Rules): State {
  const stays = state.late === null && (sent.verb !== 'orphans' || orphans === 'released late');
  return stays ? { ...state, late: sent } : state;
}

function cancels(state: State, rules: Rules): LeaseStep[] {
  const { job, cancelling } = state;
  if (cancelling === null && (ended(job) || job.truth.cancelAcknowledged)) return [];
  const read = cancelling ?? readForCancel(job, rules);
  if (cancelling === null && !rules.guards.cancelLock) {
    return [step('a cancel reads the job', { ...state, cancelling: read }, true)];
  }
  const next = { ...state, job: cancel(job, read, rules), cancelling: null };
  return [step('the cancel is answered', next, cancelling === null)];
}

/** Time passes. Where both workers give up a statement either of the two may be the one that still arrives. */
function ticks(state: State, rules: Rules): LeaseStep[] {
  const [first, second] = state.workers;
  const either = state.late === null && first.sent !== null && second.sent !== null;
  const orders: readonly (readonly WorkerIndex[])[] = either ? [WORKERS, [1, 0]] : [WORKERS];
  return orders.map((order) => step('a tick passes', tick(state, order, rules)));
}

/** The lease and everybody's trust run down, and nobody waits for an answer any longer. */
function tick(state: State, order: readonly WorkerIndex[], rules: Rules): State {
  let next: State = { ...state, job: jobOlder(state.job, rules) };
  for (const index of order) {
    const worker = next.workers[index];
    if (worker.sent !== null) next = abandon(next, worker.sent, rules);
    next = withWorker(next, index, older({ ...worker, sent: null }, rules));
  }
  return next;
}

/**
 * Past its deadline a worker forgets the job. One that is paused does so first thing when it wakes, whatever answer
 * waits for it; that it cannot know better until then is written down here at once.
 */
function older(worker: Worker, { guards }: Rules): Worker {
  const held = sooner(worker.held);
  const answer = guards.trustFromSending ? sooner(worker.answer) : worker.answer;
  const deadline = held ?? answer;
  if (deadline === null || (guards.trustDeadline && deadline.trust === 0)) return IDLE;
  return { ...worker, held, answer };
}

function sooner(held: Held | null): Held | null {
  return held && { ...held, trust: Math.max(0, held.trust - 1) };
}

function withWorker(state: State, index: WorkerIndex, worker: Worker): State {
  const [first, second] = state.workers;
  return { ...state, workers: index === 0 ? [worker, second] : [first, worker] };
}
