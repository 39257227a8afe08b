// A search state as bytes and back. Columns go in as they are, so a state of 20,000 variants is half a megabyte; a digest
// ahead of everything tells a damaged or foreign checkpoint from a good one, and such a checkpoint is not an error: the
// search just starts again.

import { sha256 } from '../identity/sha256.ts';
import type { SearchState } from './state.ts';

// digest (64 hex digits) | length of the head in bytes (4) | head: JSON | columns: float64, the surface float32, little-endian
const DIGEST = 64;
const HEAD_AT = DIGEST + 4;

interface Head {
  readonly format: 4;
  readonly stage: SearchState['stage'];
  readonly next: number;
  readonly counts: SearchState['counts'];
  readonly best: number;
  /** -1: there is none yet. */
  readonly shortlist: number;
  /** Whether a plateau score of each of the shortlist follows it; left out: no. */
  readonly plateau?: true;
  /** Left out: there is none. */
  readonly surface?: number;
  readonly near?: SearchState['near'];
  readonly past: SearchState['past'];
  readonly luck: SearchState['luck'];
}

/**
 * A state as bytes that `decodeState` reads back exactly: about 32 bytes for each of the best, 8 for each of the shortlist, 16
 * with its plateau scores, and 4 for each score of the surface.
 */
export function encodeState(state: SearchState): Uint8Array {
  const { stage, next, counts, best, shortlist, plateau, surface, near, past, luck } = state;
  const columns = [best.index, best.primary, best.secondary, best.ruined, shortlist ?? [], plateau ?? []];
  const lengths = {
    best: best.index.length,
    shortlist: shortlist?.length ?? -1,
    ...(plateau !== undefined && { plateau: true as const }),
    ...(surface !== undefined && { surface: surface.length }),
    ...(near !== undefined && { near }),
  };
  const head: Head = { format: 4, stage, next, counts, past, luck, ...lengths };
  const text = JSON.stringify(head); // ASCII: names and numbers
  const columnBytes = columns.reduce((sum, column) => sum + 8 * column.length, 4 * (surface?.length ?? 0));
  const bytes = new Uint8Array(HEAD_AT + text.length + columnBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(DIGEST, text.length, true);
  writeText(bytes, HEAD_AT, text);
  let at = HEAD_AT + text.length;
  for (const column of columns) {
    for (const value of column) {
      view.setFloat64(at, value, true);
      at += 8;
    }
  }
  for (const score of surface ?? []) {
    view.setFloat32(at, score, true);
    at += 4;
  }
  writeText(bytes, 0, sha256(bytes.subarray(DIGEST)));
  return bytes;
}

/** Null for bytes that `encodeState` has not written just so. */
export function decodeState(bytes: Uint8Array): SearchState | null {
  if (bytes.length < HEAD_AT || readText(bytes, 0, DIGEST) !== sha256(bytes.subarray(DIGEST))) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headEnd = HEAD_AT + view.getUint32(DIGEST, true);
  const head = JSON.parse(readText(bytes, HEAD_AT, headEnd)) as Head;
  if (head.format !== 4) return null;
  let at = headEnd;
  const column = (length: number): Float64Array => {
    const values = new Float64Array(length);
    for (let row = 0; row < length; row += 1) values[row] = view.getFloat64(at + 8 * row, true);
    at += 8 * length;
    return values;
  };
  const { stage, next, counts, past, luck, near } = head;
  const [index, primary, secondary, ruined] = [0, 1, 2, 3].map(() => column(head.best));
  const best = { index, primary, secondary, ruined };
  const shortlist = head.shortlist < 0 ? null : column(head.shortlist);
  const plateau = head.plateau && column(head.shortlist);
  const surface = head.surface === undefined ? undefined : new Float32Array(head.surface);
  surface?.forEach((_, unit) => (surface[unit] = view.getFloat32(at + 4 * unit, true)));
  return {
    stage,
    next,
    counts,
    best,
    shortlist,
    past,
    luck,
    ...(plateau && { plateau }),
    ...(surface && { surface }),
    ...(near !== undefined && { near }),
  };
}

/** Both for ASCII only. */
function writeText(bytes: Uint8Array, at: number, text: string): void {
  for (let char = 0; char < text.length; char += 1) bytes[at + char] = text.charCodeAt(char);
}

function readText(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}
