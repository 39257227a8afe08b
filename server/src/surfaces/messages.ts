// What is asked of a surface, and how a thread answers.

import type { Problem, Spec } from '@backtest-jobs/engine';
import type { BandsQuery } from './bands.ts';
import type { CellQuery } from './cell.ts';
import type { SliceQuery } from './slice.ts';

export type SurfaceQuery =
  | ({ readonly kind: 'slice' } & SliceQuery)
  | ({ readonly kind: 'cell' } & CellQuery)
  | ({ readonly kind: 'bands' } & BandsQuery)
  | { readonly kind: 'summary'; readonly above: readonly number[] }
  | { readonly kind: 'bases' }; // the base indexes of a sample

export interface SurfaceQuestion {
  /** Names the scores: what was made of them is kept under it. */
  readonly key: string;
  readonly scores: Float32Array<SharedArrayBuffer>;
  readonly spec: Spec;
  readonly query: SurfaceQuery;
}

export type SurfaceAnswer =
  | { readonly json: string; readonly cells: Uint8Array<ArrayBuffer> | null }
  | { readonly problems: readonly Problem[] }
  | { readonly error: string };
