// claim: takes the job whose lease has been over longest, else the first queued one, and counts attempt + 1.
//
// Two candidates in two materialized CTEs, each with its own index: one where clause with `or` sorts everything (with
// 100,000 queued 135 ms to find the row, where now a claim with its commit takes 8 ms on the same busy machine). Expired
// first, or a steady queue would starve them. `skip locked` so that claimers pass each other; a job somebody is writing to
// is not there for us. Materialized, so that `limit 1` locks one row once.
//
// All CTEs of a statement read one snapshot and none sees what another writes. Therefore what decides comes from rows
// locked here, which PostgreSQL reads again in their newest version: the job, and the history row of the attempt before
// (a release that committed after our snapshot must not count as a crash). The outer update asks the conditions once
// more, against the newest row, so that a lock lost from the CTEs costs a claim, not the one-owner rule.
//
// A crash that is the fault of a worker or of the database (excuses.ts) is in the history and does not count.

import { crashPoint } from '../config/crash.ts';
import { DATABASE_CAUSES, listOf, MAX_EXCUSED, WORKER_CAUSES } from './excuses.ts';
import { jobColumns, type Db, type Job, type Lease } from './job.ts';
import type { Observer } from './observer.ts';
import { resume, type ResumePoint } from './resume.ts';

export interface Claimed extends ResumePoint {
  readonly outcome: 'claimed';
  readonly lease: Lease;
  readonly job: Job;
  /** Taken over from an attempt that did not finish. */
  readonly reclaimed: boolean;
}

export type Claim = Claimed | { readonly outcome: 'cancelled' | 'failed'; readonly job: Job };

export interface Claimer {
  readonly locked_by: string;
  readonly lease_seconds: number;
  readonly max_crashes: number;
  /** What the worker sees by its own clock; without it the database's clock alone decides. */
  readonly observer?: Pick<Observer, 'silent' | 'disturbances' | 'clock'>;
}

/** Null: nothing to do. `cancelled`, `failed`: an abandoned job was found and ended; there may be more to claim. */
export async function claim(db: Db, claimer: Claimer): Promise<Claim | null> {
  const { locked_by, lease_seconds, max_crashes, observer } = claimer;
  const seen = [observer?.silent() ?? [], observer?.disturbances() ?? []].map((list) => JSON.stringify(list));
  const clock = observer?.clock() ?? null;
  const values = [locked_by, lease_seconds, max_crashes, placeOf(locked_by), ...seen, clock?.read, clock?.latest];
  const { rows } = await db.query<Job & { reclaimed: boolean }>(CLAIM, values);
  const [row] = rows;
  if (row === undefined) return null;
  crashPoint('claimed');
  const { reclaimed, ...job } = row;
  if (job.state === 'cancelled' || job.state === 'failed') return { outcome: job.state, job };
  const lease: Lease = { job_id: job.job_id, locked_by, attempt: job.attempt };
  const point = await resume(db, lease);
  return point && { outcome: 'claimed', lease, job, ...point, reclaimed };
}

/** Host and process of a worker, whose name changes after each doubt; a name of another shape is a place of its own. */
function placeOf(locked_by: string): string {
  return /^.+-\d+-(?=[0-9a-f]{8}$)/.exec(locked_by)?.[0] ?? locked_by;
}

// An attempt that crashed here a moment ago: whatever is wrong with this worker would do it again, so others go first.
// Where nobody else comes, this worker takes it a lease later.
const AVOIDED = `exists (
    select from backtest_job_attempts a
    where a.job_id = j.job_id and a.attempt = j.attempt and starts_with(a.locked_by, $4::text)
      and (a.outcome = 'crashed' or a.outcome = 'released' and a.cause in ${listOf(WORKER_CAUSES)})
      and a.ended_at between clock_timestamp() - $2::float8 * interval '1 second' and clock_timestamp()
  )`;

// A lease that has not moved for its whole length by our own clock, while the database's has not come to its end.
const SILENT = `exists (
    select from jsonb_to_recordset($5::jsonb) s (job_id uuid, attempt int, lease timestamptz)
    where s.job_id = j.job_id and s.attempt = j.attempt and s.lease = j.lease_expires_at
  )`;

// An attempt left open that its worker could not have kept.
const DISTURBANCE = `case
    when a.outcome is not null then null
    when pg_postmaster_start_time() > e.heartbeat_at then 'database_restarted'
    when clock_timestamp() > $8::timestamptz and e.lease_expires_at >= $7::timestamptz then 'clock_step' -- since we looked
    else (
      select d.cause from jsonb_to_recordset($6::jsonb) d (cause text, "from" timestamptz, until timestamptz)
      where e.heartbeat_at <= d.until and e.lease_expires_at >= d."from"
      limit 1
    )
  end`;

