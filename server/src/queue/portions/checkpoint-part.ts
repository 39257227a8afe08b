// checkpoint-part: a portion of a resume point that is too large for one value. Parts are written under the fence, ahead of
// the snapshot that makes them count, and read one by one by the attempt that goes on from them.

import type pg from 'pg';
import { transaction } from '../../db.ts';
import { heartbeat, type Held, type Progress } from '../heartbeat.ts';
import type { Db, Lease } from '../job.ts';
import { PORTION_BYTES } from './sizes.ts';

/** Which save of which attempt a part belongs to. */
export interface PartOf {
  readonly save_no: number;
  /** From 1; what comes before the first part stands in the checkpoint. */
  readonly part_no: number;
}

export interface CheckpointPart extends Progress, PartOf {
  readonly state: Uint8Array;
}

/** Null: the lease is lost. */
export async function checkpointPart(pool: pg.Pool, lease: Lease, portion: CheckpointPart): Promise<Held | null> {
  const { save_no, part_no, state, ...progress } = portion;
  return transaction(pool, async (client) => {
    const held = await heartbeat(client, lease, progress);
    if (held) await client.query(SAVE, [lease.job_id, lease.attempt, save_no, part_no, bytesOf(state)]);
    return held;
  });
}

/** Null: it is not there, or is larger than any part. */
export async function readCheckpointPart(
  db: Db,
  { job_id, attempt }: Pick<Lease, 'job_id' | 'attempt'>,
  { save_no, part_no }: PartOf,
): Promise<Buffer | null> {
  const { rows } = await db.query<{ state: Buffer }>(READ, [job_id, attempt, save_no, part_no, PORTION_BYTES]);
  return rows[0]?.state ?? null;
}

/** The same bytes as a Buffer, without a copy. */
export function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

const SAVE = `
insert into backtest_job_checkpoint_parts (job_id, attempt, save_no, part_no, state)
values ($1, $2, $3, $4, $5)
on conflict (job_id, attempt, save_no, part_no) do update set state = excluded.state`;

const READ = `
select state from backtest_job_checkpoint_parts
where job_id = $1 and attempt = $2 and save_no = $3 and part_no = $4 and octet_length(state) <= $5`;
