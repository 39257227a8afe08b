// A seeded random subset of a grid, for grids too large to score: exactly as many base variants as asked for, each as
// likely as any other, the same ones for the same seed everywhere.

import type { Sample } from '../spec.ts';
import { openWalk, type Grid } from './grid.ts';
import { random } from './random.ts';

/** How many base variants are scored. */
export function sampleSize({ baseTotal }: Grid, sample: Sample | null): number {
  return Math.min(sample?.n ?? Infinity, baseTotal);
}

/** Indexes that are looked at between two turns: some 40 ms. */
const PORTION = 2 ** 20;

/**
 * Base indexes, ascending; all of them if there are no more than `n`. One pass over the grid that takes each variant with
 * the probability that still gives `n` (selection sampling: Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S),
 * in portions: yields `turn()` after each.
 */
export function* draw<T>(grid: Grid, sample: Sample, turn: () => T): Generator<T, Float64Array> {
  const wanted = sampleSize(grid, sample);
  const drawn = new Float64Array(wanted);
  const walk = openWalk(grid);
  const takes = openSelection(wanted, grid.baseTotal, sample.seed);
  let taken = 0;
  for (let index = 0; taken < wanted; index += 1) {
    if (walk.to(index) && takes()) {
      drawn[taken] = index;
      taken += 1;
    }
    if ((index + 1) % PORTION === 0) yield turn();
  }
  return drawn;
}

/** Draws all at once, where nobody waits for a turn. */
export function drawAll(grid: Grid, sample: Sample): Float64Array {
  const drawing = draw(grid, sample, () => null);
  for (;;) {
    const { done, value } = drawing.next();
    if (done === true) return value;
  }
}

/** So many of a list, in its order. */
export function selectFrom(list: Float64Array, n: number, seed: number): Float64Array {
  return list.filter(openSelection(Math.min(n, list.length), list.length, seed));
}

/** Asked for one candidate after the other, takes `wanted` of `total`. */
function openSelection(wanted: number, total: number, seed: number): () => boolean {
  const next = random(seed);
  let missing = wanted;
  let left = total;
  return () => {
    const takes = next() * left < missing;
    left -= 1;
    missing -= Number(takes);
    return takes;
  };
}
