-- What the luck test of a job has found so far, written with its snapshots, so that it can be seen while the test runs and
-- of a job that was cancelled in it. A result has its own, and this goes.
create table backtest_job_luck (
  job_id uuid primary key references backtest_jobs on delete cascade,
  permuted_json jsonb not null check (jsonb_typeof(permuted_json) = 'object'),
  attempt int not null,
  updated_at timestamptz not null default clock_timestamp()
);
