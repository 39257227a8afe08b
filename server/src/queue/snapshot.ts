// snapshot: the best rows so far, the resume point and what the luck test has found, all or none, fenced by the heartbeat they begin with. Of what is
// too large for one statement it is the last portion of the rows and the first of the resume point: the others are written
// before, and count from here on.

import type pg from 'pg';
import { crashPoint } from '../config/crash.ts';
import { transaction } from '../db.ts';
import { heartbeat, type Held, type Progress } from './heartbeat.ts';
import type { Checkpoint, Lease, TopRow } from './job.ts';
import { bytesOf } from './portions/checkpoint-part.ts';
import { replaceTopRows, withoutReports } from './portions/top-rows.ts';

export interface Snapshot extends Progress {
  /** From the rank of the first one on; null: unchanged since the last snapshot. */
  readonly rows: readonly TopRow[] | null;
  readonly checkpoint: Checkpoint | null;
  /** What the luck test has found so far; null or left out: it has not begun, or there is none. */
  readonly permuted?: object | null;
}

/** Null: the lease is lost. */
export async function snapshot(
  pool: pg.Pool,
  lease: Lease,
  { rows, checkpoint, permuted = null, ...progress }: Snapshot,
): Promise<Held | null> {
  return transaction(pool, async (client) => {
    const held = await heartbeat(client, lease, progress);
    if (!held) return null;
    if (rows) await replaceTopRows(client, lease, withoutReports(rows));
    crashPoint('snapshot');
    if (checkpoint) await saveCheckpoint(client, lease, checkpoint);
    if (permuted) await client.query(SAVE_LUCK, [lease.job_id, lease.attempt, JSON.stringify(permuted)]);
    return held;
  });
}

async function saveCheckpoint(
  client: pg.ClientBase,
  { job_id, attempt }: Lease,
  checkpoint: Checkpoint,
): Promise<void> {
  const { stage, next_index, hashes, state, parts = 0, save_no = 0 } = checkpoint;
  const columns = [stage, next_index, JSON.stringify(hashes), bytesOf(state), parts, save_no];
  await client.query(SAVE_CHECKPOINT, [job_id, attempt, ...columns]);
  await client.query(DROP_OTHER_PARTS, [job_id, attempt, save_no]);
}

const SAVE_CHECKPOINT = `
insert into backtest_job_checkpoints as c (job_id, attempt, stage, next_index, hashes, state, parts, save_no)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (job_id) do update
set attempt = excluded.attempt, stage = excluded.stage, next_index = excluded.next_index,
  hashes = excluded.hashes, state = excluded.state, parts = excluded.parts, save_no = excluded.save_no,
  updated_at = clock_timestamp()`;

const SAVE_LUCK = `
insert into backtest_job_luck as l (job_id, attempt, permuted_json)
values ($1, $2, $3)
on conflict (job_id) do update
set attempt = excluded.attempt, permuted_json = excluded.permuted_json, updated_at = clock_timestamp()`;

const DROP_OTHER_PARTS =
  'delete from backtest_job_checkpoint_parts where job_id = $1 and (attempt <> $2 or save_no <> $3)';
