// The bytes of a surface: a header, and scores behind it; raw ones come straight from the database, a portion at a time.

import type pg from 'pg';
import { surfacePieces } from '../queue/portions/surface-read.ts';
import type { SurfaceVersion } from './load.ts';

/** Bytes after which columns begin: float64 needs 8. */
const ALIGNED = 8;

/** Returns the length of a JSON header as uint32 and the header, ended by spaces so that columns may follow. */
export function headOf(json: string): Buffer {
  const text = Buffer.from(json);
  const length = Math.ceil((4 + text.length) / ALIGNED) * ALIGNED - 4;
  const head = Buffer.alloc(4 + length, ' ');
  head.writeUInt32LE(length, 0);
  text.copy(head, 4);
  return head;
}

export interface RawSurface {
  readonly job_id: string;
  readonly stored: SurfaceVersion;
  readonly units: number;
  readonly head: Buffer;
  /** Base indexes of a sample as float64; null: the units are the base indexes. */
  readonly bases: Uint8Array | null;
}

/** Bytes between the scores and the base indexes. */
function gapOf({ units, bases }: RawSurface): number {
  return bases === null ? 0 : (4 * units) % ALIGNED;
}

export function rawLength(raw: RawSurface): number {
  return raw.head.length + 4 * raw.units + gapOf(raw) + (raw.bases?.length ?? 0);
}

export async function* rawBytes(pool: pg.Pool, raw: RawSurface): AsyncGenerator<Buffer, void> {
  yield raw.head;
  yield* scoreBytes(pool, raw);
  if (raw.bases !== null) yield Buffer.concat([Buffer.alloc(gapOf(raw)), raw.bases]);
}

/** Scores as they are stored, with NaN for those that are not there. */
async function* scoreBytes(pool: pg.Pool, { job_id, stored, units }: RawSurface): AsyncGenerator<Buffer, void> {
  let at = 0;
  for (const head of stored.heads) {
    const first = Math.min(head.first, units);
    yield* nans(first - at);
    at = Math.max(at, first);
    for await (const piece of surfacePieces(pool, job_id, head)) {
      const fitting = piece.subarray(0, 4 * (units - at));
      at += fitting.length / 4;
      if (fitting.length > 0) yield fitting;
    }
  }
  yield* nans(units - at);
}

const NAN_PORTION = 2 ** 16;

function* nans(count: number): Generator<Buffer, void> {
  for (let left = count; left > 0; left -= NAN_PORTION) {
    const some = Buffer.alloc(4 * Math.min(left, NAN_PORTION));
    for (let at = 0; at < some.length; at += 4) some.writeFloatLE(NaN, at);
    yield some;
  }
}
