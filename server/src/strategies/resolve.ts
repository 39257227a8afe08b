// resolve: the strategy a submit means. A submit that is repeated with its Idempotency-Key means what it meant the first
// time: when the strategy has been deleted since, the copy that the job of the key has kept is as good, because a
// strategy never changes.

import type { SavedStrategy } from '@backtest-jobs/engine/internal';
import type { Db } from '../queue/job.ts';
import { inSavedOrder, type Stored } from './strategy.ts';

/** What a job keeps of the strategy it was submitted with. */
export interface StrategySnapshot extends SavedStrategy {
  readonly strategy_id: string;
}

export interface StrategyQuestion {
  readonly strategy_id: string;
  readonly user_id: string;
  readonly idempotency_key?: string | undefined;
}

export type Resolved =
  | { readonly outcome: 'found'; readonly strategy: StrategySnapshot }
  | { readonly outcome: 'forbidden' }
  | { readonly outcome: 'not_found' };

export async function resolveStrategy(db: Db, question: StrategyQuestion): Promise<Resolved> {
  const { strategy_id, user_id, idempotency_key } = question;
  const { rows } = await db.query<{ strategy: (StrategySnapshot & Stored) | null }>(RESOLVE, [
    strategy_id,
    user_id,
    idempotency_key,
  ]);
  const [row] = rows;
  if (row === undefined) return { outcome: 'not_found' };
  return row.strategy === null ? { outcome: 'forbidden' } : { outcome: 'found', strategy: inSavedOrder(row.strategy) };
}

const RESOLVE = `
with kept as (
  select case when user_id = $2 then
    jsonb_build_object('strategy_id', strategy_id, 'name', name, 'template', template_json, 'params_order', params_order)
  end as strategy
  from backtest_strategies where strategy_id = $1
)
select strategy from kept
union all
select r.spec_payload_json || jsonb_build_object('params_order', r.request_json -> 'params_order')
from backtest_jobs j join backtest_job_requests r using (job_id)
where j.user_id = $2 and j.idempotency_key = $3 and j.mode = 'saved'
  and r.spec_payload_json ->> 'strategy_id' = $1::uuid::text
  and not exists (select from kept)
limit 1`;
