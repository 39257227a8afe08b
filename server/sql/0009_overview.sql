-- What lists and screens show of a job beside its state, without reading its request or its result as a whole.

-- Markets, range, validation, ranking and units of the stages, written at submission (queue/reads/overview.ts).
alter table backtest_job_requests add column overview_json jsonb check (jsonb_typeof(overview_json) = 'object');
-- Earlier versions did not keep how many units each stage has.
update backtest_job_requests set overview_json = jsonb_build_object(
  'instruments', jsonb_build_array(request_json #> '{template,instrument_id}'),
  'timeframes', jsonb_build_array(request_json #> '{template,timeframe}'),
  'across', 'each',
  'time_range', request_json -> 'time_range',
  'validation_mode', request_json #> '{validation,mode}',
  'primary_metric', request_json #> '{ranking,primary_metric}',
  'stage_units', null);

-- The job that this one was made from. No foreign key: a parent may be deleted, and deleting a job must not look for children.
alter table backtest_jobs add column parent_job_id uuid;
-- The best so far, written with heartbeats: the rows of a snapshot come later. No index has these columns.
alter table backtest_jobs
  add column best_value double precision,
  add column best_variant_index bigint check (best_variant_index >= 0);

-- Equity of a row at a few closes, and what names its trades. Null: the row was written before these columns.
alter table backtest_job_top_variants
  add column equity_line_json jsonb check (jsonb_typeof(equity_line_json) = 'array'),
  add column trades_hash text check (trades_hash ~ '^[0-9a-f]{32}$');
