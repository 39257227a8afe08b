// top: the best variants, with the request they share, in one statement and so of one moment: a snapshot that commits
// meanwhile cannot mix its rows with older ones.

import type { Spec } from '@backtest-jobs/engine';
import { specFromRequest, type StoredRequest } from '@backtest-jobs/engine/internal';
import type { Db, JobState, TopRow } from './job.ts';

export type Top =
  | {
      readonly outcome: 'found';
      readonly job_id: string;
      readonly state: JobState;
      readonly request: Spec;
      readonly items: readonly TopRow[];
    }
  | { readonly outcome: 'forbidden' }
  | { readonly outcome: 'not_found' };

export interface TopQuery {
  readonly job_id: string;
  readonly user_id: string;
  readonly limit: number;
}

export async function top(db: Db, { job_id, user_id, limit }: TopQuery): Promise<Top> {
  const { rows } = await db.query<Row>(TOP, [job_id, user_id, limit]);
  const [row] = rows;
  if (row === undefined) return { outcome: 'not_found' };
  const { mine, request, ...found } = row;
  return mine ? { outcome: 'found', ...found, request: specFromRequest(request) } : { outcome: 'forbidden' };
}

type Row = Omit<Extract<Top, { outcome: 'found' }>, 'outcome' | 'request'> & {
  readonly mine: boolean;
  readonly request: StoredRequest;
};

// json, not jsonb: built once and sent, never searched. Reports are asked for again by state: a second lock on a promise.
const TOP = `
select j.job_id, j.state, j.user_id = $2 as mine, items,
  r.request_json || jsonb_build_object('name', j.name, 'priority', j.priority) as request
from backtest_jobs j
left join backtest_job_requests r using (job_id)
cross join lateral (
  select coalesce(json_agg(row order by row.rank, row.variant_key), '[]') as items
  from (
    select rank, variant_key, indicator_variant_key, variant_index, total_return_pct, metrics_json as metrics,
      payload_json as payload,
      case j.state when 'succeeded' then report_table_md end as report_table_md,
      case j.state when 'succeeded' then trades_json end as trades,
      case j.state when 'succeeded' then out_of_sample_json end as out_of_sample
    from backtest_job_top_variants t
    where t.job_id = j.job_id and j.user_id = $2
    order by rank, variant_key
    limit $3
  ) row
) top
where j.job_id = $1`;
