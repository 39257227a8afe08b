// What a pool and its threads say to each other: messages that Node's worker_threads and Web Workers carry alike.

import type { Timeline } from '../bars/timeline.ts';
import type { Spec } from '../spec.ts';
import type { VariantRow } from './finalize.ts';
import type { Scores, Task } from './score.ts';
import type { Stage } from './state.ts';

/** An error as a message carries it: a copy of an error from thread to thread forgets its class. */
export interface ErrorMessage {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly cause: ErrorMessage | null;
}

/** What a thread works on; without an answer. */
export interface Opening {
  readonly open: {
    readonly spec: Spec;
    readonly timeline: Timeline;
    /** How many threads share the memory for what variants share. */
    readonly sharers: number;
  };
}

export type Question =
  | { readonly score: Task }
  | { readonly row: { readonly variantIndex: number; readonly rank: number } };

export type Answer =
  | { readonly scores: Scores }
  | { readonly row: VariantRow }
  /** `variant` null: each variant by itself can be scored. */
  | { readonly failed: ErrorMessage; readonly variant: FailingVariant | null };

/** What a thread said (`data`), or how it died. */
export interface ThreadEvent {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly message?: string;
}

/** One variant at work. */
export interface FailingVariant {
  readonly stage: Stage;
  readonly base: number;
  /** Index of its risk setting; null in stage_a, where all is off. */
  readonly risk: number | null;
}
