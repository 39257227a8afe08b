// get: one job with what it found out, for its owner. Somebody else's job is told apart from none, without showing it.

import type { Ledger, Verdict } from '@backtest-jobs/engine';
import { inOrderOfSpec, type ValidationResult } from '@backtest-jobs/engine/internal';
import { jobColumns, type Db, type Job } from './job.ts';
import { overviewColumns, overviewJoins, type Overviewed } from './reads/overview.ts';

export interface JobDetail extends Job, Overviewed {
  /** The data ledger and the verdict of a succeeded job; null before. */
  readonly ledger: Ledger | null;
  readonly verdict: Verdict | null;
  /** What it came to on bars held out; null where the spec asked for none. */
  readonly validation: ValidationResult | null;
  /** What the luck test has found, so far where the job has not succeeded; null where there is none or it has not begun. */
  readonly permuted: Readonly<Record<string, unknown>> | null;
  readonly result_hash: string | null;
}

export type Got =
  | { readonly outcome: 'found'; readonly job: JobDetail }
  | { readonly outcome: 'forbidden' } // another user's
  | { readonly outcome: 'not_found' };

export async function get(db: Db, { job_id, user_id }: { job_id: string; user_id: string }): Promise<Got> {
  const { rows } = await db.query<JobDetail & { mine: boolean; params_order: readonly string[] | null }>(GET, [
    job_id,
    user_id,
  ]);
  const [row] = rows;
  if (row === undefined) return { outcome: 'not_found' };
  const { mine, params_order, validation, ...job } = row;
  return mine
    ? { outcome: 'found', job: { ...job, validation: validation && inOrder(validation, params_order ?? []) } }
    : { outcome: 'forbidden' };
}

/** The best of each fold with its parameters in the order of the spec. */
function inOrder(validation: ValidationResult, order: readonly string[]): ValidationResult {
  const folds = validation.folds.map((fold) => {
    const { best } = fold;
    return best === null ? fold : { ...fold, best: { ...best, payload: inOrderOfSpec(best.payload, order) } };
  });
  return { ...validation, folds };
}

// A result is some kilobytes; one that is a giant, whoever wrote it, is not read. What the limit lets through is bounded by
// its size in the table where it is small, so that its text is not made for the question.
const RESULT_BYTES = 4 * 2 ** 20;

const GET = `
select ${jobColumns}, ${overviewColumns}, result.ledger, result.verdict, result.validation, result.result_hash,
  coalesce(result.permuted, (select permuted_json from backtest_job_luck l where l.job_id = j.job_id)) as permuted,
  user_id = $2 as mine,
  (select request_json -> 'params_order' from backtest_job_requests q where q.job_id = j.job_id) as params_order
from backtest_jobs j left join lateral (
  select bounded.result_json -> 'ledger' as ledger, nullif(bounded.result_json -> 'verdict', 'null') as verdict,
    nullif(bounded.result_json -> 'validation', 'null') as validation,
    nullif(bounded.result_json -> 'verdict' -> 'permuted', 'null') as permuted, result_hash
  from backtest_job_results r
  cross join lateral (
    select case when pg_column_size(r.result_json) <= 8192 or octet_length(r.result_json::text) <= ${RESULT_BYTES}
      then r.result_json end as result_json
  ) bounded
  where r.job_id = j.job_id
) result on true
${overviewJoins}
where job_id = $1`;
