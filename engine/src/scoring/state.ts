// Where a search stands: its stage, the next unit and the best so far. Plain columns and numbers, so that one value is the
// progress, the snapshot and the resume point.

import type { BestColumns } from './rank.ts';
import type { Counts } from './score.ts';

export type Stage = 'stage_a' | 'stage_b' | 'finalizing';

/** Where a search stands. Plain columns and numbers: a search started from it ends with the same bytes. */
export interface SearchState {
  readonly stage: Stage;
  /** The first unit of the stage that is not done: a grid index or a place in the sample, a shortlist x risk position, a kept variant. */
  readonly next: number;
  /** In no particular order until finalizing, then in rank order. */
  readonly best: BestColumns;
  readonly counts: { readonly stage_a: Counts; readonly stage_b: Counts };
  /** Base indexes in rank order; null while stage_a runs. */
  readonly shortlist: Float64Array | null;
  /** The folds that are done, of a search that walks forward; everything else is of the fold after them. */
  readonly past: readonly PastFold[];
}

export interface PastFold extends Pick<SearchState, 'counts'> {
  /** The variant that was ranked first; null: none was. */
  readonly best: number | null;
}
