// submit: a new job, once per idempotency key, never above the user's quota. It locks the user in a statement of its own,
// because the count must be taken by a snapshot younger than the lock: with both in one statement 16 racing requests broke
// a quota of 3 in 30 of 30 rounds.

import { buildGrid, estimate, type Spec } from '@backtest-jobs/engine';
import { canonicalJson, engineParamsHash, requestHash, sha256, storedRequest } from '@backtest-jobs/engine/internal';
import type pg from 'pg';
import { transaction } from '../db.ts';
import { jobColumns, type Job, type JobMode } from './job.ts';
import { notice } from './notify.ts';
import { overviewOf, type Overview, type Units } from './reads/overview.ts';

export interface Submission {
  readonly job_id: string;
  readonly user_id: string;
  readonly mode: JobMode;
  /** Copy of the strategy that the job keeps, and the hash of that; null unless its mode is `saved`. */
  readonly spec_payload_json: object | null;
  readonly spec_hash: string | null;
  readonly name: string | null;
  readonly priority: number;
  readonly request_json: object;
  readonly overview_json: Overview;
  readonly request_hash: string;
  /** Hash of the body as it was sent, which a repeat with the same idempotency key must have. */
  readonly body_hash: string;
  readonly engine_params_hash: string;
  readonly runtime_config_hash: string;
  readonly total_units: number;
  readonly idempotency_key: string | null;
  readonly max_active_jobs: number;
  /** Jobs that the user may keep; those that have not ended will have to be kept too. */
  readonly max_finished_jobs: number;
  /** The job of this user that it was made from. */
  readonly parent_job_id?: string | null;
}

interface Derived {
  /** The saved strategy that the spec names, if any. */
  readonly strategy: object | null;
  /** For a caller that has counted them already. */
  readonly units?: Units;
}

/** Derives the part of a submission that the body decides: the spec in it, and the saved strategy that it names. */
export function submissionOf(body: unknown, spec: Spec, { strategy, units = unitsOf(spec) }: Derived) {
  return {
    mode: strategy === null ? 'template' : 'saved',
    spec_payload_json: strategy,
    spec_hash: strategy && sha256(canonicalJson(strategy)),
    name: spec.name,
    priority: spec.priority,
    request_json: storedRequest(spec),
    request_hash: requestHash(spec),
    body_hash: sha256(canonicalJson(body)),
    engine_params_hash: engineParamsHash(spec),
    overview_json: overviewOf(spec, units),
    total_units: units.total_units,
  } satisfies Partial<Submission>;
}

function unitsOf(spec: Spec): Units {
  return estimate(spec, buildGrid(spec));
}

export type Submitted =
  | { readonly outcome: 'created' | 'existing'; readonly job: Job }
  | { readonly outcome: 'conflict'; readonly job_id: string } // the key was used for another request
  | { readonly outcome: 'quota_exceeded'; readonly active: number; readonly limit: number }
  | { readonly outcome: 'keeps_too_many'; readonly active: number; readonly kept: number; readonly limit: number };

export async function submit(pool: pg.Pool, submission: Submission): Promise<Submitted> {
  const { user_id, max_active_jobs, max_finished_jobs } = submission;
  const answer = await transaction(pool, async (client) => {
    await client.query(LOCK_USER, [user_id]);
    return client.query<Job & Counts>(SUBMIT, [
      submission.job_id,
      user_id,
      submission.mode,
      submission.name,
      submission.priority,
      JSON.stringify(submission.request_json),
      submission.request_hash,
      submission.engine_params_hash,
      submission.runtime_config_hash,
      submission.total_units,
      submission.idempotency_key,
      max_active_jobs,
      submission.spec_payload_json && JSON.stringify(submission.spec_payload_json),
      submission.spec_hash,
      submission.body_hash,
      max_finished_jobs,
      JSON.stringify(submission.overview_json),
      submission.parent_job_id ?? null,
    ]);
  });
  const [row] = answer.rows;
  if (row === undefined) throw new Error('submit: the statement always answers with one row');
  const { active, kept, sent, ...job } = row;
  if (job.job_id === null) {
    return active >= max_active_jobs
      ? { outcome: 'quota_exceeded', active, limit: max_active_jobs }
      : { outcome: 'keeps_too_many', active, kept, limit: max_finished_jobs };
  }
  if (job.job_id === submission.job_id) return { outcome: 'created', job };
  // Jobs of 0.1.0 have no hash of their body.
  const same = sent === null ? job.request_hash === submission.request_hash : sent === submission.body_hash;
  if (same) return { outcome: 'existing', job };
  return { outcome: 'conflict', job_id: job.job_id };
}

interface Counts {
  readonly active: number;
  /** At most as many as may be kept. */
  readonly kept: number;
  /** Hash of the body that made the job. */
  readonly sent: string | null;
}

// Held until commit, so a user's submits queue behind each other, and nobody else's.
const LOCK_USER = `select pg_advisory_xact_lock(hashtextextended('backtest_jobs submit ' || $1::uuid, 0))`;

// The earlier job of the key is looked up before the quota is: a repeat succeeds with a full quota too. Jobs that have not
// ended count as kept: those that end meanwhile change nothing of the sum, so the bound of finished jobs is exact.
const SUBMIT = `
with earlier as (
  select * from backtest_jobs where user_id = $2 and idempotency_key = $11
), active as (
  select count(*)::int as active from backtest_jobs where user_id = $2 and state in ('queued', 'running')
), kept as (
  select count(*)::int as kept
  from (select from backtest_jobs where user_id = $2 and state in ('succeeded', 'failed', 'cancelled') limit $16) ended
), created as (
  insert into backtest_jobs (job_id, user_id, mode, name, priority, request_hash, engine_params_hash,
    backtest_runtime_config_hash, total_units, idempotency_key, spec_hash, body_hash, parent_job_id)
  select $1, $2, $3, $4, $5, $7, $8, $9, $10, $11, $14, $15, $18
  from active, kept
  where active < $12 and active + kept < $16 and not exists (select from earlier)
  returning *
), requested as (
  insert into backtest_job_requests (job_id, request_json, spec_payload_json, overview_json)
  select job_id, $6, $13, $17 from created
), noticed as (
  select ${notice('submit')} from created
), job as (
  select * from earlier union all select * from created
)
select ${jobColumns}, active, kept, body_hash as sent
from active cross join kept left join job on true left join noticed on true`;
