// The middle of the best neighbourhood of a grid: where a search may be refined. It needs every score of stage_a, so those are
// kept in the state while that stage runs; once it is over, two numbers are left of them.

import { riskOff, type Grid } from '../grid/grid.ts';
import type { Ranking, Spec } from '../spec.ts';
import { nearScores } from './near.ts';
import { orderOf } from './rank.ts';

/** Most indexes of a grid whose scores are kept for it: 4 MB in each resume point. */
const MOST_KEPT = 2 ** 20;

/** Bytes an index: its score, its mean, and while boxes are summed a sum and a count. */
export const NEAR_BYTES = 2 * 4 + 2 * 8;

/** The base variant around which the mean of the primary metric is best. Plain JSON. */
export interface BestNear {
  /** With risk off. */
  readonly variant_index: number;
  /** Mean over what lies within 2 % of each axis, at least one step. */
  readonly near: number;
}

/** Returns why a search does not look for the best neighbourhood; null: it does. By the spec alone. */
export function whyNoNear({ rawTotal }: Pick<Grid, 'rawTotal'>, { sample }: Pick<Spec, 'sample'>): string | null {
  if (sample !== null) return 'a sample has no neighbourhoods';
  if (rawTotal < 2) return 'a grid of one point has no neighbourhoods';
  if (rawTotal > MOST_KEPT) return `the grid has more than ${MOST_KEPT} points: the map of neighbourhoods shows it`;
  return null;
}

/** Collects the scores of stage_a, those of `before` first; null where the spec has no neighbourhoods. */
export function openBestNear(grid: Grid, spec: Pick<Spec, 'sample' | 'ranking'>, before: ArrayLike<number> = []) {
  if (whyNoNear(grid, spec) !== null) return null;
  const scores = new Float32Array(grid.rawTotal).fill(NaN);
  scores.set(before);
  return {
    /** Takes the scores of a chunk, whose first index is `from`. */
    take(from: number, chunk: ArrayLike<number>): void {
      scores.set(chunk, from);
    },
    /** Returns the scores before an index, which stay as they are. */
    upTo: (next: number): Float32Array => scores.subarray(0, next),
    /** Yields `turn()` while it sums. */
    find: <T>(turn: () => T): Generator<T, BestNear | null> => bestNear(grid, scores, spec.ranking, turn),
  };
}

/** Returns the first of the best; null: nothing has a finite score. */
function* bestNear<T>(
  grid: Grid,
  scores: Float32Array,
  ranking: Ranking,
  turn: () => T,
): Generator<T, BestNear | null> {
  const axes = grid.axes.map(({ values }, axis) => ({ values, stride: grid.strides[axis] }));
  const near = yield* nearScores({ scores, axes }, turn);
  const sign = orderOf(ranking).primary === 'desc' ? 1 : -1;
  let best = -1;
  for (let index = 0; index < near.length; index += 1) {
    if (Number.isNaN(near[index])) continue;
    if (best < 0 || sign * near[index] > sign * near[best]) best = index;
  }
  return best < 0 ? null : { variant_index: best * grid.riskTotal + riskOff(grid), near: near[best] + 0 };
}
