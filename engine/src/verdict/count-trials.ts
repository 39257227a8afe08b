// How many different variants a search tries. The more there are, the better the best of them looks by luck alone.

import type { Grid } from '../grid/grid.ts';

/**
 * Different variants among so many that are scored in each stage: stage_b scores a base variant under every setting, one of
 * which stands for the score of stage_a. Where every setting has a stop, that score chose for stage_b and was no variant.
 */
export function countTrials(
  { stage_a, stage_b }: { readonly stage_a: number; readonly stage_b: number },
  grid: Pick<Grid, 'riskTotal'>,
): number {
  return stage_a + stage_b - stage_b / grid.riskTotal;
}
