// save: a new strategy of its user, whose name for it must be free, within the number that a user may keep. Nothing changes
// one afterwards. It locks the user in a statement of its own, as submit does: the count must be younger than the lock.

import type { SavedStrategy } from '@backtest-jobs/engine/internal';
import type pg from 'pg';
import { transaction } from '../db.ts';
import { inSavedOrder, strategyColumns, type Stored, type Strategy } from './strategy.ts';

export type Saved =
  | { readonly outcome: 'created'; readonly strategy: Strategy }
  | { readonly outcome: 'conflict'; readonly strategy_id: string } // which has the name
  | { readonly outcome: 'quota_exceeded'; readonly limit: number };

export interface Saving extends SavedStrategy {
  readonly strategy_id: string;
  readonly user_id: string;
  /** Strategies that the user may keep. */
  readonly most: number;
}

export async function saveStrategy(pool: pg.Pool, saving: Saving): Promise<Saved> {
  const { strategy_id, user_id, name, template, most } = saving;
  const { rows } = await transaction(pool, async (client) => {
    await client.query(LOCK_USER, [user_id]);
    const order = 'rules' in template ? JSON.stringify(Object.keys(template.params)) : null;
    return client.query<Strategy & Stored>(SAVE, [strategy_id, user_id, name, JSON.stringify(template), most, order]);
  });
  const [strategy] = rows;
  if (strategy === undefined) return { outcome: 'quota_exceeded', limit: most };
  if (strategy.strategy_id === strategy_id) return { outcome: 'created', strategy: inSavedOrder(strategy) };
  return { outcome: 'conflict', strategy_id: strategy.strategy_id };
}

const LOCK_USER = `select pg_advisory_xact_lock(hashtextextended('backtest_strategies save ' || $1::uuid, 0))`;

const SAVE = `
with earlier as (
  select * from backtest_strategies where user_id = $2 and name = $3
), created as (
  insert into backtest_strategies (strategy_id, user_id, name, template_json, params_order)
  select $1, $2, $3, $4, $6
  where not exists (select from earlier)
    and (select count(*) from backtest_strategies where user_id = $2) < $5
  returning *
)
select ${strategyColumns} from (select * from earlier union all select * from created) s`;
