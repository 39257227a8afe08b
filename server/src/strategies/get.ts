// get: one strategy for its owner. Somebody else's is told apart from none, without showing it.

import type { Db } from '../queue/job.ts';
import { inSavedOrder, strategyColumns, type Stored, type Strategy } from './strategy.ts';

export type GotStrategy =
  | { readonly outcome: 'found'; readonly strategy: Strategy }
  | { readonly outcome: 'forbidden' }
  | { readonly outcome: 'not_found' };

export async function getStrategy(db: Db, strategy_id: string, user_id: string): Promise<GotStrategy> {
  const { rows } = await db.query<Strategy & Stored & { mine: boolean }>(GET, [strategy_id, user_id]);
  const [row] = rows;
  if (row === undefined) return { outcome: 'not_found' };
  const { mine, ...strategy } = row;
  return mine ? { outcome: 'found', strategy: inSavedOrder(strategy) } : { outcome: 'forbidden' };
}

const GET = `select ${strategyColumns}, user_id = $2 as mine from backtest_strategies where strategy_id = $1`;
