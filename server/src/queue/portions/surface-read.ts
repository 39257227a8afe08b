// surface-read: the scores of stage_a as they are stored, a chunk at a time: what chunks there are first, because a size is
// asked before a value. While a job runs there are some of them; an attempt that starts anew writes them again.

import type { Db } from '../job.ts';
import { PORTION_BYTES } from './sizes.ts';

export interface SurfaceChunkHead {
  readonly chunk_no: number;
  /** First unit of the chunk. */
  readonly first: number;
  readonly bytes: number;
  readonly attempt: number;
}

/** The chunks of a job, in the order of units. Call it for a job of the user. */
export async function surfaceHeads(db: Db, job_id: string): Promise<readonly SurfaceChunkHead[]> {
  const { rows } = await db.query<SurfaceChunkHead>(HEADS, [job_id]);
  return rows;
}

/** The bytes of a chunk in portions; ends early where the chunk has gone or was written anew. */
export async function* surfacePieces(
  db: Db,
  job_id: string,
  { chunk_no, attempt, bytes }: SurfaceChunkHead,
): AsyncGenerator<Buffer, void> {
  for (let from = 0; from < bytes; from += PORTION_BYTES) {
    const { rows } = await db.query<{ piece: Buffer }>(PIECE, [job_id, chunk_no, attempt, from + 1, PORTION_BYTES]);
    if (rows[0] === undefined) return;
    yield rows[0].piece;
  }
}

const HEADS = `
select chunk_no, first_index::float8 as first, octet_length(scores) as bytes, attempt
from backtest_job_surfaces where job_id = $1
order by chunk_no`;

const PIECE = `
select substring(scores from $4::int for $5::int) as piece
from backtest_job_surfaces where job_id = $1 and chunk_no = $2 and attempt = $3`;
