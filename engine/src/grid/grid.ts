// The grid: every combination of every axis has one index, its mixed-radix position, last axis fastest, and none is ever
// stored. Combinations that make no sense keep their indexes and are skipped; what excludes them is tried once for each
// combination of the axes it looks at, and remembered in one byte each.

import { axisLength, axisValues, type Axis, type AxisValue, type Digits, type GridAxis } from '../axis.ts';
import type { Risk } from '../simulate/setting.ts';
import type { Spec, Template } from '../spec.ts';
import { strategyOf, type Exclusion, type Strategy } from './strategy.ts';

/** The points of a spec's grid, by index and never as a list. */
export interface Grid {
  readonly strategy: Strategy;
  /** In the order of the index, last fastest. */
  readonly axes: readonly GridAxis[];
  /** By how much the index grows with each position on an axis. */
  readonly strides: readonly number[];
  /** Axes whose combinations are not all variants; no axis is in two groups. */
  readonly groups: readonly Group[];
  /** Indexes there are: [0, rawTotal). */
  readonly rawTotal: number;
  /** Indexes that are base variants. */
  readonly baseTotal: number;
  /** Risk settings of each base variant, in the order of `risks`: variant_index = base index * riskTotal + risk index. */
  readonly riskTotal: number;
  /** Outermost first. */
  readonly risks: Readonly<Record<keyof Risk, readonly AxisValue[]>>;
}

interface Group {
  readonly axes: readonly number[];
  /** By combination of the axes, last fastest: 1 where it makes sense. */
  readonly valid: Uint8Array;
  readonly count: number;
}

/** Counting a grid would take more work than its caller allows. */
export class WorkExceeded extends Error {
  override readonly name = 'WorkExceeded';
}

/**
 * Builds the grid of a spec that `parseSpec` has accepted. Takes time and memory only for combinations that constraints
 * judge: one byte for each.
 * @param work parts of constraints that may be computed, some 40 ns each
 * @throws {WorkExceeded} before it begins with more
 */
export function buildGrid(
  { template, runtime }: Pick<Spec, 'template'> & Partial<Pick<Spec, 'runtime'>>,
  work = Infinity,
): Grid {
  const ofValues = valuesOf(template) * WORK_OF_A_VALUE;
  requireWork(ofValues, work);
  const strategy = strategyOf(template, runtime?.annualization ?? runtime?.periods_per_year);
  const layout = layoutOfAxes(strategy.axes, template);
  const lengths = strategy.axes.map(({ values }) => values.length);
  const groups = groupsOf(strategy, work - ofValues);
  const free = lengths.filter((_, at) => !groups.some((group) => group.axes.includes(at)));
  const baseTotal = product([...free, ...groups.map(({ count }) => count)]);
  return { strategy, ...layout, groups, baseTotal };
}

/** The part of a grid that says which index stands where; what constraints exclude is not counted for it. */
export type Layout = Pick<Grid, 'axes' | 'strides' | 'rawTotal' | 'riskTotal' | 'risks'>;

/** Returns the layout of the grid of a spec that `parseSpec` has accepted. */
export function layoutOf({ template, runtime }: Pick<Spec, 'template' | 'runtime'>): Layout {
  return layoutOfAxes(strategyOf(template, runtime.annualization ?? runtime.periods_per_year).axes, template);
}

function layoutOfAxes(axes: readonly GridAxis[], { risk_grid: { sl, tp, trail, max_bars } }: Template): Layout {
  const lengths = axes.map(({ values }) => values.length);
  const risks = { sl: axisValues(sl), tp: axisValues(tp), trail: axisValues(trail), maxBars: axisValues(max_bars) };
  return {
    axes,
    strides: lengths.map((_, at) => product(lengths.slice(at + 1))),
    rawTotal: product(lengths),
    riskTotal: product(Object.values(risks).map(({ length }) => length)),
    risks,
  };
}

/** How many indexes a template has, known before anything is counted out. */
export function rawTotalOf(template: Template): number {
  return product(axesOf(template).map(axisLength));
}

function axesOf(template: Template): readonly Axis[] {
  if ('rules' in template) return Object.values(template.params);
  const series = template.indicator_grids.flatMap(({ source, params }) => [
    ...(source ? [source] : []),
    ...Object.values(params),
  ]);
  const signals = Object.values(template.signal_grids).flatMap((grid) => Object.values(grid));
  return [...series, ...signals];
}

/** Work of making the value of an axis, and of all that is made of it. */
const WORK_OF_A_VALUE = 4;

function valuesOf(template: Template): number {
  const { sl, tp, trail, max_bars } = template.risk_grid;
  return [...axesOf(template), sl, tp, trail, max_bars].map(axisLength).reduce((sum, length) => sum + length);
}

function requireWork(needed: number, work: number): void {
  if (needed > work) throw new WorkExceeded(`counting the grid takes ${needed} steps, ${work} are allowed`);
}

/** Writes the position on each axis; false for an index whose combination makes no sense, which is written all the same. */
export function digitsAt({ axes, strides, groups }: Grid, index: number, digits: Digits): boolean {
  for (let at = 0; at < axes.length; at += 1) digits[at] = Math.floor(index / strides[at]) % axes[at].values.length;
  return makesSense(groups, axes, digits);
}

