-- The queue's tables. A job is one narrow row in backtest_jobs, which changes while the job lives; what is written once
-- or grows lies in child tables, each with the attempt that wrote it. The checks draw the state machine:
--
--   queued --claim--> running --finish--> succeeded | failed | cancelled        (terminal rows never change)
--     |                 | ^
--     '--cancel-->      '-' claim again when the lease is over (release is a lease that ends now)
--
-- Nobody takes a lease away: it runs out on the database's clock, and attempt + 1 then fences the former owner.

create table backtest_jobs (
  job_id uuid primary key,
  user_id uuid not null,
  mode text not null,
  state text not null default 'queued',
  stage text not null default 'stage_a',
  name text,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  cancel_requested_at timestamptz,
  request_hash text not null,
  engine_params_hash text not null,
  backtest_runtime_config_hash text not null,
  spec_hash text,
  processed_units bigint not null default 0,
  total_units bigint not null default 0,
  progress_updated_at timestamptz,
  locked_by text,
  locked_at timestamptz,
  lease_expires_at timestamptz,
  heartbeat_at timestamptz,
  attempt int not null default 0,
  crash_count int not null default 0,
  last_error text,
  last_error_json jsonb,
  idempotency_key text,
  priority smallint not null default 0,

  constraint backtest_jobs_mode check (mode in ('saved', 'template')),
  constraint backtest_jobs_state check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  constraint backtest_jobs_stage check (stage in ('stage_a', 'stage_b', 'finalizing')),
  constraint backtest_jobs_lease check (
    case when state = 'running'
      then num_nulls(locked_by, locked_at, lease_expires_at, heartbeat_at) = 0
      else num_nonnulls(locked_by, locked_at, lease_expires_at, heartbeat_at) = 0
    end
  ),
  -- A queued job may only be cancelled: what succeeded or failed has been running.
  constraint backtest_jobs_started check (
    case state when 'queued' then started_at is null when 'cancelled' then true else started_at is not null end
  ),
  constraint backtest_jobs_finished check ((finished_at is not null) = (state in ('succeeded', 'failed', 'cancelled'))),
  constraint backtest_jobs_error check (
    num_nonnulls(last_error, last_error_json) = case state when 'failed' then 2 else 0 end
  ),
  constraint backtest_jobs_error_shape check (
    last_error_json is null
    or jsonb_typeof(last_error_json) = 'object' and last_error_json ?& array['code', 'message', 'details']
  ),
  constraint backtest_jobs_spec check ((spec_hash is not null) = (mode = 'saved')),
  constraint backtest_jobs_progress check (
    processed_units >= 0 and total_units >= 0 and (total_units = 0 or processed_units <= total_units)
  ),
  constraint backtest_jobs_counts check (attempt >= 0 and crash_count >= 0),
  constraint backtest_jobs_hashes check (
    request_hash ~ '^[0-9a-f]{64}$'
    and engine_params_hash ~ '^[0-9a-f]{64}$'
    and backtest_runtime_config_hash ~ '^[0-9a-f]{64}$'
    and spec_hash ~ '^[0-9a-f]{64}$'
  )
)
-- Half of each page stays free for the next version of its rows. No index below has a column that a heartbeat writes
-- (lease_expires_at, heartbeat_at, updated_at, processed_units, progress_updated_at, stage), in its keys or in its
-- predicate, so every heartbeat is a heap-only update: no index entry, no vacuum debt. claim.ts pays for that by reading
-- all running rows, as many as there are workers.
with (fillfactor = 50);

create unique index backtest_jobs_idempotency on backtest_jobs (user_id, idempotency_key) where idempotency_key is not null;
create index backtest_jobs_claim on backtest_jobs (priority desc, created_at, job_id) where state = 'queued';
create index backtest_jobs_running on backtest_jobs (job_id) where state = 'running';
create index backtest_jobs_list on backtest_jobs (user_id, created_at desc, job_id desc);
create index backtest_jobs_list_state on backtest_jobs (user_id, state, created_at desc, job_id desc);
create index backtest_jobs_active on backtest_jobs (user_id) where state in ('queued', 'running');
create index backtest_jobs_retention on backtest_jobs (finished_at) where state in ('succeeded', 'failed', 'cancelled');

-- What was asked, every default filled in. Written once.
create table backtest_job_requests (
  job_id uuid primary key references backtest_jobs on delete cascade,
  request_json jsonb not null check (jsonb_typeof(request_json) = 'object'),
  spec_payload_json jsonb
);

-- Best so far while the job runs, the result once it succeeded; reports and trades come with success only.
create table backtest_job_top_variants (
  job_id uuid not null references backtest_jobs on delete cascade,
  rank int not null check (rank >= 1),
  variant_key text not null,
  indicator_variant_key text not null,
  variant_index bigint not null check (variant_index >= 0),
  total_return_pct double precision not null,
  metrics_json jsonb not null check (jsonb_typeof(metrics_json) = 'object'),
  payload_json jsonb not null check (jsonb_typeof(payload_json) = 'object'),
  report_table_md text,
  trades_json jsonb check (jsonb_typeof(trades_json) = 'array'),
  attempt int not null,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (job_id, rank),
  unique (job_id, variant_key)
);

-- The base variants that stage_a kept, by grid index, best first.
create table backtest_job_stage_a_shortlist (
  job_id uuid primary key references backtest_jobs on delete cascade,
  stage_a_indexes_json jsonb not null check (jsonb_typeof(stage_a_indexes_json) = 'array'),
  stage_a_variants_total bigint not null,
  risk_total int not null,
  preselect_used int not null,
  attempt int not null,
  updated_at timestamptz not null default clock_timestamp()
);

-- The resume point. `hashes` says for which request, candles and engine the state is valid.
create table backtest_job_checkpoints (
  job_id uuid primary key references backtest_jobs on delete cascade,
  attempt int not null,
  stage text not null check (stage in ('stage_a', 'stage_b', 'finalizing')),
  next_index bigint not null check (next_index >= 0),
  hashes jsonb not null check (jsonb_typeof(hashes) = 'object'),
  state bytea not null,
  updated_at timestamptz not null default clock_timestamp()
);

-- Scores of stage_a in grid order, little-endian float32.
create table backtest_job_surfaces (
  job_id uuid not null references backtest_jobs on delete cascade,
  chunk_no int not null check (chunk_no >= 0),
  first_index bigint not null check (first_index >= 0),
  scores bytea not null check (octet_length(scores) % 4 = 0),
  attempt int not null,
  primary key (job_id, chunk_no)
);
-- Mantissas do not compress; do not spend time on trying.
alter table backtest_job_surfaces alter column scores set storage external;

-- One row a claim: the history an operator reads, and the answer to "was that commit mine?".
create table backtest_job_attempts (
  job_id uuid not null references backtest_jobs on delete cascade,
  attempt int not null check (attempt >= 1),
  locked_by text not null,
  claimed_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  outcome text check (outcome in ('released', 'crashed', 'lost', 'succeeded', 'failed', 'cancelled')),
  cause text,
  primary key (job_id, attempt),
  check ((ended_at is null) = (outcome is null))
);

-- What a succeeded job knows beside its rows: data ledger, counts, verdict; and the hash of all of it.
create table backtest_job_results (
  job_id uuid primary key references backtest_jobs on delete cascade,
  result_json jsonb not null check (jsonb_typeof(result_json) = 'object'),
  result_hash text not null check (result_hash ~ '^[0-9a-f]{64}$'),
  attempt int not null,
  updated_at timestamptz not null default clock_timestamp()
);
