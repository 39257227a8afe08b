-- Where an attempt began: the units that earlier attempts had done for it, null until it has loaded. Speed and remaining
-- time count from there. It cannot be derived: the units of the job row go back to the resume point with each attempt,
-- and the resume point itself is overwritten by the attempt's first snapshot.
alter table backtest_job_attempts add column processed_from bigint check (processed_from >= 0);
