// What must hold of every step of the lease protocol: the invariants of the queue that need no result and no wall clock.

import { ended, MAX_CRASHES, type Job } from './job.ts';
import type { LeaseStep, State, Worker } from './lease.ts';

export const INVARIANTS = {
  I1: 'every accepted write came from the current attempt',
  I2: 'a job that has ended never changes',
  I3: 'one owner: no two workers run the job',
  I4: 'no job lost: once the world behaves it completes',
  I6: 'attempt and crash_count never go down',
  I7: 'poison bounded: crashes are counted, and max_crashes of them end the job',
  I8: 'cancel wins: after its answer the job ends as nothing else',
} as const;

export type Invariant = keyof typeof INVARIANTS;

/** The first invariant that a step breaks. I4 is no matter of one step: the search judges it. */
export function brokenBy(
  { job: before }: State,
  { next, accepted }: LeaseStep,
  ignoring: Invariant | null = null,
): Invariant | null {
  const { job } = next;
  if (ended(before) && changed(before, job)) return 'I2';
  // An attempt that was given back is over, although no other has begun.
  if (accepted !== null && (accepted !== before.truth.claims || before.outcome !== 'open')) return 'I1';
  if (ignoring !== 'I3' && next.workers.every(runs)) return 'I3';
  if (job.attempt < before.attempt || job.crashes < before.crashes) return 'I6';
  if (job.crashes !== job.truth.crashes || (job.state === 'running' && job.crashes >= MAX_CRASHES)) return 'I7';
  if (job.truth.cancelAcknowledged && (job.state === 'succeeded' || job.state === 'failed')) return 'I8';
  return null;
}

/** Its child computes: it is awake, believes that the job is its own, and has not stopped to say its last word. */
function runs({ paused, held }: Worker): boolean {
  return !paused && held !== null && held.ending === null;
}

function changed({ truth: _before, ...before }: Job, { truth: _after, ...after }: Job): boolean {
  return JSON.stringify(before) !== JSON.stringify(after);
}
