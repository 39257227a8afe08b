// Who wrote what: triggers that keep every write to the queue's tables, with the writer and the job as it was at that
// moment. Without it a broken guard stays unseen, because the next snapshot overwrites what it let through.

import type pg from 'pg';

/** Call it before the first job. */
export async function watch(admin: pg.Pool): Promise<void> {
  await admin.query(LOG);
  for (const table of TABLES) {
    await admin.query(`create trigger fault_watch after insert or update or delete on ${table}
      for each row execute function fault_record()`);
  }
}

const TABLES = [
  'backtest_jobs',
  'backtest_job_attempts',
  'backtest_job_checkpoints',
  'backtest_job_checkpoint_parts',
  'backtest_job_luck',
  'backtest_job_results',
  'backtest_job_shortlist_parts',
  'backtest_job_stage_a_shortlist',
  'backtest_job_surfaces',
  'backtest_job_top_variants',
  'backtest_job_trades',
];

// A pool calls itself what its worker is called in locked_by, and two workers of one name come as two roles. `asked_at`
// is when the statement arrived: a fence that holds was asked after it.
const LOG = `
create table fault_log (
  seq bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  asked_at timestamptz not null default statement_timestamp(),
  xid xid8 not null default pg_current_xact_id(),
  writer text not null default session_user || ' ' || current_setting('application_name'),
  relation text not null,
  job_id uuid not null,
  was backtest_jobs, -- of the job row
  now backtest_jobs,
  row_attempt int, -- of a child row, before a delete and after anything else
  deleted boolean not null,
  row_outcome text,
  row_stage text
);
create index on fault_log (job_id, relation);
create function fault_record() returns trigger language plpgsql security definer set search_path = public as $$
declare
  changed jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end) - '{state,scores,metrics_json,payload_json}'::text[];
  was backtest_jobs;
  now backtest_jobs;
begin
  if tg_table_name = 'backtest_jobs' then
    if tg_op <> 'INSERT' then was := old; end if;
    if tg_op <> 'DELETE' then now := new; end if;
  else
    select * into now from backtest_jobs where job_id = (changed ->> 'job_id')::uuid;
    if not found then return null; end if; -- goes with its job
  end if;
  insert into fault_log (relation, job_id, was, now, row_attempt, deleted, row_outcome, row_stage)
  values (tg_table_name, (changed ->> 'job_id')::uuid, was, now, (changed ->> 'attempt')::int, tg_op = 'DELETE',
    changed ->> 'outcome', changed ->> 'stage');
  return null;
end $$`;
