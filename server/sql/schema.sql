create table backtest_accounts (
  user_id uuid not null,
  name text,
  role text default 'user'::text not null,
  password_hash text,
  issuer text,
  subject text,
  created_at timestamp with time zone default clock_timestamp() not null,
  disabled_at timestamp with time zone,
  constraint backtest_accounts_issuer CHECK (((length(issuer) >= 1) AND (length(issuer) <= 500))),
  constraint backtest_accounts_kind CHECK (
CASE
    WHEN (name IS NULL) THEN ((num_nonnulls(issuer, subject) = 2) AND (password_hash IS NULL))
    ELSE (num_nonnulls(issuer, subject) = 0)
END),
  constraint backtest_accounts_name CHECK ((name ~ '^[a-z0-9][a-z0-9._@+-]{0,63}$'::text)),
  constraint backtest_accounts_one_name UNIQUE (name),
  constraint backtest_accounts_one_subject UNIQUE (issuer, subject),
  constraint backtest_accounts_password CHECK ((password_hash ~ '^\$argon2id\$v=19\$m=[0-9]+,t=[0-9]+,p=[0-9]+\$'::text)),
  constraint backtest_accounts_pkey PRIMARY KEY (user_id),
  constraint backtest_accounts_role CHECK ((role = ANY (ARRAY['user'::text, 'admin'::text]))),
  constraint backtest_accounts_subject CHECK (((length(subject) >= 1) AND (length(subject) <= 255)))
);
CREATE INDEX backtest_accounts_list ON backtest_accounts USING btree (created_at, user_id);

create table backtest_api_tokens (
  token_id uuid not null,
  user_id uuid not null,
  name text not null,
  prefix text not null,
  secret_hash bytea not null,
  scopes text[] not null,
  created_at timestamp with time zone default clock_timestamp() not null,
  last_used_at timestamp with time zone,
  expires_at timestamp with time zone not null,
  constraint backtest_api_tokens_expiry CHECK ((expires_at > created_at)),
  constraint backtest_api_tokens_hash CHECK ((octet_length(secret_hash) = 32)),
  constraint backtest_api_tokens_name CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint backtest_api_tokens_pkey PRIMARY KEY (token_id),
  constraint backtest_api_tokens_prefix CHECK ((prefix ~ '^btj_[A-Za-z0-9_-]{6}$'::text)),
  constraint backtest_api_tokens_scopes CHECK (((cardinality(scopes) >= 1) AND (scopes <@ ARRAY['read'::text, 'jobs'::text, 'candles'::text]))),
  constraint backtest_api_tokens_secret UNIQUE (secret_hash),
  constraint backtest_api_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES backtest_accounts(user_id) ON DELETE CASCADE
) with (fillfactor=50);
CREATE INDEX backtest_api_tokens_list ON backtest_api_tokens USING btree (user_id, created_at DESC, token_id DESC);

create table backtest_job_attempts (
  job_id uuid not null,
  attempt integer not null,
  locked_by text not null,
  claimed_at timestamp with time zone default clock_timestamp() not null,
  ended_at timestamp with time zone,
  outcome text,
  cause text,
  processed_from bigint,
  constraint backtest_job_attempts_attempt_check CHECK ((attempt >= 1)),
  constraint backtest_job_attempts_check CHECK (((ended_at IS NULL) = (outcome IS NULL))),
  constraint backtest_job_attempts_job_id_fkey FOREIGN KEY (job_id) REFERENCES backtest_jobs(job_id) ON DELETE CASCADE,
  constraint backtest_job_attempts_outcome_check CHECK ((outcome = ANY (ARRAY['released'::text, 'crashed'::text, 'lost'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text]))),
  constraint backtest_job_attempts_pkey PRIMARY KEY (job_id, attempt),
  constraint backtest_job_attempts_processed_from_check CHECK ((processed_from >= 0))
);

