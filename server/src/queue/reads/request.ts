// request: what a job was asked to do, for its owner: the spec, complete, and what it came from.

import type { Spec } from '@backtest-jobs/engine';
import { specFromRequest, type StoredRequest } from '@backtest-jobs/engine/internal';
import type { Db } from '../job.ts';
import type { Overview } from './overview.ts';

export type Requested =
  | {
      readonly outcome: 'found';
      readonly spec: Spec;
      readonly parent_job_id: string | null;
      readonly overview: Overview | null;
    }
  | { readonly outcome: 'forbidden' }
  | { readonly outcome: 'not_found' };

export async function request(db: Db, { job_id, user_id }: { job_id: string; user_id: string }): Promise<Requested> {
  const { rows } = await db.query<Row>(REQUEST, [job_id, user_id]);
  const [row] = rows;
  if (row === undefined) return { outcome: 'not_found' };
  const { mine, stored, ...found } = row;
  return mine ? { outcome: 'found', spec: specFromRequest(stored), ...found } : { outcome: 'forbidden' };
}

interface Row {
  readonly mine: boolean;
  readonly stored: StoredRequest;
  readonly parent_job_id: string | null;
  readonly overview: Overview | null;
}

const REQUEST = `
select j.user_id = $2 as mine, j.parent_job_id, r.overview_json as overview,
  r.request_json || jsonb_build_object('name', j.name, 'priority', j.priority) as stored
from backtest_jobs j join backtest_job_requests r using (job_id)
where j.job_id = $1`;
