// The messages between a worker and its compute child, over IPC: a job and orders down, progress, saves and one last word up.

import type { SearchStep, Spec, VariantRow } from '@backtest-jobs/engine';
import type { SourceSettings } from '../config/settings.ts';
import type { CheckpointHashes } from '../queue/job.ts';
import type { Shortlist } from '../queue/shortlist.ts';

export interface ComputeJob {
  readonly spec: Spec;
  readonly requestHash: string;
  readonly source: SourceSettings;
  /** How long candles that are away are waited for. */
  readonly candlePatienceMs: number;
  readonly threads: number;
  readonly snapshotSeconds: number;
  readonly snapshotVariantsStep: number;
  readonly resume: { readonly hashes: CheckpointHashes; readonly state: Uint8Array } | null;
}

/** Worker to child. */
export type ToChild =
  | { readonly type: 'prepare'; readonly source: SourceSettings } // there is no job yet; its candles will come from there
  | { readonly type: 'run'; readonly job: ComputeJob }
  | { readonly type: 'saved' } // the last snapshot is in the database, the next one may come
  | { readonly type: 'stop' }; // save once more and send stopped

/** Child to worker. */
export type FromChild =
  | { readonly type: 'ready' }
  | { readonly type: 'waiting'; readonly message: string } // for candles that are away
  | {
      readonly type: 'loaded';
      /** Where the search starts, and the units that lie behind it. */
      readonly stage: SearchStep['stage'];
      readonly processed: number;
      /** Why the checkpoint is of no use. */
      readonly note: string | null;
    }
  | {
      readonly type: 'progress';
      readonly stage: SearchStep['stage'];
      readonly processed: number;
      readonly scored: number;
    }
  | { readonly type: 'snapshot'; readonly saved: Save }
  | { readonly type: 'stopped'; readonly saved: Save | null }
  | {
      readonly type: 'result';
      readonly saved: Save & { readonly rows: readonly VariantRow[] };
      readonly result: object;
    }
  | {
      readonly type: 'failed';
      readonly error: { readonly code: string; readonly message: string; readonly details: unknown };
      readonly stack: string;
    };

/** Everything the parent needs to save the work so far. */
export interface Save {
  readonly stage: SearchStep['stage'];
  readonly next: number;
  /** Null: those of the save before stay. */
  readonly rows: readonly VariantRow[] | null;
  readonly hashes: CheckpointHashes;
  readonly state: Uint8Array;
  readonly surface: readonly SurfacePart[];
  /** Only in the first save after stage_a has ended, of each fold. */
  readonly shortlist: Pick<Shortlist, 'indexes' | 'stage_a_variants_total' | 'risk_total' | 'preselect_used'> | null;
}

/** Contiguous scores of stage_a, in portions that make a short transaction. */
export interface SurfacePart {
  readonly first_index: number;
  readonly scores: Float32Array;
}

/** A message that the run waits for. */
export type ChildMessage = Exclude<FromChild, { type: 'progress' | 'ready' }>;

export type ChildProgress = Extract<FromChild, { type: 'progress' }>;

/** Exit code of a child whose candles are away for now. */
export const CANDLES_UNREACHABLE = 75;
