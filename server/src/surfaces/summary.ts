// What all scores of a cube say together: how they are distributed, and what each axis does by itself.

import { metricJson, type MetricJson } from '@backtest-jobs/engine/internal';
import { binsOf, digitOf, shownBins, spotOf, type Bins, type Cube, type CubeAxis, type Spot } from './cube.ts';
import { bestOf, openMedians, type Ascending } from './order.ts';
import { MOST_CELLS } from './slice.ts';

const BINS = 80;
const QUANTILES = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1] as const;

export interface Summary {
  readonly metric: string;
  readonly better: 'higher' | 'lower';
  /** Scores there are: of variants that are scored and ranked. */
  readonly scores: number;
  /** Units of the cube, those without a score included. */
  readonly units: number;
  readonly best: Spot | null;
  readonly quantiles: readonly { readonly share: number; readonly value: MetricJson }[];
  /** Of finite scores, in bins of equal width; null: there is none. */
  readonly histogram: { readonly from: number; readonly to: number; readonly counts: readonly number[] } | null;
  readonly above: readonly { readonly level: number; readonly scores: number }[];
  readonly axes: readonly AxisSummary[];
}

interface AxisSummary extends Bins {
  /** Of the scores in each bin. */
  readonly best: readonly MetricJson[];
  readonly median: readonly MetricJson[];
  readonly scores: readonly number[];
  /** Share of the variance of finite scores that lies between the bins; null: they do not differ. */
  readonly explained: number | null;
  /** Bin of the best of all; null: there is none. */
  readonly winner: number | null;
}

/** `sorted` has the units by score, `levels` what scores are compared with. */
export function summaryOf(cube: Cube, sorted: Ascending, levels: readonly number[]): Summary {
  const { scores, sign, metric } = cube;
  const best = bestOf(cube, sorted);
  const { values } = sorted;
  const at = (share: number): MetricJson => metricJson(values[Math.round(share * (values.length - 1))] ?? NaN);
  return {
    metric,
    better: sign === 1 ? 'higher' : 'lower',
    scores: values.length,
    units: scores.length,
    best: best < 0 ? null : spotOf(cube, best, scores[best]!),
    quantiles: QUANTILES.map((share) => ({ share, value: at(share) })),
    histogram: histogramOf(values),
    above: levels.map((level) => ({ level, scores: countAbove(values, level) })),
    axes: cube.axes.map((axis) => axisSummary(cube, axis, sorted, best)),
  };
}

/** `values` ascend. */
function countAbove(values: Float32Array, level: number): number {
  let [from, to] = [0, values.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (values[middle]! > level) to = middle;
    else from = middle + 1;
  }
  return values.length - from;
}

/** `values` ascend. */
function histogramOf(values: Float32Array): Summary['histogram'] {
  const finite = values.filter(Number.isFinite);
  const [from, to] = [finite[0], finite.at(-1)];
  if (from === undefined || to === undefined) return null;
  const counts = Array.from({ length: BINS }, () => 0);
  for (const score of finite) counts[binOfScore(score, { from, to, bins: BINS })]! += 1;
  return { from, to, counts };
}

/** Returns the bin of a finite score between two bounds; the upper bound belongs to the last bin. */
export function binOfScore(score: number, { from, to, bins }: { from: number; to: number; bins: number }): number {
  return to > from ? Math.max(0, Math.min(bins - 1, Math.floor(((score - from) / (to - from)) * bins))) : 0;
}

function axisSummary(cube: Cube, axis: CubeAxis, { units, values }: Ascending, winner: number): AxisSummary {
  const bins = binsOf(axis.values.length, MOST_CELLS);
  const digit = digitOf(cube, axis);
  const size = bins.at(-1)! + 1;
  const counts = new Uint32Array(size);
  const best = new Float32Array(size).fill(NaN);
  const sums = new Float64Array(size);
  const finite = new Float64Array(size);
  const places = new Uint32Array(units.length);
  let squares = 0;
  for (let row = 0; row < units.length; row += 1) {
    const bin = bins[digit(units[row]!)]!;
    const score = values[row]!;
    places[row] = bin;
    if (cube.sign === 1 || counts[bin] === 0) best[bin] = score; // they ascend
    counts[bin]! += 1;
    if (!Number.isFinite(score)) continue;
    finite[bin]! += 1;
    sums[bin]! += score;
    squares += score * score;
  }
  const medians = openMedians(counts);
  for (let row = 0; row < units.length; row += 1) medians.take(places[row]!, values[row]!);
  return {
    ...shownBins(axis, bins),
    best: Array.from(best, metricJson),
    median: Array.from(medians.medians, metricJson),
    scores: [...counts],
    explained: explainedOf(sums, finite, squares),
    winner: winner < 0 ? null : bins[digit(winner)]!,
  };
}

/** Returns the variance of the means of groups over the variance of all. */
function explainedOf(sums: Float64Array, counts: Float64Array, squares: number): number | null {
  const count = counts.reduce((all, one) => all + one, 0);
  const mean = sums.reduce((all, one) => all + one, 0) / count;
  const total = squares - count * mean * mean;
  if (!(total > 1e-12 * squares)) return null;
  const between = sums.reduce((all, sum, at) => {
    return counts[at] === 0 ? all : all + counts[at]! * (sum / counts[at]! - mean) ** 2;
  }, 0);
  return Math.min(1, between / total);
}
