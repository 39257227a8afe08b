// cancel: a job nobody runs is cancelled now, a running one is asked to stop; what has ended stays as it is. The row is
// locked first and judged by its newest version: an update alone would skip a job that finished while it waited, and the
// answer would show the state from before. The update must ask its conditions of `held`: those on its own target are
// tried on the version of the statement's snapshot first, and a job claimed a moment ago, still queued in that snapshot,
// would lose the request (measured: 50 of the 55 cancels that met a claim).

import { jobColumns, type Db, type Job } from './job.ts';
import { notice } from './notify.ts';
import type { Observer } from './observer.ts';

/**
 * The job as it is now; null: this user has no such job. A job whose lease the observer found silent is cancelled now, like
 * one whose lease has expired: the database's clock may have gone back, and then it would run for hours without a worker.
 */
export async function cancel(
  db: Db,
  { job_id, user_id }: { job_id: string; user_id: string },
  observer?: Pick<Observer, 'silent'>,
): Promise<Job | null> {
  const silent = observer?.silent().find((lease) => lease.job_id === job_id);
  const values = [job_id, user_id, silent?.attempt ?? null, silent?.lease ?? null];
  const { rows } = await db.query<Job & { noticed?: '' }>(CANCEL, values);
  if (rows[0] === undefined) return null;
  const { noticed: _, ...cancelled } = rows[0];
  return cancelled;
}

/** What a running worker asks between heartbeats, so that a cancel takes one poll even when its notice is lost. */
export async function cancelRequested(db: Db, job_id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'select from backtest_jobs where job_id = $1 and cancel_requested_at is not null',
    [job_id],
  );
  return rowCount === 1;
}

// An expired lease counts an attempt, so that its former owner stays fenced off whatever comes; and as every attempt it
// has a row in the history, under the name of the verb, because no worker had it.
const CANCEL = `
with held as materialized (
  select *, state = 'queued' or state = 'running' and (
    lease_expires_at <= clock_timestamp() or attempt = $3::int and lease_expires_at = $4::timestamptz
  ) is true as idle
  from backtest_jobs
  where job_id = $1 and user_id = $2
  for no key update
), changed as (
  update backtest_jobs j
  set cancel_requested_at = coalesce(j.cancel_requested_at, clock_timestamp()),
    updated_at = clock_timestamp(),
    state = case when idle then 'cancelled' else j.state end,
    finished_at = case when idle then clock_timestamp() end,
    attempt = case when idle and j.state = 'running' then j.attempt + 1 else j.attempt end,
    locked_by = case when not idle then j.locked_by end,
    locked_at = case when not idle then j.locked_at end,
    lease_expires_at = case when not idle then j.lease_expires_at end,
    heartbeat_at = case when not idle then j.heartbeat_at end
  from held
  where j.job_id = held.job_id and (idle or held.state = 'running' and held.cancel_requested_at is null)
  returning j.*
), lost as (
  update backtest_job_attempts a
  set ended_at = clock_timestamp(), outcome = 'lost'
  from changed c
  where a.job_id = c.job_id and c.state = 'cancelled' and a.outcome is null
), counted as (
  insert into backtest_job_attempts (job_id, attempt, locked_by, claimed_at, ended_at, outcome)
  select c.job_id, c.attempt, 'cancel', c.updated_at, c.finished_at, 'cancelled'
  from changed c join held using (job_id) where c.attempt > held.attempt
), dropped as (
  delete from backtest_job_checkpoints k using changed c where k.job_id = c.job_id and c.state = 'cancelled'
), parts as (
  delete from backtest_job_checkpoint_parts k using changed c where k.job_id = c.job_id and c.state = 'cancelled'
)
select ${jobColumns}, ${notice('cancel')} as noticed from changed
union all
select ${jobColumns}, null from held where not exists (select from changed)`;
