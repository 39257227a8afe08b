// surface: one chunk of stage_a scores, in a short transaction of its own ahead of the checkpoint that counts on it, so
// that bulk never sits in the transaction that holds the job row. Chunks are appended in grid order. What lies at or
// beyond a new chunk was written by an attempt that got further than its checkpoint, perhaps in other portions: the
// chunk of the same number is replaced and later ones go, so the numbers have no gap and the scores no overlap.

import type pg from 'pg';
import { transaction } from '../../db.ts';
import { heartbeat, type Held, type Progress } from '../heartbeat.ts';
import type { Lease } from '../job.ts';

export interface SurfaceChunk extends Progress {
  readonly first_index: number;
  readonly scores: Float32Array;
}

/** Null: the lease is lost. */
export async function surface(pool: pg.Pool, lease: Lease, chunk: SurfaceChunk): Promise<Held | null> {
  const { first_index, scores, ...progress } = chunk;
  return transaction(pool, async (client) => {
    const held = await heartbeat(client, lease, progress);
    if (held) await client.query(APPEND, [lease.job_id, lease.attempt, first_index, littleEndian(scores)]);
    return held;
  });
}

const APPEND = `
with appended as (
  insert into backtest_job_surfaces (job_id, chunk_no, first_index, scores, attempt)
  select $1, count(*), $3, $4, $2 from backtest_job_surfaces where job_id = $1 and first_index < $3
  on conflict (job_id, chunk_no) do update
  set first_index = excluded.first_index, scores = excluded.scores, attempt = excluded.attempt
  returning chunk_no
)
delete from backtest_job_surfaces s using appended a where s.job_id = $1 and s.chunk_no > a.chunk_no`;

const LITTLE_ENDIAN_HOST = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function littleEndian(scores: Float32Array): Buffer {
  return hostEndian(Buffer.from(scores.buffer, scores.byteOffset, scores.byteLength));
}

/** Turns bytes of scores as they are stored into those of this machine, or back. */
export function hostEndian(bytes: Buffer): Buffer {
  return LITTLE_ENDIAN_HOST ? bytes : Buffer.from(bytes).swap32();
}
