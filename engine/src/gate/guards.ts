// The guards of a spec: rules that only all fields together can break. There is a bar to trade on, and neither variants
// nor memory exceed what the configuration allows.

import { wholeBars } from '../bars/expected-bars.ts';
import { foldCount, splitProblem } from '../bars/folds.ts';
import type { Guards } from '../defaults.ts';
import { estimate, KEPT_TRADE, keptTrades } from '../estimate/cost.ts';
import type { AskedLuck } from '../estimate/luck.ts';
import { buildGrid, rawTotalOf, riskTotalOf, type Grid } from '../grid/grid.ts';
import { longestLookBack, type LookBackKind } from '../grid/look-back.ts';
import { MOST_PROBLEMS } from '../problems.ts';
import { MOST_POINTS } from '../scoring/plateau.ts';
import type { Spec, Template } from '../spec.ts';
import { BOUNDS } from './bounds.ts';
import { at, complain, type Field } from './fields.ts';
import { guardLuckRange, settleLuck } from './read-luck.ts';

/** Indexes that a grid may have, senseless combinations included, as a multiple of the most variants. */
const RAW_FACTOR = 4;

/** Fields that a grid is made of. */
const GRID = ['indicator_grids', 'signal_grids', 'rules', 'params', 'constraints', 'risk_grid'].map(
  (name) => `template.${name}`,
);

/** Fields that bars are counted by. */
const RANGE = ['time_range', 'template.timeframe'];

/** Limits of a spec, and of the work of judging it, as `buildGrid` counts it. */
interface Limits extends Guards {
  readonly work: number;
}

interface SpecLimits extends Limits {
  /** `auto`: the warm-up is as long as the grid needs, and at least what the spec has. */
  readonly warmup: 'auto' | 'given';
  readonly luck: AskedLuck;
}

/**
 * Reports to the root field of a spec, and returns the spec with its warm-up and its luck test. Skips what depends on
 * fields with problems of their own.
 */
export function guard(root: Field, spec: Spec, guards: SpecLimits): Spec {
  if (!faultyIn(root, ...RANGE)) {
    guardRange(root, spec);
    if (!faultyIn(root, 'validation')) guardLuckRange(root, spec, guards.luck);
  }
  if (faultyIn(root, ...GRID, 'sample')) return spec;
  const grid = countedGrid(root, spec.template, guards);
  if (grid === null) return spec;
  const warm = guards.warmup === 'auto' ? warmedUp(spec, grid, guards) : spec;
  const isWhole = !faultyIn(root, ...RANGE, 'validation', 'luck', 'ranking', 'preselect');
  const whole = isWhole ? { ...warm, luck: settleLuck(root, warm, grid, { asked: guards.luck, guards }) } : warm;
  guardGrid(root, whole, grid, guards);
  return whole;
}

/**
 * The spec with as many warm-up bars as its grid needs. Recursive averages may need years more to settle than to have a
 * value; where their candles do not fit in memory, a value is enough.
 */
function warmedUp(spec: Spec, grid: Grid, { max_compute_bytes_total }: Guards): Spec {
  const withBars = (kind: LookBackKind): Spec => {
    const needed = longestLookBack(grid, kind)?.bars ?? 0;
    return { ...spec, warmup_bars: Math.max(spec.warmup_bars, Math.min(BOUNDS.warmup_bars.max, needed)) };
  };
  const settled = withBars('settled');
  return estimate(settled, grid).bytes <= max_compute_bytes_total ? settled : withBars('value');
}

function faultyIn({ problems }: Field, ...paths: readonly string[]): boolean {
  if (problems.length > MOST_PROBLEMS) return true; // what is not listed may be anywhere
  return paths.some((path) => problems.some((problem) => problem.path.startsWith(path)));
}

/** Judges the time range: whatever candles there are, a target slice has no more bars than it. */
function guardRange(root: Field, spec: Spec): void {
  const whole = wholeBars(spec);
  if (whole < 1)
    complain(at(root, 'time_range'), 'no_bar_in_range', `holds no whole bar of ${spec.template.timeframe}`);
  const unsplit = whole < 1 || faultyIn(root, 'validation') ? null : splitProblem(spec, whole);
  if (unsplit !== null) complain(at(root, 'validation'), 'too_few_bars', unsplit);
}