create table backtest_job_checkpoint_parts (
  job_id uuid not null,
  attempt integer not null,
  save_no integer not null,
  part_no integer not null,
  state bytea not null,
  constraint backtest_job_checkpoint_parts_job_id_fkey FOREIGN KEY (job_id) REFERENCES backtest_jobs(job_id) ON DELETE CASCADE,
  constraint backtest_job_checkpoint_parts_part_no_check CHECK ((part_no >= 1)),
  constraint backtest_job_checkpoint_parts_pkey PRIMARY KEY (job_id, attempt, save_no, part_no)
);

create table backtest_job_checkpoints (
  job_id uuid not null,
  attempt integer not null,
  stage text not null,
  next_index bigint not null,
  hashes jsonb not null,
  state bytea not null,
  updated_at timestamp with time zone default clock_timestamp() not null,
  save_no integer default 0 not null,
  parts integer default 0 not null,
  constraint backtest_job_checkpoints_hashes_check CHECK ((jsonb_typeof(hashes) = 'object'::text)),
  constraint backtest_job_checkpoints_job_id_fkey FOREIGN KEY (job_id) REFERENCES backtest_jobs(job_id) ON DELETE CASCADE,
  constraint backtest_job_checkpoints_next_index_check CHECK ((next_index >= 0)),
  constraint backtest_job_checkpoints_parts_check CHECK ((parts >= 0)),
  constraint backtest_job_checkpoints_pkey PRIMARY KEY (job_id),
  constraint backtest_job_checkpoints_stage_check CHECK ((stage = ANY (ARRAY['stage_a'::text, 'stage_b'::text, 'finalizing'::text])))
);

create table backtest_job_luck (
  job_id uuid not null,
  permuted_json jsonb not null,
  attempt integer not null,
  updated_at timestamp with time zone default clock_timestamp() not null,
  constraint backtest_job_luck_job_id_fkey FOREIGN KEY (job_id) REFERENCES backtest_jobs(job_id) ON DELETE CASCADE,
  constraint backtest_job_luck_permuted_json_check CHECK ((jsonb_typeof(permuted_json) = 'object'::text)),
  constraint backtest_job_luck_pkey PRIMARY KEY (job_id)
);

