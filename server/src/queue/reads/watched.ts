// watched: the jobs of some users that may have changed: those that go on, those that somebody saw going on, and new ones. One
// statement for all who watch, with an index for each part: there is none by the time of a change, because a heartbeat
// would have to write it. Where there are too many, those that changed last are told.

import { iso, jobColumns, type Db, type Job } from '../job.ts';
import { overviewColumns, overviewJoins, type Overviewed } from './overview.ts';

export type WatchedJob = Job &
  Overviewed & {
    /** When the best rows were written last; null: there are none. */
    readonly top_at: string | null;
  };

export interface Watch {
  readonly user_ids: readonly string[];
  /** Jobs that went on when they were last looked at. */
  readonly job_ids: readonly string[];
  /** New are those of the last so many seconds. */
  readonly new_seconds: number;
}

/** As many rows say that there may be more. */
export const MOST_WATCHED = 10_000;

/** Returns at most that many jobs, the last change first. */
export async function watched(
  db: Db,
  { user_ids, job_ids, new_seconds }: Watch,
  most = MOST_WATCHED,
): Promise<readonly WatchedJob[]> {
  const { rows } = await db.query<WatchedJob>(WATCHED, [user_ids, job_ids, new_seconds, most]);
  return rows;
}

const WATCHED = `
select ${jobColumns}, ${overviewColumns}, (
    select ${iso('t.updated_at')} from backtest_job_top_variants t where t.job_id = j.job_id and t.rank = 1
  ) as top_at
from (
  select * from backtest_jobs
  where user_id = any ($1::uuid[]) and job_id in (
    select job_id from backtest_jobs where user_id = any ($1::uuid[]) and state in ('queued', 'running')
    union
    select unnest($2::uuid[])
    union
    select job_id from backtest_jobs
    where user_id = any ($1::uuid[]) and created_at > clock_timestamp() - $3::float8 * interval '1 second'
  )
  order by updated_at desc, job_id desc
  limit $4
) j
${overviewJoins}
order by j.updated_at desc, j.job_id desc`;
