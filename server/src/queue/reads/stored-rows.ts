// stored-rows: whether a user has room for the best variants of another job. It counts no further than the bound, and is no
// lock: submits at once may exceed it by their own rows.

import type { Db } from '../job.ts';

export interface RowsWanted {
  readonly user_id: string;
  /** Of a submit: the job of a key that is there needs no more room. */
  readonly idempotency_key: string | null;
  /** Best variants that the job would keep. */
  readonly rows: number;
  /** Rows that the user may have altogether. */
  readonly most: number;
}

export async function hasRoomForRows(
  db: Db,
  { user_id, idempotency_key, rows: wanted, most }: RowsWanted,
): Promise<boolean> {
  if (wanted > most) return false;
  const { rows } = await db.query(FULL, [user_id, idempotency_key, most - wanted]);
  return rows.length === 0;
}

const FULL = `
select 1
from backtest_jobs j join backtest_job_top_variants t using (job_id)
where j.user_id = $1
  and not exists (select from backtest_jobs where user_id = $1 and idempotency_key = $2)
offset $3 limit 1`;
