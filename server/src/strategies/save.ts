// save: a new strategy of its user, whose name for it must be free. Nothing changes one afterwards.

import type { SavedStrategy } from '@backtest-jobs/engine/internal';
import type { Db } from '../queue/job.ts';
import { strategyColumns, type Strategy } from './strategy.ts';

export type Saved =
  | { readonly outcome: 'created'; readonly strategy: Strategy }
  | { readonly outcome: 'conflict'; readonly strategy_id: string }; // which has the name

export interface Saving extends SavedStrategy {
  readonly strategy_id: string;
  readonly user_id: string;
}

export async function saveStrategy(db: Db, { strategy_id, user_id, name, template }: Saving): Promise<Saved> {
  const { rows } = await db.query<Strategy>(SAVE, [strategy_id, user_id, name, JSON.stringify(template)]);
  const [strategy] = rows;
  if (strategy === undefined) throw new Error('save: the statement always answers with one row');
  if (strategy.strategy_id === strategy_id) return { outcome: 'created', strategy };
  return { outcome: 'conflict', strategy_id: strategy.strategy_id };
}

// The update changes nothing: it waits for whoever is saving the same name now and makes the conflict a row.
const SAVE = `
insert into backtest_strategies as s (strategy_id, user_id, name, template_json)
values ($1, $2, $3, $4)
on conflict on constraint backtest_strategies_name do update set name = s.name
returning ${strategyColumns}`;
