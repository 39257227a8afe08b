// The quota of stored rows: a submit whose best variants would not fit is refused, with the numbers and the way out.

import type pg from 'pg';
import type { Config } from '../../config/config.ts';
import { hasRoomForRows, type RowsWanted } from '../../queue/reads/stored-rows.ts';
import { ApiError } from '../errors.ts';

type Wanted = Pick<RowsWanted, 'user_id' | 'rows'> & { readonly idempotency_key?: string | undefined };

export async function requireRoomForRows(pool: pg.Pool, { backtest }: Config, wanted: Wanted): Promise<void> {
  const { rows, idempotency_key = null } = wanted;
  const most = backtest.jobs.max_stored_rows_per_user;
  if (await hasRoomForRows(pool, { ...wanted, idempotency_key, most })) return;
  const way = 'delete finished jobs first, set retention_days, or ask for a lower top_k';
  const rule = `${most} rows of best variants are allowed (max_stored_rows_per_user)`;
  throw new ApiError('quota_exceeded', `${rule}, and yours leave no room for another ${rows}: ${way}`, {
    limit: most,
    rows,
  });
}
