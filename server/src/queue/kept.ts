// kept: whether a user keeps as many finished jobs as one may, asked before another is submitted. A repeat of a submit is
// no other job, so the key of one that is there passes. The count is no lock: submits at once may exceed it by a few.

import type { Db } from './job.ts';

export interface Keeper {
  readonly user_id: string;
  readonly idempotency_key: string | null;
  readonly most: number;
}

/** Returns whether the user has to delete finished jobs first. */
export async function keepsTooMany(db: Db, { user_id, idempotency_key, most }: Keeper): Promise<boolean> {
  const { rows } = await db.query(KEPT, [user_id, idempotency_key, most - 1]);
  return rows.length > 0;
}

const KEPT = `
select 1
from backtest_jobs
where user_id = $1 and state in ('succeeded', 'failed', 'cancelled')
  and not exists (select from backtest_jobs where user_id = $1 and idempotency_key = $2)
offset $3 limit 1`;
