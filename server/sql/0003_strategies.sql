-- Saved strategies: a template under a name that its owner uses once. A strategy is written once and never changed (to
-- replace one is to delete it and save another), and no job refers to it: a job keeps what it took of it in its
-- spec_payload_json, so whatever becomes of the strategy, the job stays what it was.
create table backtest_strategies (
  strategy_id uuid primary key,
  user_id uuid not null,
  name text not null check (name <> ''),
  template_json jsonb not null check (jsonb_typeof(template_json) = 'object'),
  created_at timestamptz not null default clock_timestamp(),
  constraint backtest_strategies_name unique (user_id, name)
);
create index backtest_strategies_list on backtest_strategies (user_id, created_at desc, strategy_id desc);