/** Judges a template alone; how many variants are scored, and with how much memory, only a spec decides. */
export function guardTemplate(root: Field, template: Template, guards: Limits): void {
  if (!faultyIn(root, ...GRID)) countedGrid(root, template, guards);
}

/** Counts a grid, products before values and values before constraints; null: it has too many combinations. */
function countedGrid(root: Field, template: Template, guards: Limits): Grid | null {
  const field = at(root, 'template');
  const most = guards.max_variants_per_compute;
  const raw = rawTotalOf(template);
  if (raw > most * RAW_FACTOR) {
    const limit = `the limit is ${most * RAW_FACTOR}, ${RAW_FACTOR} times max_variants_per_compute`;
    complain(field, 'too_many_variants', `the axes multiply to ${raw} combinations; ${limit}`);
    return null;
  }
  const settings = riskTotalOf(template);
  if (settings > most * RAW_FACTOR) {
    const message = `stage_b would score ${settings} risk settings of each variant; the limit (max_variants_per_compute) is ${most}`;
    complain(at(field, 'risk_grid'), 'too_many_variants', message);
    return null;
  }
  const grid = buildGrid({ template }, guards.work);
  if (grid.baseTotal === 0) complain(field, 'no_valid_combination', `none of ${raw} combinations makes sense`);
  return grid;
}

/** Judges a ranking by plateaus, which needs the score of every point of the grid at once. */
function guardPlateau(field: Field, { sample }: Spec, { rawTotal }: Grid): void {
  if (sample !== null) {
    const missing = 'the neighbours of a point are mostly not in a sample, so there are no plateaus in one';
    complain(field, 'conflict', `${missing}: leave sample or plateau out`);
  }
  if (rawTotal > MOST_POINTS) {
    const limit = `plateaus are found among at most ${MOST_POINTS}`;
    complain(field, 'too_many_variants', `the axes multiply to ${rawTotal} combinations; ${limit}: leave plateau out`);
  }
}

function guardGrid(root: Field, spec: Spec, grid: Grid, guards: Guards): void {
  const template = at(root, 'template');
  const most = guards.max_variants_per_compute;
  const { stage_a_variants, stage_b_variants, bytes } = estimate(spec, grid);
  const folds = foldCount(spec);
  if (spec.ranking.plateau !== undefined) guardPlateau(at(at(root, 'ranking'), 'plateau'), spec, grid);
  const inFolds = folds === 1 ? '' : ` in ${folds} folds`;
  const limit = `the limit (max_variants_per_compute) is ${most}`;
  if (stage_a_variants > most) {
    complain(template, 'too_many_variants', `stage_a would score ${stage_a_variants} variants${inFolds}; ${limit}`);
  }
  if (stage_b_variants > most) {
    const product = `${Math.min(spec.preselect, stage_a_variants / folds)} shortlisted x ${grid.riskTotal} risk settings${inFolds}`;
    const message = `stage_b would score ${stage_b_variants} variants, ${product}; ${limit}`;
    complain(at(template, 'risk_grid'), 'too_many_variants', message);
  }
  if (bytes > guards.max_compute_bytes_total) {
    const allowed = `the limit (max_compute_bytes_total) is ${guards.max_compute_bytes_total}`;
    const { rows, perRow } = keptTrades(spec, grid);
    const tradeBytes = rows * perRow * KEPT_TRADE;
    if (tradeBytes > bytes / 2) {
      const kept = `the trades of ${rows} variants, up to ${perRow} each, would take about ${tradeBytes} of ${bytes} bytes`;
      complain(
        at(root, 'top_trades_n'),
        'too_much_memory',
        `${kept}; ${allowed}; ask for the trades of fewer variants`,
      );
      return;
    }
    complain(template, 'too_much_memory', `the search would need about ${bytes} bytes; ${allowed}`);
  }
}