create table backtest_job_requests (
  job_id uuid not null,
  request_json jsonb not null,
  spec_payload_json jsonb,
  overview_json jsonb,
  constraint backtest_job_requests_job_id_fkey FOREIGN KEY (job_id) REFERENCES backtest_jobs(job_id) ON DELETE CASCADE,
  constraint backtest_job_requests_overview_json_check CHECK ((jsonb_typeof(overview_json) = 'object'::text)),
  constraint backtest_job_requests_pkey PRIMARY KEY (job_id),
  constraint backtest_job_requests_request_json_check CHECK ((jsonb_typeof(request_json) = 'object'::text))
);
CREATE INDEX backtest_job_requests_instrument ON backtest_job_requests USING btree (((request_json #>> '{template,instrument_id,market_id}'::text[])), "left"((request_json #>> '{template,instrument_id,symbol}'::text[]), 200), job_id);

create table backtest_job_results (
  job_id uuid not null,
  result_json jsonb not null,
  result_hash text not null,
  attempt integer not null,
  updated_at timestamp with time zone default clock_timestamp() not null,
  engine_version text,
  summary_json jsonb,
  constraint backtest_job_results_job_id_fkey FOREIGN KEY (job_id) REFERENCES backtest_jobs(job_id) ON DELETE CASCADE,
  constraint backtest_job_results_pkey PRIMARY KEY (job_id),
  constraint backtest_job_results_result_hash_check CHECK ((result_hash ~ '^[0-9a-f]{64}$'::text)),
  constraint backtest_job_results_result_json_check CHECK ((jsonb_typeof(result_json) = 'object'::text)),
  constraint backtest_job_results_summary_json_check CHECK ((jsonb_typeof(summary_json) = 'object'::text))
);

create table backtest_job_shortlist_parts (
  job_id uuid not null,
  part_no integer not null,
  indexes_json jsonb not null,
  attempt integer not null,
  constraint backtest_job_shortlist_parts_indexes_json_check CHECK ((jsonb_typeof(indexes_json) = 'array'::text)),
  constraint backtest_job_shortlist_parts_job_id_fkey FOREIGN KEY (job_id) REFERENCES backtest_jobs(job_id) ON DELETE CASCADE,
  constraint backtest_job_shortlist_parts_part_no_check CHECK ((part_no >= 1)),
  constraint backtest_job_shortlist_parts_pkey PRIMARY KEY (job_id, part_no)
);

create table backtest_job_stage_a_shortlist (
  job_id uuid not null,
  stage_a_indexes_json jsonb not null,
  stage_a_variants_total bigint not null,
  risk_total integer not null,
  preselect_used integer not null,
  attempt integer not null,
  updated_at timestamp with time zone default clock_timestamp() not null,
  constraint backtest_job_stage_a_shortlist_job_id_fkey FOREIGN KEY (job_id) REFERENCES backtest_jobs(job_id) ON DELETE CASCADE,
  constraint backtest_job_stage_a_shortlist_pkey PRIMARY KEY (job_id),
  constraint backtest_job_stage_a_shortlist_stage_a_indexes_json_check CHECK ((jsonb_typeof(stage_a_indexes_json) = 'array'::text))
);

create table backtest_job_surfaces (
  job_id uuid not null,
  chunk_no integer not null,
  first_index bigint not null,
  scores bytea not null,
  attempt integer not null,
  constraint backtest_job_surfaces_chunk_no_check CHECK ((chunk_no >= 0)),
  constraint backtest_job_surfaces_first_index_check CHECK ((first_index >= 0)),
  constraint backtest_job_surfaces_job_id_fkey FOREIGN KEY (job_id) REFERENCES backtest_jobs(job_id) ON DELETE CASCADE,
  constraint backtest_job_surfaces_pkey PRIMARY KEY (job_id, chunk_no),
  constraint backtest_job_surfaces_scores_check CHECK (((octet_length(scores) % 4) = 0))
);

create table backtest_job_top_variants (
  job_id uuid not null,
  rank integer not null,
  variant_key text not null,
  indicator_variant_key text not null,
  variant_index bigint not null,
  total_return_pct double precision not null,
  metrics_json jsonb not null,
  payload_json jsonb not null,
  report_table_md text,
  trades_json jsonb,
  attempt integer not null,
  updated_at timestamp with time zone default clock_timestamp() not null,
  out_of_sample_json jsonb,
  trades_total integer,
  equity_line_json jsonb,
  trades_hash text,
  constraint backtest_job_top_variants_equity_line_json_check CHECK ((jsonb_typeof(equity_line_json) = 'array'::text)),
  constraint backtest_job_top_variants_job_id_fkey FOREIGN KEY (job_id) REFERENCES backtest_jobs(job_id) ON DELETE CASCADE,
  constraint backtest_job_top_variants_job_id_variant_key_key UNIQUE (job_id, variant_key),
  constraint backtest_job_top_variants_metrics_json_check CHECK ((jsonb_typeof(metrics_json) = 'object'::text)),
  constraint backtest_job_top_variants_out_of_sample_json_check CHECK ((jsonb_typeof(out_of_sample_json) = 'object'::text)),
  constraint backtest_job_top_variants_payload_json_check CHECK ((jsonb_typeof(payload_json) = 'object'::text)),
  constraint backtest_job_top_variants_pkey PRIMARY KEY (job_id, rank),
  constraint backtest_job_top_variants_rank_check CHECK ((rank >= 1)),
  constraint backtest_job_top_variants_trades_hash_check CHECK ((trades_hash ~ '^[0-9a-f]{32}$'::text)),
  constraint backtest_job_top_variants_trades_json_check CHECK ((jsonb_typeof(trades_json) = 'array'::text)),
  constraint backtest_job_top_variants_trades_total_check CHECK ((trades_total >= 0)),
  constraint backtest_job_top_variants_variant_index_check CHECK ((variant_index >= 0))
);

create table backtest_job_trades (
  job_id uuid not null,
  rank integer not null,
  part_no integer not null,
  trades_json jsonb not null,
  attempt integer not null,
  constraint backtest_job_trades_job_id_fkey FOREIGN KEY (job_id) REFERENCES backtest_jobs(job_id) ON DELETE CASCADE,
  constraint backtest_job_trades_part_no_check CHECK ((part_no >= 1)),
  constraint backtest_job_trades_pkey PRIMARY KEY (job_id, rank, part_no),
  constraint backtest_job_trades_rank_check CHECK ((rank >= 1)),
  constraint backtest_job_trades_trades_json_check CHECK ((jsonb_typeof(trades_json) = 'array'::text))
);

create table backtest_jobs (
  job_id uuid not null,
  user_id uuid not null,
  mode text not null,
  state text default 'queued'::text not null,
  stage text default 'stage_a'::text not null,
  name text,
  created_at timestamp with time zone default clock_timestamp() not null,
  updated_at timestamp with time zone default clock_timestamp() not null,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  cancel_requested_at timestamp with time zone,
  request_hash text not null,
  engine_params_hash text not null,
  backtest_runtime_config_hash text not null,
  spec_hash text,
  processed_units bigint default 0 not null,
  total_units bigint default 0 not null,
  progress_updated_at timestamp with time zone,
  locked_by text,
  locked_at timestamp with time zone,
  lease_expires_at timestamp with time zone,
  heartbeat_at timestamp with time zone,
  attempt integer default 0 not null,
  crash_count integer default 0 not null,
  last_error text,
  last_error_json jsonb,
  idempotency_key text,
  priority smallint default 0 not null,
  body_hash text,
  parent_job_id uuid,
  best_value double precision,
  best_variant_index bigint,
  constraint backtest_jobs_best_variant_index_check CHECK ((best_variant_index >= 0)),
  constraint backtest_jobs_body_hash CHECK ((body_hash ~ '^[0-9a-f]{64}$'::text)),
  constraint backtest_jobs_counts CHECK (((attempt >= 0) AND (crash_count >= 0))),
  constraint backtest_jobs_error CHECK ((num_nonnulls(last_error, last_error_json) =
CASE state
    WHEN 'failed'::text THEN 2
    ELSE 0
END)),
  constraint backtest_jobs_error_shape CHECK (((last_error_json IS NULL) OR ((jsonb_typeof(last_error_json) = 'object'::text) AND (last_error_json ?& ARRAY['code'::text, 'message'::text, 'details'::text])))),
  constraint backtest_jobs_finished CHECK (((finished_at IS NOT NULL) = (state = ANY (ARRAY['succeeded'::text, 'failed'::text, 'cancelled'::text])))),
  constraint backtest_jobs_hashes CHECK (((request_hash ~ '^[0-9a-f]{64}$'::text) AND (engine_params_hash ~ '^[0-9a-f]{64}$'::text) AND (backtest_runtime_config_hash ~ '^[0-9a-f]{64}$'::text) AND (spec_hash ~ '^[0-9a-f]{64}$'::text))),
  constraint backtest_jobs_lease CHECK (
CASE
    WHEN (state = 'running'::text) THEN (num_nulls(locked_by, locked_at, lease_expires_at, heartbeat_at) = 0)
    ELSE (num_nonnulls(locked_by, locked_at, lease_expires_at, heartbeat_at) = 0)
END),
  constraint backtest_jobs_mode CHECK ((mode = ANY (ARRAY['saved'::text, 'template'::text]))),
  constraint backtest_jobs_pkey PRIMARY KEY (job_id),
  constraint backtest_jobs_progress CHECK (((processed_units >= 0) AND (total_units >= 0) AND ((total_units = 0) OR (processed_units <= total_units)))),
  constraint backtest_jobs_spec CHECK (((spec_hash IS NOT NULL) = (mode = 'saved'::text))),
  constraint backtest_jobs_stage CHECK ((stage = ANY (ARRAY['stage_a'::text, 'stage_b'::text, 'finalizing'::text]))),
  constraint backtest_jobs_started CHECK (
CASE state
    WHEN 'queued'::text THEN (started_at IS NULL)
    WHEN 'cancelled'::text THEN true
    ELSE (started_at IS NOT NULL)
END),
  constraint backtest_jobs_state CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text])))
) with (fillfactor=50);
CREATE INDEX backtest_jobs_active ON backtest_jobs USING btree (user_id) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));
CREATE INDEX backtest_jobs_claim ON backtest_jobs USING btree (priority DESC, created_at, job_id) WHERE (state = 'queued'::text);
CREATE UNIQUE INDEX backtest_jobs_idempotency ON backtest_jobs USING btree (user_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE INDEX backtest_jobs_list ON backtest_jobs USING btree (user_id, created_at DESC, job_id DESC);
CREATE INDEX backtest_jobs_list_all ON backtest_jobs USING btree (created_at DESC, job_id DESC);
CREATE INDEX backtest_jobs_list_state ON backtest_jobs USING btree (user_id, state, created_at DESC, job_id DESC);
CREATE INDEX backtest_jobs_retention ON backtest_jobs USING btree (finished_at) WHERE (state = ANY (ARRAY['succeeded'::text, 'failed'::text, 'cancelled'::text]));
CREATE INDEX backtest_jobs_running ON backtest_jobs USING btree (job_id) WHERE (state = 'running'::text);

create table backtest_migrations (
  version integer not null,
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone default clock_timestamp() not null,
  constraint backtest_migrations_pkey PRIMARY KEY (version),
  constraint backtest_migrations_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))
);

