-- What lists show of a verdict, beside the result, and the order in which a saved strategy has its parameters.

-- Written with the result (queue/reads/overview.ts). Null: an earlier version wrote it, or it has no verdict.
alter table backtest_job_results add column summary_json jsonb check (jsonb_typeof(summary_json) = 'object');

-- Names of the parameters of rules; jsonb sorts the members of an object. Null: an earlier version saved it, or it has no rules.
alter table backtest_strategies add column params_order jsonb check (jsonb_typeof(params_order) = 'array');
