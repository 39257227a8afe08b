// finish: the last write of an attempt. The fenced update that makes the job terminal comes first and holds the row;
// rows, result and history follow in the same transaction, so a job has succeeded with its result or not at all.
// Cancel wins: it is the update itself that asks for it, so no cancel can be acknowledged and then overtaken.

import { createHash } from 'node:crypto';
import { ENGINE_VERSION } from '@backtest-jobs/engine';
import { canonicalJson } from '@backtest-jobs/engine/internal';
import type pg from 'pg';
import { transaction } from '../db.ts';
import { fence, fenced } from './fence.ts';
import type { AttemptOutcome, Db, EndState, JobError, Lease, TopRow } from './job.ts';
import { replaceTopRows, withoutReports } from './top-rows.ts';

export type Ending =
  | { readonly state: 'succeeded'; readonly rows: readonly TopRow[]; readonly result_json: object }
  | { readonly state: 'failed'; readonly error: JobError }
  | { readonly state: 'cancelled' };

export async function finish(pool: pg.Pool, lease: Lease, ending: Ending): Promise<EndState | 'lost'> {
  const error = ending.state === 'failed' ? ending.error : null;
  return transaction(pool, async (client) => {
    const values = fenced(lease, ending.state, error?.message, error && JSON.stringify(error));
    const { rows } = await client.query<{ state: EndState }>(END, values);
    if (rows[0] === undefined) return 'lost';
    const { state } = rows[0];
    if (ending.state === 'succeeded') await keep(client, lease, ending, state);
    await client.query(CLOSE, fenced(lease, state, state === 'failed' ? error?.code : null));
    return state;
  });
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

/**
 * sha256 over everything a job found out: equal for equal requests, however often the work was interrupted. It is that of the
 * canonical JSON of `{result, rows, surface}`, which is not made as a whole: with many trades it would be no possible string.
 */
export function resultHash(rows: readonly TopRow[], result: object, surfaceHash: string | null): string {
  const hash = createHash('sha256').update(`{"result":${canonicalJson(result)},"rows":[`);
  for (const [at, row] of rows.entries()) hash.update(`${at === 0 ? '' : ','}${canonicalJson(row)}`);
  return hash.update(`],"surface":${canonicalJson(surfaceHash)}}`).digest('hex');
}

type Success = Extract<Ending, { state: 'succeeded' }>;

async function keep(
  client: pg.ClientBase,
  lease: Lease,
  { rows, result_json }: Success,
  state: EndState,
): Promise<void> {
  if (state !== 'succeeded') return replaceTopRows(client, lease, withoutReports(rows));
  await replaceTopRows(client, lease, rows);
  const surface = await client.query<{ hash: string | null }>(SURFACE_HASH, [lease.job_id]);
  const hash = resultHash(rows, result_json, surface.rows[0]?.hash ?? null);
  await client.query(KEEP_RESULT, [lease.job_id, lease.attempt, JSON.stringify(result_json), hash, ENGINE_VERSION]);
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
with dropped as (delete from backtest_job_checkpoints where job_id = $1)
update backtest_job_attempts set ended_at = clock_timestamp(), outcome = $4, cause = $5
where job_id = $1 and locked_by = $2 and attempt = $3`;

// Over the scores alone, so the portions they were stored in do not matter.
const SURFACE_HASH = `
select encode(sha256(string_agg(scores, '' order by first_index)), 'hex') as hash
from backtest_job_surfaces where job_id = $1`;

const KEEP_RESULT = `
insert into backtest_job_results (job_id, attempt, result_json, result_hash, engine_version)
values ($1, $2, $3, $4, $5)
on conflict (job_id) do update
set attempt = excluded.attempt, result_json = excluded.result_json, result_hash = excluded.result_hash,
  engine_version = excluded.engine_version,
  updated_at = clock_timestamp()`;