export interface Walk {
  /** Of the index it has come to. */
  readonly digits: Digits;
  /** As `digitsAt`; without a division where an index is the one after the last. */
  readonly to: (index: number) => boolean;
  /** The outermost axis on which the last step has moved. */
  readonly moved: () => number;
}

export function openWalk(grid: Grid): Walk {
  const { axes, groups } = grid;
  const digits = new Int32Array(axes.length);
  const every = axes.map((_, at) => at);
  let last = -1;
  let moved = 0;
  return {
    digits,
    to(index) {
      const next = last >= 0 && index === last + 1;
      last = index;
      moved = 0;
      if (!next) return digitsAt(grid, index, digits);
      moved = advance(every, axes, digits);
      return makesSense(groups, axes, digits);
    },
    moved: () => moved,
  };
}

/** Tests whether a combination is a variant, as far as these groups of axes say. */
export function makesSense(groups: Grid['groups'], axes: readonly GridAxis[], digits: Digits): boolean {
  for (const group of groups) if (group.valid[ordinalOf(group.axes, axes, digits)] === 0) return false;
  return true;
}

/** The value of a base variant on each axis, by the axis' key; null for an index whose combination makes no sense. */
export function valuesAt(grid: Grid, index: number): Readonly<Record<string, AxisValue>> | null {
  const digits = new Int32Array(grid.axes.length);
  if (!digitsAt(grid, index, digits)) return null;
  return Object.fromEntries(grid.axes.map(({ key, values }, at) => [key, values[digits[at]]]));
}

export function riskAt({ risks: { sl, tp, trail, maxBars } }: Pick<Grid, 'risks'>, index: number): Risk {
  const ofTrail = Math.floor(index / maxBars.length);
  const ofTp = Math.floor(ofTrail / trail.length);
  return {
    sl: numberOf(sl[Math.floor(ofTp / tp.length)]),
    tp: numberOf(tp[ofTp % tp.length]),
    trail: numberOf(trail[ofTrail % trail.length]),
    maxBars: numberOf(maxBars[index % maxBars.length]),
  };
}

/** The index of the setting in which everything is off; where an axis has no `off`, its first value. */
export function riskOff({ risks }: Pick<Grid, 'risks'>): number {
  return Object.values(risks).reduce((index, values) => index * values.length + Math.max(0, values.indexOf('off')), 0);
}

/** Whether there is a setting in which everything is off. */
export function hasRiskOff({ risks }: Pick<Grid, 'risks'>): boolean {
  return Object.values(risks).every((values) => values.includes('off'));
}

/** Returns how many risk settings a template has, known before anything is counted out. */
export function riskTotalOf({ risk_grid: { sl, tp, trail, max_bars } }: Template): number {
  return product([sl, tp, trail, max_bars].map(axisLength));
}

/** Makes one group of exclusions that share an axis. */
function groupsOf({ axes, exclusions }: Strategy, work: number): readonly Group[] {
  const sets: { axes: Set<number>; exclusions: Exclusion[] }[] = [];
  for (const exclusion of exclusions) {
    const joined = { axes: new Set(exclusion.axes), exclusions: [exclusion] };
    for (const other of sets.filter((set) => exclusion.axes.some((axis) => set.axes.has(axis)))) {
      sets.splice(sets.indexOf(other), 1);
      for (const axis of other.axes) joined.axes.add(axis);
      joined.exclusions.push(...other.exclusions);
    }
    sets.push(joined);
  }
  const needed = sets.reduce((sum, set) => {
    const combinations = product([...set.axes].map((axis) => axes[axis].values.length));
    return sum + combinations * set.exclusions.reduce((parts, { weight }) => parts + weight, 1);
  }, 0);
  requireWork(needed, work);
  return sets.map((set) =>
    groupOf(
      [...set.axes].sort((a, b) => a - b),
      set.exclusions,
      axes,
    ),
  );
}

function groupOf(own: readonly number[], exclusions: readonly Exclusion[], axes: readonly GridAxis[]): Group {
  const valid = new Uint8Array(product(own.map((axis) => axes[axis].values.length)));
  const digits = new Int32Array(axes.length);
  let count = 0;
  for (let ordinal = 0; ordinal < valid.length; ordinal += 1) {
    valid[ordinal] = Number(exclusions.every(({ why }) => why(digits) === null));
    count += valid[ordinal];
    advance(own, axes, digits);
  }
  return { axes: own, valid, count };
}

/** To the next combination of some axes, like an odometer; answers the outermost axis that has moved. */
function advance(own: readonly number[], axes: readonly GridAxis[], digits: Digits): number {
  for (let at = own.length - 1; at >= 0; at -= 1) {
    const axis = own[at];
    digits[axis] = digits[axis] + 1 < axes[axis].values.length ? digits[axis] + 1 : 0;
    if (digits[axis] > 0) return axis;
  }
  return 0;
}

function ordinalOf(own: readonly number[], axes: readonly GridAxis[], digits: Digits): number {
  let ordinal = 0;
  for (const axis of own) ordinal = ordinal * axes[axis].values.length + digits[axis];
  return ordinal;
}

function numberOf(value: AxisValue): number | null {
  return typeof value === 'number' ? value : null;
}

function product(factors: readonly number[]): number {
  return factors.reduce((total, factor) => total * factor, 1);
}
