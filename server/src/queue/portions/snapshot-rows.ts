// snapshot-rows: a portion of the best rows so far that comes before the snapshot they belong to, under the fence. Nothing
// counts on them: until the snapshot is there the rows behind them are those of the one before.

import type pg from 'pg';
import { transaction } from '../../db.ts';
import { heartbeat, type Held, type Progress } from '../heartbeat.ts';
import type { Lease, TopRow } from '../job.ts';
import { replaceTopRows, withoutReports } from './top-rows.ts';

export interface SnapshotRows extends Progress {
  /** In rank order; rows from the rank of the first one on are replaced. */
  readonly rows: readonly TopRow[];
}

/** Null: the lease is lost. */
export async function snapshotRows(pool: pg.Pool, lease: Lease, portion: SnapshotRows): Promise<Held | null> {
  const { rows, ...progress } = portion;
  return transaction(pool, async (client) => {
    const held = await heartbeat(client, lease, progress);
    if (held) await replaceTopRows(client, lease, withoutReports(rows));
    return held;
  });
}
