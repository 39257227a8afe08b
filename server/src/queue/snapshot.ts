// snapshot: the best rows so far and the resume point, both or neither, fenced by the heartbeat they begin with.

import type pg from 'pg';
import { crashPoint } from '../config/crash.ts';
import { transaction } from '../db.ts';
import { heartbeat, type Held, type Progress } from './heartbeat.ts';
import type { Checkpoint, Lease, TopRow } from './job.ts';
import { replaceTopRows, withoutReports } from './top-rows.ts';

export interface Snapshot extends Progress {
  /** Null: unchanged since the last snapshot. */
  readonly rows: readonly TopRow[] | null;
  readonly checkpoint: Checkpoint | null;
}

/** Null: the lease is lost. */
export async function snapshot(
  pool: pg.Pool,
  lease: Lease,
  { rows, checkpoint, ...progress }: Snapshot,
): Promise<Held | null> {
  return transaction(pool, async (client) => {
    const held = await heartbeat(client, lease, progress);
    if (!held) return null;
    if (rows) await replaceTopRows(client, lease, withoutReports(rows));
    crashPoint('snapshot');
    if (checkpoint) await client.query(SAVE_CHECKPOINT, [lease.job_id, lease.attempt, ...columns(checkpoint)]);
    return held;
  });
}

function columns({ stage, next_index, hashes, state }: Checkpoint): unknown[] {
  return [stage, next_index, JSON.stringify(hashes), Buffer.from(state.buffer, state.byteOffset, state.byteLength)];
}

const SAVE_CHECKPOINT = `
insert into backtest_job_checkpoints as c (job_id, attempt, stage, next_index, hashes, state)
values ($1, $2, $3, $4, $5, $6)
on conflict (job_id) do update
set attempt = excluded.attempt, stage = excluded.stage, next_index = excluded.next_index,
  hashes = excluded.hashes, state = excluded.state, updated_at = clock_timestamp()`;