create table backtest_one_time_codes (
  user_id uuid not null,
  secret_hash bytea not null,
  created_at timestamp with time zone default clock_timestamp() not null,
  expires_at timestamp with time zone not null,
  constraint backtest_one_time_codes_expiry CHECK ((expires_at > created_at)),
  constraint backtest_one_time_codes_hash CHECK ((octet_length(secret_hash) = 32)),
  constraint backtest_one_time_codes_pkey PRIMARY KEY (user_id),
  constraint backtest_one_time_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES backtest_accounts(user_id) ON DELETE CASCADE
);

create table backtest_sessions (
  session_id uuid not null,
  user_id uuid not null,
  secret_hash bytea not null,
  created_at timestamp with time zone default clock_timestamp() not null,
  last_seen_at timestamp with time zone default clock_timestamp() not null,
  expires_at timestamp with time zone not null,
  address text,
  agent text,
  constraint backtest_sessions_address CHECK ((length(address) <= 100)),
  constraint backtest_sessions_agent CHECK ((length(agent) <= 200)),
  constraint backtest_sessions_expiry CHECK ((expires_at > created_at)),
  constraint backtest_sessions_hash CHECK ((octet_length(secret_hash) = 32)),
  constraint backtest_sessions_pkey PRIMARY KEY (session_id),
  constraint backtest_sessions_secret UNIQUE (secret_hash),
  constraint backtest_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES backtest_accounts(user_id) ON DELETE CASCADE
) with (fillfactor=50);
CREATE INDEX backtest_sessions_list ON backtest_sessions USING btree (user_id, created_at DESC, session_id DESC);

create table backtest_strategies (
  strategy_id uuid not null,
  user_id uuid not null,
  name text not null,
  template_json jsonb not null,
  created_at timestamp with time zone default clock_timestamp() not null,
  params_order jsonb,
  constraint backtest_strategies_name UNIQUE (user_id, name),
  constraint backtest_strategies_name_check CHECK ((name <> ''::text)),
  constraint backtest_strategies_params_order_check CHECK ((jsonb_typeof(params_order) = 'array'::text)),
  constraint backtest_strategies_pkey PRIMARY KEY (strategy_id),
  constraint backtest_strategies_template_json_check CHECK ((jsonb_typeof(template_json) = 'object'::text))
);
CREATE INDEX backtest_strategies_list ON backtest_strategies USING btree (user_id, created_at DESC, strategy_id DESC);
