// get: one job with what it found out, for its owner. Somebody else's job is told apart from none, without showing it.

import type { Verdict } from '@backtest-jobs/engine';
import { jobColumns, type Db, type Job } from './job.ts';

export interface JobDetail extends Job {
  /** The data ledger and the verdict of a succeeded job; null before. */
  readonly ledger: object | null;
  readonly verdict: Verdict | null;
  /** What it came to on bars held out; null where the spec asked for none. */
  readonly validation: object | null;
  readonly result_hash: string | null;
}

export type Got =
  | { readonly outcome: 'found'; readonly job: JobDetail }
  | { readonly outcome: 'forbidden' } // another user's
  | { readonly outcome: 'not_found' };

export async function get(db: Db, { job_id, user_id }: { job_id: string; user_id: string }): Promise<Got> {
  const { rows } = await db.query<JobDetail & { mine: boolean }>(GET, [job_id, user_id]);
  const [row] = rows;
  if (row === undefined) return { outcome: 'not_found' };
  const { mine, ...job } = row;
  return mine ? { outcome: 'found', job } : { outcome: 'forbidden' };
}

// A result is some kilobytes; one that is a giant, whoever wrote it, is not read. What the limit lets through is bounded by
// its size in the table where it is small, so that its text is not made for the question.
const RESULT_BYTES = 4 * 2 ** 20;

const GET = `
select ${jobColumns}, result.*, user_id = $2 as mine
from backtest_jobs j left join lateral (
  select bounded.result_json -> 'ledger' as ledger, nullif(bounded.result_json -> 'verdict', 'null') as verdict,
    nullif(bounded.result_json -> 'validation', 'null') as validation, result_hash
  from backtest_job_results r
  cross join lateral (
    select case when pg_column_size(r.result_json) <= 8192 or octet_length(r.result_json::text) <= ${RESULT_BYTES}
      then r.result_json end as result_json
  ) bounded
  where r.job_id = j.job_id
) result on true
where job_id = $1`;
