// The fence: after a claim every write carries owner and attempt, so a worker that lost its lease changes nothing.
// Sound because attempt never goes down and only the database's clock counts: clock_timestamp(), as now() stands still
// inside a transaction and would keep an expired lease alive.
//
// One gap, on purpose: a fenced update that waited behind a row lock which changed nothing (a claim that was rolled
// back) is not asked again and may renew a lease that ran out while it waited. Nobody took the job meanwhile: a claim
// that commits changes the row, and a changed row is judged again, by its new attempt.

import type { Db, Lease } from './job.ts';

/** Where clause; $1 to $3 are the lease. No row: the lease is lost. */
export const fence = `job_id = $1 and locked_by = $2 and attempt = $3
    and state = 'running' and lease_expires_at > clock_timestamp()`;

/** The parameters of a fenced statement, further ones from $4. */
export function fenced({ job_id, locked_by, attempt }: Lease, ...more: readonly unknown[]): unknown[] {
  return [job_id, locked_by, attempt, ...more];
}

/** Why the fence refused: our lease has run out and nobody has taken the job since, or it is not ours any more. */
export async function refusal(db: Db, lease: Lease): Promise<'expired' | 'fenced'> {
  const { rowCount } = await db.query(OURS_BUT_FOR_THE_TIME, fenced(lease));
  return rowCount === 1 ? 'expired' : 'fenced';
}

const OURS_BUT_FOR_THE_TIME = `
select from backtest_jobs where job_id = $1 and locked_by = $2 and attempt = $3 and state = 'running'`;
