// Reads the scores of a job into memory that threads share, in portions, and keeps the cubes that were asked about last: a
// slider asks about the same one again and again.

import { createHash } from 'node:crypto';
import type { Spec } from '@backtest-jobs/engine';
import { layoutOf, specError } from '@backtest-jobs/engine/internal';
import type pg from 'pg';
import { surfaceHeads, surfacePieces, type SurfaceChunkHead } from '../queue/portions/surface-read.ts';
import { hostEndian } from '../queue/portions/surface.ts';
import { openKept } from './kept.ts';

/** Scores that are explored: 200 MB. A larger surface is exported. */
const MOST_SCORES = 50_000_000;
/** Bytes of all cubes that are kept; the last one is, whatever it has. */
const KEPT_BYTES = 256 * 2 ** 20;

/** What is stored of a surface, and what names just that. */
export interface SurfaceVersion {
  readonly heads: readonly SurfaceChunkHead[];
  /** Changes with every chunk that comes or is written anew. */
  readonly version: string;
}

export async function surfaceVersion(pool: pg.Pool, job_id: string): Promise<SurfaceVersion> {
  const heads = await surfaceHeads(pool, job_id);
  const text = heads.map(({ first, bytes, attempt }) => `${first} ${bytes} ${attempt}`).join();
  const version = createHash('sha256').update(`${job_id} ${text}`).digest('hex').slice(0, 24);
  return { heads, version };
}

/** Units of a job: base indexes, or places in the sample. */
export function unitsOfSurface(spec: Spec): number {
  const { rawTotal } = layoutOf(spec);
  return spec.sample === null ? rawTotal : Math.min(spec.sample.n, rawTotal);
}

export interface Scores {
  readonly key: string;
  readonly scores: Float32Array<SharedArrayBuffer>;
}

/** Opens a reader of scores; one that is asked twice at once reads once. */
export function openLoader(pool: pg.Pool, keptBytes = KEPT_BYTES) {
  const kept = openKept<Promise<Scores>>(keptBytes);
  return async (job_id: string, spec: Spec, { heads, version }: SurfaceVersion): Promise<Scores> => {
    const units = unitsOfSurface(spec);
    if (units > MOST_SCORES) {
      const message = `the surface has ${units} scores, at most ${MOST_SCORES} can be explored: export it instead`;
      throw specError('job_id', 'too_large', message);
    }
    const known = kept.get(version);
    if (known !== undefined) return known;
    const found = read(pool, job_id, { heads, version, units });
    kept.put(version, found, 4 * units);
    found.catch(() => kept.drop(version));
    return found;
  };
}

async function read(
  pool: pg.Pool,
  job_id: string,
  { heads, version, units }: SurfaceVersion & { readonly units: number },
): Promise<Scores> {
  const scores = new Float32Array(new SharedArrayBuffer(4 * units)).fill(NaN);
  for (const head of heads) {
    let at = head.first;
    for await (const piece of surfacePieces(pool, job_id, head)) {
      if (at >= units) break;
      const fitting = hostEndian(piece.subarray(0, 4 * (units - at)));
      new Uint8Array(scores.buffer, 4 * at).set(fitting);
      at += piece.length / 4;
    }
  }
  return { key: version, scores };
}
