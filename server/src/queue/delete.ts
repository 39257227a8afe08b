// delete: takes a job that has ended, with all that belongs to it, out of the tables, for its owner. Terminal states are
// final, so a job that may be deleted stays one; one that runs is not even locked, or its heartbeat would wait for us.

import type { Db } from './job.ts';

/** `active`: it has not ended. */
export type Deleted = 'deleted' | 'active' | 'forbidden' | 'not_found';

export async function deleteJob(db: Db, { job_id, user_id }: { job_id: string; user_id: string }): Promise<Deleted> {
  const { rows } = await db.query<{ outcome: Deleted }>(DELETE, [job_id, user_id]);
  return rows[0]?.outcome ?? 'not_found';
}

// `found` is the row at the start of the statement. Whoever finds it ended and deletes nothing comes after another who did.
const DELETE = `
with found as (
  select user_id = $2 as mine, state in ('succeeded', 'failed', 'cancelled') as ended from backtest_jobs where job_id = $1
), deleted as (
  delete from backtest_jobs
  where job_id = $1 and user_id = $2 and state in ('succeeded', 'failed', 'cancelled')
  returning job_id
)
select case
    when not mine then 'forbidden'
    when exists (select from deleted) then 'deleted'
    when ended then 'not_found'
    else 'active'
  end as outcome
from found`;
