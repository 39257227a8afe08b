// A job as the verbs of the queue return it: the columns of backtest_jobs under their own names, instants as ISO text
// with microseconds (a JavaScript Date would round them, and the cursor of the list must be exact), and three values
// that need the clock of the database. A test holds the lists of names here to the checks of the tables.

import type { Stage } from '@backtest-jobs/engine/internal';
import type pg from 'pg';

/** States in which a job has ended. */
export const END_STATES = ['succeeded', 'failed', 'cancelled'] as const;
export type EndState = (typeof END_STATES)[number];

/** States of a job: those in which it counts against the quota of its user, then those in which it has ended. */
export const ACTIVE_STATES = ['queued', 'running'] as const;
export const JOB_STATES = [...ACTIVE_STATES, ...END_STATES] as const;
export type JobState = (typeof JOB_STATES)[number];

/** Outcomes of an attempt in the history; an open attempt has none yet. */
export const ATTEMPT_OUTCOMES = ['released', 'crashed', 'lost', ...END_STATES] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** Origins of the template of a job: a saved strategy, or the spec itself. */
export const JOB_MODES = ['saved', 'template'] as const;
export type JobMode = (typeof JOB_MODES)[number];

/** Connection of a verb with one statement; a verb with a transaction needs a pool. */
export type Db = pg.Pool | pg.ClientBase;

/** Right to write to a job: the worker and the claim that `attempt` counts. See fence.ts. */
export interface Lease {
  readonly job_id: string;
  readonly locked_by: string;
  readonly attempt: number;
}

export interface JobError {
  readonly code: string;
  readonly message: string;
  readonly details: unknown;
}

export interface Job {
  readonly job_id: string;
  readonly user_id: string;
  readonly name: string | null;
  readonly mode: JobMode;
  readonly state: JobState;
  readonly stage: Stage;
  readonly priority: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly cancel_requested_at: string | null;
  readonly progress_updated_at: string | null;
  readonly processed_units: number;
  readonly total_units: number;
  readonly attempt: number;
  readonly crash_count: number;
  readonly locked_by: string | null;
  readonly request_hash: string;
  readonly engine_params_hash: string;
  readonly backtest_runtime_config_hash: string;
  readonly spec_hash: string | null;
  readonly last_error: string | null;
  readonly last_error_json: JobError | null;
  /** Mean of this attempt, from its claim to its last progress; null before any, and when no worker runs the job. */
  readonly variants_per_second: number | null;
  /** Seconds that the rest takes at that mean. */
  readonly eta_seconds: number | null;
  /** Seconds since the lease of a running job expired; null while it holds. */
  readonly waiting_for_worker_seconds: number | null;
  /** What the worker waits for, or waited for before it gave the job back: candles_unreachable; null while it computes. */
  readonly waiting_for: string | null;
  /** When the first of the attempts in a row that waited for it was claimed. */
  readonly waiting_since: string | null;
}

/** A kept variant. Reports and trades are stored with succeeded jobs only. */
export interface TopRow {
  readonly rank: number;
  readonly variant_key: string;
  readonly indicator_variant_key: string;
  readonly variant_index: number;
  readonly total_return_pct: number;
  readonly metrics: object;
  readonly payload: object;
  /** Equity in percent of the initial cash at a few closes; left out by earlier versions. */
  readonly equity_line?: readonly number[];
  /** Equal for rows with the same trades; left out by earlier versions. */
  readonly trades_hash?: string;
  readonly report_table_md: string | null;
  readonly trades: readonly object[] | null;
  /** Number of all trades, where more were made than are stored. */
  readonly trades_total?: number;
  /** Draws from its trades, of the ten best; with succeeded jobs only, null where there are too few trades. */
  readonly monte_carlo?: object | null;
  /** Report of the same variant on the bars that were held out; with succeeded jobs only. */
  readonly out_of_sample?: object | null;
}

/** Hashes that a checkpoint is valid for; the queue stores them, the worker compares them. */
export interface CheckpointHashes {
  readonly request_hash: string;
  readonly data_digest: string;
  readonly engine_version: string;
}

/** A resume point. */
export interface Checkpoint {
  readonly stage: Stage;
  readonly next_index: number;
  readonly hashes: CheckpointHashes;
  /** The first portion of it; the others are written and read one by one, see portions/checkpoint-part.ts. */
  readonly state: Uint8Array;
  /** Number of further parts, and the save of the attempt that they belong to; left out: there are none. */
  readonly parts?: number;
  readonly save_no?: number;
}

/** Writes a timestamptz column as ISO text, exact to the microsecond. */
export function iso(column: string): string {
  return `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

const INSTANTS = [
  'created_at',
  'updated_at',
  'started_at',
  'finished_at',
  'cancel_requested_at',
  'progress_updated_at',
];

// Units and time both count from the start of the attempt: earlier attempts did theirs at another time, and what they
// had done beyond the resume point is done again. Without a lease there is no rate, as no worker runs the job.
const rate = `case
    when state = 'running' and lease_expires_at > clock_timestamp() and progress_updated_at > locked_at then
      nullif(processed_units - (
        select a.processed_from
        from (select job_id as id, attempt as number) mine
        join backtest_job_attempts a on a.job_id = mine.id and a.attempt = mine.number
      ), 0) / extract(epoch from progress_updated_at - locked_at)
  end`;

// Of the attempt that waits, or has given the job back because of what it waited for.
const waits = (value: string): string => `case when state = 'running' then (
    select ${value}
    from (select job_id as id, attempt as number, lease_expires_at > clock_timestamp() as held) mine
    join backtest_job_attempts a on a.job_id = mine.id and a.attempt = mine.number
    where case when mine.held then a.outcome is null and a.cause is not null
      else a.outcome = 'released' and a.cause = 'candles_unreachable' end
  ) end`;

const waitingSince = `(
      select ${iso('min(b.claimed_at)')} from backtest_job_attempts b
      where b.job_id = a.job_id and b.attempt > (
        select coalesce(max(c.attempt), 0) from backtest_job_attempts c
        where c.job_id = a.job_id and c.cause is distinct from a.cause
      )
    )`;

/**
 * The select list that makes a Job of a backtest_jobs row, from the table or from a CTE with its columns. It reuses the
 * names of the columns, so an `order by` beside it must qualify its own: `order by created_at` would sort the text.
 */
export const jobColumns = `
  job_id, user_id, name, mode, state, stage, priority, attempt, crash_count, locked_by,
  ${INSTANTS.map((column) => `${iso(column)} as ${column}`).join(', ')},
  processed_units::float8, total_units::float8,
  request_hash, engine_params_hash, backtest_runtime_config_hash, spec_hash,
  left(last_error, 2000) as last_error,
  case when pg_column_size(last_error_json) <= 65536 then last_error_json end as last_error_json,
  (${rate})::float8 as variants_per_second,
  ((total_units - processed_units) / (${rate}))::float8 as eta_seconds,
  case when state = 'running' and lease_expires_at <= clock_timestamp() then
    extract(epoch from clock_timestamp() - lease_expires_at)::float8
  end as waiting_for_worker_seconds,
  ${waits('a.cause')} as waiting_for,
  ${waits(waitingSince)} as waiting_since`;
