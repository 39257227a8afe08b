// How many different variants a search tries. The more there are, the better the best of them looks by luck alone.

import { hasRiskOff, type Grid } from '../grid/grid.ts';

/**
 * Different variants among so many that are scored in each stage: stage_b scores a base variant under every setting, and
 * without stops it is the variant that stage_a has scored.
 */
export function countTrials(
  { stage_a, stage_b }: { readonly stage_a: number; readonly stage_b: number },
  grid: Pick<Grid, 'riskTotal' | 'risks'>,
): number {
  const again = hasRiskOff(grid) ? stage_b / grid.riskTotal : 0;
  return stage_a + stage_b - again;
}
