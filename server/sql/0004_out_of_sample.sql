-- Of a job with validation: metrics and report of a kept variant on the bars that were held out. The other columns are of
-- the bars that were searched on. It comes with success only, as reports and trades do.
alter table backtest_job_top_variants
  add column out_of_sample_json jsonb check (jsonb_typeof(out_of_sample_json) = 'object');
