// When are two states the same? Absolute attempts do not matter: statements are only ever compared with the attempt of
// the row, which never goes down, so whoever is behind stays behind. Nor does it matter which of two equal workers is
// which. With both left out the states are finite although the attempts are not.

import type { Job, Rules, WorkerIndex } from './job.ts';
import type { Held, State, Statement } from './lease.ts';

export function keyOf(state: State, { guards, names }: Rules): string {
  const { job, workers, late, cancelling } = state;
  const { truth } = job;
  const row = [
    job.state,
    job.lease,
    job.crashes,
    job.cancelRequested,
    job.savedBy === job.attempt,
    job.outcome,
    job.silent,
    job.stepped,
    truth.gotOn,
    truth.crashes,
    truth.cancelAcknowledged,
    cancelling,
  ];
  const both = workers.map(({ paused, held, sent, answer }, index) =>
    JSON.stringify([
      job.owner === names[index as WorkerIndex],
      paused,
      believes(job, held),
      says(job, sent),
      believes(job, answer),
      late?.worker === index ? says(job, late) : null,
    ]),
  );
  if (guards.databaseClock) both.sort(); // else each has a clock of its own
  return JSON.stringify(row) + both.join('');
}

function says(job: Job, statement: Statement | null): unknown {
  return statement && [statement.verb, statement.read, ...behind(job, statement)];
}

function believes(job: Job, held: Held | null): unknown {
  return held && [held.trust, held.ending, ...behind(job, held)];
}

function behind({ attempt, truth }: Job, of: { readonly attempt: number; readonly claim: number }): boolean[] {
  return [attempt !== of.attempt, truth.claims !== of.claim];
}
