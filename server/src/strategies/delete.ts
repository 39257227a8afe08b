// delete: a strategy of its owner. Jobs that have used it keep what they took of it.

import type { Db } from '../queue/job.ts';

export async function deleteStrategy(
  db: Db,
  strategy_id: string,
  user_id: string,
): Promise<'deleted' | 'forbidden' | 'not_found'> {
  const { rows } = await db.query<{ mine: boolean }>(DELETE, [strategy_id, user_id]);
  const [row] = rows;
  if (row === undefined) return 'not_found';
  return row.mine ? 'deleted' : 'forbidden';
}

const DELETE = `
with deleted as (
  delete from backtest_strategies where strategy_id = $1 and user_id = $2
)
select user_id = $2 as mine from backtest_strategies where strategy_id = $1`;
