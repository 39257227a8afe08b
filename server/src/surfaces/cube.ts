// The scores of stage_a as a cube: a column with a score for every unit, and the axes that its index counts. NaN stands
// where nothing is scored yet, where constraints exclude the combination, and where the variant is not ranked.

import { METRICS, type Spec } from '@backtest-jobs/engine';
import { layoutOf, metricJson, riskOff, type MetricJson } from '@backtest-jobs/engine/internal';

export type Value = number | string;

export interface CubeAxis {
  readonly key: string;
  readonly values: readonly Value[];
  readonly stride: number;
}

export interface Cube {
  /** Of unit `u`: base index `u`, or `bases[u]` where a sample was drawn. */
  readonly scores: Float32Array;
  readonly bases: Float64Array | null;
  /** Outermost first. */
  readonly axes: readonly CubeAxis[];
  /** 1: higher scores are better; -1: lower ones are. */
  readonly sign: 1 | -1;
  readonly metric: string;
  /** Risk settings of each base, and the one in which all is off. */
  readonly riskTotal: number;
  readonly riskOff: number;
}

export function cubeOf(spec: Spec, scores: Float32Array, bases: Float64Array | null): Cube {
  const layout = layoutOf(spec);
  const { primary_metric: metric } = spec.ranking;
  const better = METRICS.find(({ name }) => name === metric)?.better;
  return {
    scores,
    bases,
    axes: layout.axes.map(({ key, values }, at) => ({ key, values, stride: layout.strides[at] ?? 1 })),
    sign: better === 'asc' ? -1 : 1,
    metric,
    riskTotal: layout.riskTotal,
    riskOff: riskOff(layout),
  };
}

/** Returns the position of each value of an axis in a table: by position, what a number of bins makes of it. */
export function binsOf(length: number, most: number): Int32Array {
  const bins = Math.min(length, most);
  return Int32Array.from({ length }, (_, position) => Math.floor((position * bins) / length));
}

/** Returns what turns a unit into its position on an axis. */
export function digitOf({ bases }: Cube, { stride, values: { length } }: CubeAxis): (unit: number) => number {
  if (bases === null) return (unit) => Math.floor(unit / stride) % length;
  return (unit) => Math.floor((bases[unit] ?? 0) / stride) % length;
}

/** Axes and the position at which each is held. */
export type HeldAxes = readonly (readonly [axis: number, position: number])[];

/** Visits the units that have a score, in order; `digits` holds their position on each axis meanwhile. */
export function walkScores(
  cube: Cube,
  { digits, held }: { readonly digits: Int32Array; readonly held: HeldAxes },
  visit: (score: number, unit: number) => void,
): void {
  const inner = innerAxis(cube);
  const [, only = -1] = held.find(([axis]) => axis === inner) ?? [];
  const outer = held.filter(([axis]) => axis !== inner);
  walkRuns(cube, digits, (from, to) => {
    for (const [axis, position] of outer) if (digits[axis] !== position) return;
    const first = digits[inner]!;
    const start = only < 0 ? from : from + only - first;
    const end = only < 0 || start + 1 > to ? to : start + 1;
    for (let unit = start < from ? to : start; unit < end; unit += 1) {
      const score = cube.scores[unit] as number;
      digits[inner] = first + unit - from;
      if (score === score) visit(score, unit);
    }
    digits[inner] = first;
  });
}

/** Returns the axis along which units follow each other: the last one that has more than one value. */
export function innerAxis({ axes }: Cube): number {
  return Math.max(
    0,
    axes.findLastIndex(({ values }) => values.length > 1),
  );
}

/**
 * Visits runs of units that differ on the inner axis alone, in order: whatever hangs on the other axes is done once for each.
 * `digits` holds the positions of the first unit of a run. A unit of a sample is a run by itself.
 */
export function walkRuns(cube: Cube, digits: Int32Array, visit: (from: number, to: number) => void): void {
  const { scores, axes, bases } = cube;
  digits.fill(0);
  if (bases !== null) {
    const digit = axes.map((axis) => digitOf(cube, axis));
    for (let unit = 0; unit < scores.length; unit += 1) {
      for (let at = 0; at < digits.length; at += 1) digits[at] = digit[at]!(unit);
      visit(unit, unit + 1);
    }
    return;
  }
  const lengths = Int32Array.from(axes, ({ values }) => values.length);
  const inner = innerAxis(cube);
  const length = lengths[inner]!;
  for (let from = 0; from < scores.length; from += length) {
    visit(from, from + length);
    advance(digits, lengths, inner - 1);
  }
}

/** Moves to the next combination of the axes up to `last`, like an odometer. */
function advance(digits: Int32Array, lengths: Int32Array, last: number): void {
  for (let at = last; at >= 0; at -= 1) {
    const next = digits[at]! + 1;
    if (next < lengths[at]!) {
      digits[at] = next;
      return;
    }
    digits[at] = 0;
  }
}

/** A variant as an answer names it: its base index, and its index with risk off. */
export interface Spot {
  readonly base_index: number;
  readonly variant_index: number;
  readonly value: MetricJson;
}

export function spotOf({ bases, riskTotal, riskOff: off }: Cube, unit: number, score: number): Spot {
  const base_index = bases === null ? unit : (bases[unit] ?? 0);
  return { base_index, variant_index: base_index * riskTotal + off, value: metricJson(score) };
}

/** The first and the last value of each bin of an axis. */
export interface Bins {
  readonly key: string;
  readonly from: readonly Value[];
  readonly to: readonly Value[];
}

export function shownBins({ key, values }: CubeAxis, bins: Int32Array): Bins {
  const from: Value[] = [];
  const to: Value[] = [];
  for (const [position, value] of values.entries()) {
    const bin = bins[position]!;
    if (from.length === bin) from.push(value);
    to[bin] = value;
  }
  return { key, from, to };
}
