// The ancestors of a job: what it was made from, and that from what. Their searches looked at the same market before it, so
// what they tried counts when its best is judged.

import type { Db } from '../job.ts';

export interface Lineage {
  /** Ancestors that are still there and were run on the same instrument over a part of the same time. */
  readonly jobs: number;
  /** Variants that they have scored. */
  readonly trials: number;
  /** False: an ancestor was deleted, or there are more than are looked at, so that more was tried than is counted. */
  readonly complete: boolean;
}

/** Ancestors that are looked at. */
const MOST_ANCESTORS = 100;

/** Null: the job has no parent. */
export async function lineage(
  db: Db,
  { job_id, user_id }: { job_id: string; user_id: string },
): Promise<Lineage | null> {
  const { rows } = await db.query<Lineage & { parents: number }>(LINEAGE, [job_id, user_id, MOST_ANCESTORS]);
  const [row] = rows;
  if (row === undefined || row.parents === 0) return null;
  const { jobs, trials, complete } = row;
  return { jobs, trials, complete };
}

/** Returns whether the user has a job of this id. */
export async function hasJob(db: Db, job_id: string, user_id: string): Promise<boolean> {
  const { rows } = await db.query('select from backtest_jobs where job_id = $1 and user_id = $2', [job_id, user_id]);
  return rows.length > 0;
}

// A verdict counts different variants; an ancestor without one counts what it has scored. Parents are older than their
// children, so there are no circles; the depth bounds what somebody else may have written.
const LINEAGE = `
with recursive line as (
  select job_id, parent_job_id, 0 as depth from backtest_jobs where job_id = $1 and user_id = $2
  union all
  select p.job_id, p.parent_job_id, line.depth + 1
  from line join backtest_jobs p on p.job_id = line.parent_job_id and p.user_id = $2
  where line.depth < $3
), own as (
  select overview_json as o from backtest_job_requests where job_id = $1
), counted as (
  select case
      when f.summary_json ->> 'trials' is not null then (f.summary_json ->> 'trials')::float8
      when pg_column_size(f.result_json) <= 65536 and f.result_json #>> '{verdict,trials}' is not null
        then (f.result_json #>> '{verdict,trials}')::float8
      else j.processed_units end as trials
  from line
  join backtest_jobs j using (job_id)
  join backtest_job_requests r using (job_id)
  left join backtest_job_results f using (job_id)
  cross join own
  where line.depth > 0
    and r.overview_json -> 'instruments' = own.o -> 'instruments'
    and (r.overview_json #>> '{time_range,start}')::timestamptz < (own.o #>> '{time_range,end}')::timestamptz
    and (own.o #>> '{time_range,start}')::timestamptz < (r.overview_json #>> '{time_range,end}')::timestamptz
)
select
  (select count(*)::int from line where parent_job_id is not null) as parents,
  (select count(*)::int from counted) as jobs,
  (select coalesce(sum(trials), 0)::float8 from counted) as trials,
  (select bool_or(parent_job_id is null) from line) as complete`;
