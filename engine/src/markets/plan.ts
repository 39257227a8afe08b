// How the luck test of a spec searches: how many base variants of the grid, how many of them are shortlisted, and what
// that counts for in the progress of a job.

import { foldCount } from '../bars/folds.ts';
import type { Grid } from '../grid/grid.ts';
import { sampleSize } from '../grid/sample.ts';
import type { Spec } from '../spec.ts';

export interface Plan {
  readonly permutations: number;
  /** Base variants that are searched, of so many. */
  readonly variants: number;
  readonly gridVariants: number;
  /** Of them in stage_b, in proportion to the search of the whole grid. */
  readonly shortlist: number;
  readonly blocks: number | null;
  readonly walk: boolean;
  /** Variants scored in a market, at most. */
  readonly unitsOfMarket: number;
  /** The same in all: the permuted markets and the real one. */
  readonly units: number;
}

/** Returns the plan of a spec; null: it asks for no test. */
export function luckPlan(spec: Spec, grid: Grid): Plan | null {
  const { luck, preselect, sample } = spec;
  if (luck === undefined || luck.permutations === 0) return null;
  const { permutations, blocks = null, walk = false } = luck;
  const gridVariants = sampleSize(grid, sample);
  const variants = Math.min(luck.variants, gridVariants);
  const shortlist = Math.min(variants, Math.max(1, Math.ceil((preselect * variants) / gridVariants)));
  const unitsOfMarket = (walk ? foldCount(spec) : 1) * (variants + shortlist * grid.riskTotal);
  const units = (1 + permutations) * unitsOfMarket;
  return { permutations, variants, gridVariants, shortlist, blocks, walk, unitsOfMarket, units };
}
