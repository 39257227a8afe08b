// A seeded random subset of a grid, for grids too large to score: exactly as many base variants as asked for, each as
// likely as any other, the same ones for the same seed everywhere.

import { digitsAt, type Grid } from './grid.ts';
import { random } from './random.ts';
import type { Sample } from './spec.ts';

/** How many base variants are scored. */
export function sampleSize({ baseTotal }: Grid, sample: Sample | null): number {
  return Math.min(sample?.n ?? Infinity, baseTotal);
}

/**
 * Base indexes, ascending; all of them if there are no more than `n`. One pass over the grid that takes each variant with
 * the probability that still gives `n` (selection sampling: Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S).
 */
export function drawSample(grid: Grid, sample: Sample): Float64Array {
  const wanted = sampleSize(grid, sample);
  const drawn = new Float64Array(wanted);
  const digits = new Int32Array(grid.axes.length);
  const next = random(sample.seed);
  let taken = 0;
  let left = grid.baseTotal;
  for (let index = 0; taken < wanted; index += 1) {
    if (!digitsAt(grid, index, digits)) continue;
    if (next() * left < wanted - taken) {
      drawn[taken] = index;
      taken += 1;
    }
    left -= 1;
  }
  return drawn;
}
