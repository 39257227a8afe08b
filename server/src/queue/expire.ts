// expire: deletes jobs that ended longer ago than they are kept, and by cascade all that belongs to them. In batches, the
// oldest first, so that no statement is long and none holds back the clearing of old row versions for long. One worker at
// a time: who does not get the lock leaves it to the one that has it. The lock ends with the statement, so it works
// through a transaction pooler and a killed worker holds nothing.

import { setTimeout as delay } from 'node:timers/promises';
import { HOUR_MS } from '@backtest-jobs/engine/internal';
import type { Db } from './job.ts';

export const BATCH = 100;

/** How many were deleted, at most a batch; null: another worker is at it. */
export async function expire(db: Db, retention_days: number): Promise<number | null> {
  const { rows } = await db.query<{ mine: boolean; deleted: number }>(EXPIRE, [retention_days, BATCH]);
  return rows[0]?.mine === true ? rows[0].deleted : null;
}

export interface Hourly {
  readonly signal: AbortSignal;
  /** Told what went wrong; it is tried again an hour later. */
  readonly onError: (error: unknown) => void;
}

/** All that is due, now and every hour, until aborted. */
export async function expireHourly(db: Db, retention_days: number, { signal, onError }: Hourly): Promise<void> {
  while (!signal.aborted) {
    try {
      while (!signal.aborted && (await expire(db, retention_days)) === BATCH);
    } catch (error) {
      if (!signal.aborted) onError(error);
    }
    await delay(HOUR_MS, undefined, { signal, ref: false }).catch(() => {}); // rejects only when aborted
  }
}

// now(), not clock_timestamp(): a volatile function cannot be a bound of the index, and all that ended would be read.
const EXPIRE = `
with held as materialized (
  select pg_try_advisory_xact_lock(hashtextextended('backtest_jobs expire', 0)) as mine
), due as materialized (
  select job_id
  from backtest_jobs
  where (select mine from held) and state in ('succeeded', 'failed', 'cancelled')
    and finished_at < now() - $1::float8 * interval '1 day'
  order by finished_at
  for update skip locked
  limit $2
), deleted as (
  delete from backtest_jobs j using due where j.job_id = due.job_id
  returning j.job_id
)
select mine, (select count(*)::int from deleted) as deleted from held`;