const CLAIM = `
with expired as materialized (
  select job_id, attempt, crash_count, cancel_requested_at, heartbeat_at, lease_expires_at
  from backtest_jobs j
  where state = 'running' and (lease_expires_at <= clock_timestamp() or ${SILENT}) and not ${AVOIDED}
  order by lease_expires_at, created_at, job_id
  for update of j skip locked
  limit 1
), queued as materialized (
  select job_id, attempt, crash_count, cancel_requested_at, heartbeat_at, lease_expires_at
  from backtest_jobs
  where state = 'queued' and not exists (select from expired)
  order by priority desc, created_at, job_id
  for update skip locked
  limit 1
), before as materialized ( -- how the attempt before ended; a crash that saved a checkpoint got on and is forgiven
  select a.job_id, a.cause, ${DISTURBANCE} as excuse,
    (a.outcome is null and (${DISTURBANCE}) is null or a.outcome = 'crashed') and not exists (
      select from backtest_job_checkpoints k where k.job_id = a.job_id and k.attempt = a.attempt
    ) as crashed,
    (
      select count(*) from backtest_job_attempts x
      where x.job_id = e.job_id and x.cause in ${listOf([...WORKER_CAUSES, ...DATABASE_CAUSES])} and x.attempt > coalesce((
        select k.attempt from backtest_job_checkpoints k where k.job_id = e.job_id
      ), 0)
    ) as excused
  from expired e join backtest_job_attempts a on a.job_id = e.job_id and a.attempt = e.attempt
  for update of a
), candidate as (
  select *, true as reclaimed from expired union all select *, false from queued
), decision as materialized (
  select job_id, reclaimed, lease_expires_at, excuse, coalesce(excused, 0) as excused,
    crash_count + coalesce(crashed, false)::int as crash_count, coalesce(cause, excuse, 'worker_lost') as code,
    case
      when cancel_requested_at is not null then 'cancelled'
      when crashed and crash_count + 1 >= $3 then 'failed'
      when excused >= ${MAX_EXCUSED} then 'failed'
      else 'running'
    end as state
  from candidate left join before using (job_id)
), claimed as (
  update backtest_jobs j
  set state = d.state,
    attempt = j.attempt + 1,
    crash_count = d.crash_count,
    updated_at = clock_timestamp(),
    started_at = coalesce(j.started_at, clock_timestamp()),
    locked_by = case when d.state = 'running' then $1 end,
    locked_at = case when d.state = 'running' then clock_timestamp() end,
    heartbeat_at = case when d.state = 'running' then clock_timestamp() end,
    lease_expires_at = case when d.state = 'running' then clock_timestamp() + $2::float8 * interval '1 second' end,
    finished_at = case when d.state <> 'running' then clock_timestamp() end,
    last_error = case when d.state = 'failed' then ${message()} end,
    last_error_json = case when d.state = 'failed' then jsonb_build_object(
      'code', d.code,
      'message', ${message()},
      'details', jsonb_build_object('crash_count', d.crash_count, 'max_crashes', $3::int, 'attempts', ${history()})
    ) end
  from decision d
  where j.job_id = d.job_id
    and case when d.reclaimed
      then j.state = 'running' and (j.lease_expires_at <= clock_timestamp() or j.lease_expires_at = d.lease_expires_at)
      else j.state = 'queued'
    end
  returning j.*, d.reclaimed, d.excuse
), lost as ( -- whoever left an attempt open did not come back to close it
  update backtest_job_attempts a
  set ended_at = clock_timestamp(), outcome = 'lost', cause = coalesce(c.excuse, a.cause)
  from claimed c
  where a.job_id = c.job_id and a.attempt < c.attempt and a.outcome is null
), opened as (
  insert into backtest_job_attempts (job_id, attempt, locked_by, claimed_at, ended_at, outcome)
  select job_id, attempt, $1, updated_at, finished_at, nullif(state, 'running') from claimed
), dropped as ( -- an ended job is not resumed
  delete from backtest_job_checkpoints k using claimed c where k.job_id = c.job_id and c.state <> 'running'
), parts as (
  delete from backtest_job_checkpoint_parts k using claimed c where k.job_id = c.job_id and c.state <> 'running'
)
select ${jobColumns}, reclaimed from claimed`;

function message(): string {
  return `case when d.excused >= ${MAX_EXCUSED}
    then format('%s attempts were ended by trouble of workers or database before a checkpoint (at most ${MAX_EXCUSED}); the last: %s', d.excused, d.code)
    else format('%s attempts crashed without getting on to a checkpoint (max_crashes %s); the last: %s', d.crash_count, $3::int, d.code)
  end`;
}

/** The last attempts as an operator would read them. The open one is about to be closed as lost, by this statement. */
function history(): string {
  return `(
    select jsonb_agg(jsonb_build_object(
      'attempt', attempt, 'locked_by', locked_by, 'outcome', coalesce(outcome, 'lost'), 'cause', coalesce(cause, case when outcome is null then d.excuse end)
    ) order by attempt)
    from (select * from backtest_job_attempts where job_id = d.job_id order by attempt desc limit 20) a
  )`;
}
