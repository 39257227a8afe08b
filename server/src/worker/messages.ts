// The messages between a worker and its compute child, over IPC: a job and orders down, progress, saves and one last word
// up. No message is large: what may be comes in parts, the next one when the one before is written, so that the worker never
// holds a result and the child never runs ahead of the database.

import type { SearchStep, Spec, VariantRow } from '@backtest-jobs/engine';
import type { Permuted } from '@backtest-jobs/engine/internal';
import type { CountedSeries } from '../candles/choose-series.ts';
import type { SourceSettings } from '../config/settings.ts';
import type { BestSoFar } from '../queue/heartbeat.ts';
import type { CheckpointHashes } from '../queue/job.ts';
import type { PartOf } from '../queue/portions/checkpoint-part.ts';
import type { ResultRows } from '../queue/portions/result-rows.ts';
import type { ResultTrades } from '../queue/portions/result-trades.ts';
import type { ShortlistPart } from '../queue/portions/shortlist-part.ts';
import type { Shortlist } from '../queue/portions/shortlist.ts';

export interface ComputeJob {
  readonly spec: Spec;
  readonly requestHash: string;
  readonly source: SourceSettings;
  /** How long candles that are away are waited for. */
  readonly candlePatienceMs: number;
  readonly threads: number;
  readonly snapshotSeconds: number;
  readonly snapshotVariantsStep: number;
  /** The state itself has come before, in parts. */
  readonly resume: { readonly hashes: CheckpointHashes } | null;
}

/** Worker to child. */
export type ToChild =
  | { readonly type: 'prepare'; readonly source: SourceSettings } // there is no job yet; its candles will come from there
  | { readonly type: 'probe'; readonly spec: Spec } // read what this job needs, to see whether that works
  | { readonly type: 'state'; readonly bytes: Uint8Array } // the next part of the state that the job goes on from
  | { readonly type: 'run'; readonly job: ComputeJob }
  | { readonly type: 'saved'; readonly surfaceHash?: string | null } // the last part or snapshot is in the database
  /** Save once more and send stopped; where nobody goes on from there, only the rows. */
  | { readonly type: 'stop'; readonly resumable: boolean };

/** Child to worker. */
export type FromChild =
  | { readonly type: 'ready' }
  | { readonly type: 'probed' } // the candles could be read; else it exits as it would for a job
  | { readonly type: 'waiting'; readonly message: string } // for candles that are away
  | {
      readonly type: 'loaded';
      /** Where the search starts, and the units that lie behind it. */
      readonly stage: SearchStep['stage'];
      readonly processed: number;
      /** Why the checkpoint is of no use. */
      readonly note: string | null;
      /** Series that could have served, the one that was read first; empty where there was no choice. */
      readonly counted: readonly CountedSeries[];
    }
  | {
      readonly type: 'progress';
      readonly stage: SearchStep['stage'];
      readonly processed: number;
      readonly scored: number;
      /** Null: none is ranked yet. */
      readonly best: BestSoFar | null;
    }
  | { readonly type: 'part'; readonly part: Part }
  | { readonly type: 'snapshot'; readonly saved: Save }
  | {
      readonly type: 'stopped';
      readonly saved: Save | null;
      /** Of a cancelled job: how many of its best variants go with this save. */
      readonly kept?: { readonly rows: number; readonly of: number } | null;
    }
  | {
      readonly type: 'result'; // its rows have come in parts
      readonly rows: number;
      readonly result: object;
      readonly resultHash: string;
    }
  | {
      readonly type: 'failed';
      readonly error: { readonly code: string; readonly message: string; readonly details: unknown };
      readonly stack: string;
    };

/** What makes the parts before it count. */
export interface Save {
  readonly stage: SearchStep['stage'];
  readonly next: number;
  /** The last portion of them; null: those of the save before stay. */
  readonly rows: readonly VariantRow[] | null;
  readonly hashes: CheckpointHashes;
  /** The first portion; null: nobody goes on from here. */
  readonly state: Uint8Array | null;
  /** Number of further parts of the state, and the save they belong to. */
  readonly parts: number;
  readonly save_no: number;
  /** What the luck test has found so far; null: it has not begun, or there is none. */
  readonly permuted: Permuted | null;
}

type Plain<T> = Omit<T, 'lease_seconds' | 'stage' | 'processed_units'>;

/** A portion that makes one short write. */
export type Part =
  | ({ readonly kind: 'surface' } & SurfacePart)
  | ({ readonly kind: 'shortlist' } & Plain<Shortlist>)
  | ({ readonly kind: 'shortlist part' } & Plain<ShortlistPart>)
  | ({ readonly kind: 'state'; readonly state: Uint8Array } & PartOf)
  | { readonly kind: 'best rows'; readonly rows: readonly VariantRow[] } // of a snapshot
  | ({ readonly kind: 'rows' } & Plain<ResultRows>)
  | ({ readonly kind: 'trades' } & Plain<ResultTrades>)
  | { readonly kind: 'surface hash' }; // no write: the reply has the hash of the whole surface

/** Contiguous scores of stage_a, in portions that make a short transaction. */
export interface SurfacePart {
  readonly first_index: number;
  readonly scores: Float32Array;
}

/** A message that the run waits for. */
export type ChildMessage = Exclude<FromChild, { type: 'progress' | 'ready' }>;

export type ChildProgress = Extract<FromChild, { type: 'progress' }>;

/** Time in which a cancelled child runs its best variants again; the parent does not kill it while it gets on with them. */
export const CANCELLED_ROWS_MS = 4000;

/** Exit code of a child whose candles are away for now. */
export const CANDLES_UNREACHABLE = 75;
