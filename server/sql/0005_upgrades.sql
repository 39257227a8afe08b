-- What an upgrade must know of a row: the body that a job was submitted with, which a repeat under its idempotency key must
-- have, since the request made of it may change with the defaults; and the engine that made a result. Rows that 0.1.0 wrote
-- have neither.

alter table backtest_jobs
  add column body_hash text constraint backtest_jobs_body_hash check (body_hash ~ '^[0-9a-f]{64}$');

alter table backtest_job_results add column engine_version text;
