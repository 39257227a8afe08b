// surface-hash: sha256 over the scores of a surface, read in pieces, so that no process holds it as a whole. Over the
// scores alone, so the portions they were stored in do not matter. Read by the owner of the lease when all is written.

import { createHash } from 'node:crypto';
import type { Db } from '../job.ts';
import { PORTION_BYTES } from './sizes.ts';

/** Hex; null: the job has no surface. */
export async function surfaceHash(db: Db, job_id: string): Promise<string | null> {
  const hash = createHash('sha256');
  let any = false;
  for (let chunk = 0, from = 1; ;) {
    const { rows } = await db.query<Piece>(PIECE, [job_id, chunk, from, PORTION_BYTES]);
    const [piece] = rows;
    if (piece === undefined) return any ? hash.digest('hex') : null;
    any = true;
    hash.update(piece.bytes);
    from = piece.more ? from + PORTION_BYTES : 1;
    chunk += piece.more ? 0 : 1;
  }
}

interface Piece {
  readonly bytes: Buffer;
  /** The chunk has more bytes behind these. */
  readonly more: boolean;
}

// Chunks are numbered in grid order, without a gap (surface.ts).
const PIECE = `
select substring(scores from $3::int for $4::int) as bytes, octet_length(scores) >= $3::int + $4::int as more
from backtest_job_surfaces
where job_id = $1 and chunk_no = $2`;
