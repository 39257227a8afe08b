// release: gives the job back. It stays running with a lease that ends now, so the next claim takes it as it takes any
// expired one, and counts it by what the history says: `released` never, `crashed` unless it saved a checkpoint. A crash
// that is the fault of the worker or the database is `released` with its cause (excuses.ts).

import { fence, fenced } from './fence.ts';
import type { Db, Lease } from './job.ts';
import { notice } from './notify.ts';

export interface Release {
  readonly outcome: 'released' | 'crashed';
  /** out_of_memory, child_crashed, stalled ...; becomes the error code if the job is given up. */
  readonly cause: string | null;
}

/** False: the lease is lost. */
export async function release(db: Db, lease: Lease, { outcome, cause }: Release): Promise<boolean> {
  const { rowCount } = await db.query(RELEASE, fenced(lease, outcome, cause));
  return rowCount === 1;
}

/**
 * Gives back every running job under the name of a worker that holds none, and says how many: after a claim whose answer
 * was lost the worker may own a job it does not know of. Not fenced by attempt, as nobody knows it; the name is the
 * worker's own, so a live lease under it can only be such a job.
 */
export async function releaseOrphans(db: Db, locked_by: string): Promise<number> {
  const { rowCount } = await db.query(RELEASE_ORPHANS, [locked_by]);
  return rowCount ?? 0;
}

const RELEASE = releasing(fence, '$4', '$5');

const RELEASE_ORPHANS = releasing(
  `state = 'running' and locked_by = $1 and lease_expires_at > clock_timestamp()`,
  `'released'`,
  `'claim_unanswered'`,
);

function releasing(condition: string, outcome: string, cause: string): string {
  return `
with released as (
  update backtest_jobs set lease_expires_at = clock_timestamp(), updated_at = clock_timestamp()
  where ${condition}
  returning job_id, attempt
), closed as (
  update backtest_job_attempts a
  set ended_at = clock_timestamp(), outcome = ${outcome}, cause = ${cause}
  from released r
  where a.job_id = r.job_id and a.attempt = r.attempt
)
select ${notice('release')} from released`;
}
