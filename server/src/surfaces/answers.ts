// Answers about surfaces, kept by what was stored and asked: a page that is opened again, or a slider that goes back, costs no
// computing.

import type { Spec } from '@backtest-jobs/engine';
import { openKept } from './kept.ts';
import type { openLoader, SurfaceVersion } from './load.ts';
import type { SurfaceQuery } from './messages.ts';
import type { Answered, Surfaces } from './surfaces.ts';

const KEPT_BYTES = 64 * 2 ** 20;

export interface StoredSurface {
  readonly job_id: string;
  readonly spec: Spec;
  readonly stored: SurfaceVersion;
}

export interface Answers {
  /** `tag` names the question and what is stored. */
  answer(tag: string, surface: StoredSurface, query: SurfaceQuery, signal: AbortSignal): Promise<Answered>;
  /** Base indexes of a sample as float64; null: the units are the base indexes. */
  bases(surface: StoredSurface, signal: AbortSignal): Promise<Uint8Array | null>;
}

export function openAnswers(surfaces: Surfaces, load: ReturnType<typeof openLoader>): Answers {
  const kept = openKept<Answered>(KEPT_BYTES);
  return {
    async answer(tag, { job_id, spec, stored }, query, signal) {
      const known = kept.get(tag);
      if (known !== undefined) return known;
      const scores = await load(job_id, spec, stored);
      const found = await surfaces.ask({ ...scores, spec, query }, signal);
      kept.put(tag, found, sizeOf(found));
      return found;
    },
    async bases({ spec, stored }, signal) {
      if (spec.sample === null) return null;
      const scores = new Float32Array(new SharedArrayBuffer(0));
      const question = { key: `${stored.version} bases`, scores, spec, query: { kind: 'bases' } as const };
      return (await surfaces.ask(question, signal)).cells ?? new Uint8Array();
    },
  };
}

function sizeOf({ json, cells }: Answered): number {
  return 2 * json.length + (cells?.length ?? 0);
}
