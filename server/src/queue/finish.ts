// finish: the last write of an attempt. The fenced update that makes the job terminal comes first and holds the row;
// result and history follow in the same transaction, so a job has succeeded with its result or not at all. The rows of a
// result are there by then, written portion by portion (portions/result-rows.ts); this counts them, and what an earlier attempt left
// goes. Cancel wins: it is the update itself that asks for it, so no cancel can be acknowledged and then overtaken.

import { ENGINE_VERSION } from '@backtest-jobs/engine';
import type pg from 'pg';
import { transaction } from '../db.ts';
import { storable, storableJson } from '../message.ts';
import { fence, fenced } from './fence.ts';
import type { AttemptOutcome, Db, EndState, JobError, Lease } from './job.ts';
import { summarySql } from './reads/overview.ts';

export type Ending =
  | {
      readonly state: 'succeeded';
      /** Number of rows that this attempt has written. */
      readonly rows: number;
      readonly result_json: object;
      readonly result_hash: string;
    }
  | { readonly state: 'failed'; readonly error: JobError }
  | { readonly state: 'cancelled' };

export async function finish(pool: pg.Pool, lease: Lease, ending: Ending): Promise<EndState | 'lost'> {
  const error = ending.state === 'failed' ? storableError(ending.error) : null;
  return transaction(pool, async (client) => {
    const values = fenced(lease, ending.state, error?.message, error && JSON.stringify(error));
    const { rows } = await client.query<{ state: EndState }>(END, values);
    if (rows[0] === undefined) return 'lost';
    const { state } = rows[0];
    if (ending.state === 'succeeded' && state === 'succeeded') await keep(client, lease, ending);
    else await client.query(DROP_REPORTS, [lease.job_id, lease.attempt]);
    await client.query(CLOSE, fenced(lease, state, state === 'failed' ? error?.code : null));
    return state;
  });
}

const MESSAGE_CHARACTERS = 500;
const DETAILS_BYTES = 64 * 1024;

/** An error as PostgreSQL can store it, and as a list of jobs can show it: whatever it came from, it must not be lost. */
function storableError({ code, message, details }: JobError): JobError {
  const json = storableJson(details);
  const short = JSON.stringify(json ?? null).length <= DETAILS_BYTES;
  return { code, message: storable(message, MESSAGE_CHARACTERS), details: short ? json : {} };
}

/**
 * How our attempt ended, for whoever lost the connection while committing and finds the lease gone: null when nothing of
 * ours was written. Only our own finish or release, or the claim of the next owner (`lost`), closes this history row.
 */
export async function outcomeOf(db: Db, lease: Lease): Promise<AttemptOutcome | null> {
  const { rows } = await db.query<{ outcome: AttemptOutcome | null }>(
    'select outcome from backtest_job_attempts where job_id = $1 and locked_by = $2 and attempt = $3',
    fenced(lease),
  );
  return rows[0]?.outcome ?? null;
}

type Success = Extract<Ending, { state: 'succeeded' }>;

async function keep(client: pg.ClientBase, lease: Lease, { rows, result_json, result_hash }: Success): Promise<void> {
  const { job_id, attempt } = lease;
  await client.query(DROP_OTHER_ROWS, [job_id, attempt, rows]);
  await client.query(DROP_OTHER_TRADES, [job_id, attempt]);
  await client.query(DROP_LUCK, [job_id]);
  const { rows: counted } = await client.query<{ written: number }>(COUNT, [job_id]);
  const written = counted[0]?.written;
  if (written !== rows) throw new Error(`the result has ${rows} rows, and ${written} were written`);
  await client.query(KEEP_RESULT, [job_id, attempt, JSON.stringify(result_json), result_hash, ENGINE_VERSION]);
}

const END = `
update backtest_jobs
set state = case when cancel_requested_at is null then $4 else 'cancelled' end,
  stage = case when cancel_requested_at is null and $4 = 'succeeded' then 'finalizing' else stage end,
  processed_units = case when cancel_requested_at is null and $4 = 'succeeded' then total_units else processed_units end,
  progress_updated_at = case when $4 = 'succeeded' then clock_timestamp() else progress_updated_at end,
  last_error = case when cancel_requested_at is null then $5 end,
  last_error_json = case when cancel_requested_at is null then $6::jsonb end,
  finished_at = clock_timestamp(),
  updated_at = clock_timestamp(),
  locked_by = null, locked_at = null, lease_expires_at = null, heartbeat_at = null
where ${fence}
returning state`;

// An ended job is not resumed: the checkpoint goes, whatever the end.
const CLOSE = `
with dropped as (delete from backtest_job_checkpoints where job_id = $1),
  parts as (delete from backtest_job_checkpoint_parts where job_id = $1)
update backtest_job_attempts set ended_at = clock_timestamp(), outcome = $4, cause = $5
where job_id = $1 and locked_by = $2 and attempt = $3`;

// Rows that only a snapshot or an attempt before has written.
const DROP_OTHER_ROWS = 'delete from backtest_job_top_variants where job_id = $1 and (attempt <> $2 or rank > $3)';

const DROP_OTHER_TRADES = 'delete from backtest_job_trades where job_id = $1 and attempt <> $2';

// The result has it.
const DROP_LUCK = 'delete from backtest_job_luck where job_id = $1';

const COUNT = 'select count(*)::int as written from backtest_job_top_variants where job_id = $1';

// What a worker has not stripped before (portions/strip.ts), because the cancel came in the last moment.
const DROP_REPORTS = `
with trades as (delete from backtest_job_trades where job_id = $1)
update backtest_job_top_variants
set report_table_md = null, trades_json = null, trades_total = null, out_of_sample_json = null,
  metrics_json = metrics_json - 'monte_carlo', attempt = $2
where job_id = $1 and report_table_md is not null`;

const KEEP_RESULT = `
insert into backtest_job_results (job_id, attempt, result_json, result_hash, engine_version, summary_json)
select $1, $2, $3::jsonb, $4, $5, (
    select ${summarySql('verdict')} from (select nullif($3::jsonb -> 'verdict', 'null') as verdict) result
    where verdict is not null
  )
on conflict (job_id) do update
set attempt = excluded.attempt, result_json = excluded.result_json, result_hash = excluded.result_hash,
  engine_version = excluded.engine_version, summary_json = excluded.summary_json,
  updated_at = clock_timestamp()`;
