// variant: which variant of a job somebody means, with the request it belongs to, in one statement and for its owner only.

import type { Spec } from '@backtest-jobs/engine';
import { specFromRequest, type StoredRequest } from '@backtest-jobs/engine/internal';
import type { Db } from './job.ts';

export type FoundVariant =
  | {
      readonly outcome: 'found';
      readonly request: Spec;
      /** Of the rank that was asked for; null when the job has no such rank, or none was asked for. */
      readonly variant_index: number | null;
      /** Of the candles that the job ran on; null before it has succeeded. */
      readonly data_digest: string | null;
      /** Version of the engine that made its result; null before it has succeeded. */
      readonly engine_version: string | null;
    }
  | { readonly outcome: 'forbidden' }
  | { readonly outcome: 'not_found' };

export interface VariantQuery {
  readonly job_id: string;
  readonly user_id: string;
  readonly rank: number | null;
}

export async function variant(db: Db, { job_id, user_id, rank }: VariantQuery): Promise<FoundVariant> {
  const { rows } = await db.query<Row>(VARIANT, [job_id, user_id, rank]);
  const [row] = rows;
  if (row === undefined) return { outcome: 'not_found' };
  const { mine, request, ...found } = row;
  return mine ? { outcome: 'found', ...found, request: specFromRequest(request) } : { outcome: 'forbidden' };
}

type Row = Omit<Extract<FoundVariant, { outcome: 'found' }>, 'outcome' | 'request'> & {
  readonly mine: boolean;
  readonly request: StoredRequest;
};

const VARIANT = `
select j.user_id = $2 as mine,
  r.request_json || jsonb_build_object('name', j.name, 'priority', j.priority) as request,
  t.variant_index::float8 as variant_index,
  f.result_json -> 'ledger' ->> 'digest' as data_digest, 
  case when f.job_id is not null then coalesce(f.engine_version, 'before 0.4.0') end as engine_version
from backtest_jobs j
left join backtest_job_requests r using (job_id)
left join backtest_job_results f using (job_id)
left join backtest_job_top_variants t on t.job_id = j.job_id and t.rank = $3::bigint
where j.job_id = $1`;
