// list: a user's strategies, newest first, a page at a time, by keyset as the list of jobs is.

import type { Position } from '../queue/cursor.ts';
import { iso, type Db } from '../queue/job.ts';
import type { Strategy } from './strategy.ts';

/** Without the template, of which a page of 250 could have hundreds of megabytes. */
export interface StrategySummary extends Omit<Strategy, 'template'> {
  readonly instrument_id: Strategy['template']['instrument_id'];
  readonly timeframe: string;
}

export interface StrategyQuery {
  readonly user_id: string;
  readonly limit: number;
  /** Where the page before ended; left out: from the newest. */
  readonly cursor?: Position<'strategy_id'> | undefined;
}

export interface StrategyPage {
  readonly items: readonly StrategySummary[];
  /** Null: that was all. */
  readonly next_cursor: Position<'strategy_id'> | null;
}

export async function listStrategies(db: Db, { user_id, limit, cursor }: StrategyQuery): Promise<StrategyPage> {
  const from = [cursor?.created_at, cursor?.strategy_id];
  // One more than asked for says whether there is a next page.
  const { rows } = await db.query<StrategySummary>(LIST, [user_id, limit + 1, ...from]);
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, next_cursor: last ? { created_at: last.created_at, strategy_id: last.strategy_id } : null };
}

const LIST = `
select strategy_id, name, ${iso('created_at')} as created_at,
  template_json -> 'instrument_id' as instrument_id, template_json ->> 'timeframe' as timeframe
from backtest_strategies s
where user_id = $1 and ($3::timestamptz is null or (s.created_at, s.strategy_id) < ($3, $4::uuid))
order by s.created_at desc, s.strategy_id desc
limit $2`;
