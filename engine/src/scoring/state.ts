// Where a search stands: its stage, the next unit and the best so far. Plain columns and numbers, so that one value is
// the progress, the snapshot and the resume point.

import type { MetricJson } from '../simulate/metrics-json.ts';
import type { BestNear } from './best-near.ts';
import type { BestColumns } from './rank.ts';
import type { Counts } from './score.ts';

/** Stages that score variants. */
export const SCORING_STAGES = ['stage_a', 'stage_b'] as const;
export type ScoringStage = (typeof SCORING_STAGES)[number];

/** Stages of a search, in their order. */
export const STAGES = [...SCORING_STAGES, 'finalizing'] as const;
export type Stage = (typeof STAGES)[number];

/** State of a search: one started from it ends with the same bytes. */
export interface SearchState {
  readonly stage: Stage;
  /**
   * First unit of the stage that is not done: a grid index or a place in the sample, a shortlist x risk position, a
   * kept variant.
   */
  readonly next: number;
  /** Kept variants, in no particular order until finalizing, then in rank order. */
  readonly best: BestColumns;
  readonly counts: { readonly stage_a: Counts; readonly stage_b: Counts };
  /** Indexes of base variants in rank order; null while stage_a runs. */
  readonly shortlist: Float64Array | null;
  /** Plateau score of each of the shortlist, while stage_b of a ranking by plateaus runs; else left out. */
  readonly plateau?: Float64Array;
  /** Scores of the indexes before `next` while stage_a runs, where the best neighbourhood is made of them; else left out. */
  readonly surface?: Float32Array;
  /** The best neighbourhood, once stage_a is over; null or left out: there is none. */
  readonly near?: BestNear | null;
  /** Folds that are done, of a search that walks forward; everything else is of the fold after them. */
  readonly past: readonly PastFold[];
  /** The luck test, once the rows are made; null before, and of a spec that asks for none. */
  readonly luck: LuckState | null;
}

/** What the searches on permuted markets have found, in the order of their numbers; 0 is the real market, rebuilt. */
export interface LuckState {
  /** The first market that is not searched yet. */
  readonly next: number;
  /** Best variant of the real market; null: nothing was ranked, or it is not searched yet. */
  readonly variant: number | null;
  /** Primary metric of the best in each; null: nothing was ranked. */
  readonly bests: readonly MetricJson[];
  /** Its daily Sharpe ratio; null: it has none. */
  readonly sharpes: readonly (number | null)[];
}

export interface PastFold extends Pick<SearchState, 'counts'> {
  /** Variant that was ranked first; null: none was. */
  readonly best: number | null;
}
