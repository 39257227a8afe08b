// How large the luck test of a spec is, where the spec leaves that to us: known from the spec alone, never from the clock,
// so that the same spec asks for the same test everywhere.

import { expectedBars } from '../bars/expected-bars.ts';
import { foldCount, searchedBars } from '../bars/folds.ts';
import { isRiskAlwaysOff, isRuled, needsPath } from '../fast/demand.ts';
import type { Grid } from '../grid/grid.ts';
import { sampleSize } from '../grid/sample.ts';
import { luckPlan } from '../markets/plan.ts';
import { LEAST_PERMUTATIONS } from '../markets/skipped.ts';
import type { Luck, Spec } from '../spec.ts';
import { unitsOf } from './cost.ts';
import { columnsOf } from './time.ts';

/** A luck test as a spec asks for it: `auto` stands where numbers come from its work. */
export interface AskedLuck extends Omit<Luck, 'permutations' | 'variants'> {
  readonly permutations: number | 'auto';
  readonly variants: number | 'auto';
}

/** Permutations that `auto` tries, the most first. */
const PERMUTATIONS = [99, 39, LEAST_PERMUTATIONS];

/** Work that `auto` spends, in bars of variants ranked by return: 20 s of one core of an AMD EPYC at 0.4 ns each. */
const WORK = 5e10;

/** Variants up to which `auto` searches all of a grid; of larger ones so many base variants. */
const WHOLE = 2000;

/** Work of computing a value of an indicator: half of them take less than 20 ns, most a tenth of that. */
const SERIES = 20;

const VALUE_BYTES = 8;

/**
 * Replaces what is automatic by numbers.
 * @param mostVariants that the permuted markets and the real one may have together
 */
export function chooseLuck(spec: Spec, grid: Grid, asked: AskedLuck, mostVariants: number): Luck {
  const { permutations, variants, ...rest } = asked;
  if (permutations === 0) return noLuck(rest);
  const all = sampleSize(grid, spec.sample);
  const { stage_a, stage_b } = unitsOf(spec, grid);
  // Plateaus are found among all points of a grid or not at all.
  const whole = spec.ranking.plateau !== undefined || stage_a + stage_b <= WHOLE;
  const chosen = variants === 'auto' ? (whole ? all : WHOLE) : variants;
  const luckOf = (count: number): Luck => ({ permutations: count, variants: Math.min(chosen, all), ...rest });
  if (permutations !== 'auto') return luckOf(permutations);
  const work = luckWork({ ...spec, luck: luckOf(LEAST_PERMUTATIONS) }, grid); // of a market, however many there are
  const fits = (count: number): boolean =>
    count * work <= WORK && unitsOf({ ...spec, luck: luckOf(count) }, grid).luck <= mostVariants;
  const most = PERMUTATIONS.find(fits);
  return most === undefined ? noLuck({ skipped: 'too_much_work' }) : luckOf(most);
}

function noLuck({ skipped }: Pick<Luck, 'skipped'>): Luck {
  return { permutations: 0, variants: 0, ...(skipped && { skipped }) };
}

/** Computes the work of one market of the test of a spec, in bars of variants ranked by return. */
export function luckWork(spec: Spec, grid: Grid): number {
  const plan = luckPlan(spec, grid);
  if (plan === null) return 0;
  const bars = searchedBars(spec, Math.round(expectedBars(spec).most));
  const series = columnsOf(grid, plan.variants, bars + spec.warmup_bars) / VALUE_BYTES;
  const folds = plan.walk ? foldCount(spec) : 1;
  return (plan.unitsOfMarket + folds * SERIES * series) * bars * weightOf(spec, grid);
}

/**
 * Weighs a bar of a variant against one ranked by return, which takes 0.42 ns on 26,280 hours. Measured: by return with
 * stops 0.37 to 0.55 ns, by a metric of the path 1.3 to 1.7, with exit rules 1.5, with exit rules and stops 2.4.
 */
function weightOf(spec: Spec, grid: Grid): number {
  const ruled = isRuled(grid, spec.template.direction_mode) ? (isRiskAlwaysOff(grid) ? 4 : 6) : 1;
  return Math.max(ruled, needsPath(spec) ? 4 : 1);
}
