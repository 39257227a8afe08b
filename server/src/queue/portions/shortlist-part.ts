// shortlist-part: a further portion of a long shortlist, under the fence. The first one stands in the shortlist itself.

import type pg from 'pg';
import { transaction } from '../../db.ts';
import { heartbeat, type Held, type Progress } from '../heartbeat.ts';
import type { Lease } from '../job.ts';

export interface ShortlistPart extends Progress {
  /** From 1. */
  readonly part_no: number;
  readonly indexes: Iterable<number>;
}

/** Null: the lease is lost. */
export async function shortlistPart(pool: pg.Pool, lease: Lease, portion: ShortlistPart): Promise<Held | null> {
  const { part_no, indexes, ...progress } = portion;
  return transaction(pool, async (client) => {
    const held = await heartbeat(client, lease, progress);
    if (held) await client.query(SAVE, [lease.job_id, lease.attempt, part_no, JSON.stringify([...indexes])]);
    return held;
  });
}

const SAVE = `
insert into backtest_job_shortlist_parts (job_id, attempt, part_no, indexes_json)
values ($1, $2, $3, $4)
on conflict (job_id, part_no) do update set attempt = excluded.attempt, indexes_json = excluded.indexes_json`;
