// The neighbourhood of every variant, by the definition that the engine has for its verdict.

import { nearScores as nearOf } from '@backtest-jobs/engine/internal';
import type { Cube } from './cube.ts';

/** Returns the mean around every unit that has a score, and NaN for the others. */
export function nearScores(cube: Cube): Float32Array {
  const working = nearOf(cube, () => null);
  for (;;) {
    const { done, value } = working.next();
    if (done === true) return value;
  }
}
