-- Results of any size are written and read in bounded portions, each under the fence, so that no statement takes longer
-- than a short lease allows and no process holds a result as a whole.

-- Trades of the row altogether. Where they are more than are stored, the first and the last are, and the rest comes from a
-- variant report. Null: the row has no trades, or was written before this column.
alter table backtest_job_top_variants add column trades_total int check (trades_total >= 0);

-- What of a row's stored trades does not fit into trades_json, in time order after it.
create table backtest_job_trades (
  job_id uuid not null references backtest_jobs on delete cascade,
  rank int not null check (rank >= 1),
  part_no int not null check (part_no >= 1),
  trades_json jsonb not null check (jsonb_typeof(trades_json) = 'array'),
  attempt int not null,
  primary key (job_id, rank, part_no)
);

-- What of a shortlist does not fit into stage_a_indexes_json, in rank order after it.
create table backtest_job_shortlist_parts (
  job_id uuid not null references backtest_jobs on delete cascade,
  part_no int not null check (part_no >= 1),
  indexes_json jsonb not null check (jsonb_typeof(indexes_json) = 'array'),
  attempt int not null,
  primary key (job_id, part_no)
);

-- What of a resume point does not fit into `state`: `parts` rows of the attempt's save number `save_no`. A save writes its
-- parts beside those of the save before, and the update of the checkpoint switches from one to the other.
alter table backtest_job_checkpoints
  add column save_no int not null default 0,
  add column parts int not null default 0 check (parts >= 0);
create table backtest_job_checkpoint_parts (
  job_id uuid not null references backtest_jobs on delete cascade,
  attempt int not null,
  save_no int not null,
  part_no int not null check (part_no >= 1),
  state bytea not null,
  primary key (job_id, attempt, save_no, part_no)
);
-- Doubles do not compress; do not spend time on trying.
alter table backtest_job_checkpoint_parts alter column state set storage external;
