// Where the scores of interest live: parallel coordinates of all variants as counts. Bands between neighbouring axes, the
// matched share of each value, and bins of the score; no line for a variant, so a million costs what a hundred does.

import type { Problem } from '@backtest-jobs/engine';
import { binsOf, shownBins, walkScores, type Bins, type Cube } from './cube.ts';
import { unknownAxis } from './slice.ts';
import { binOfScore } from './summary.ts';

export interface BandsQuery {
  /** Keys of axes; null: the first axes with more than one value. */
  readonly order: readonly string[] | null;
  /** Bounds of the score; null: none. */
  readonly min: number | null;
  readonly max: number | null;
  /** Ranges by axis key, as text: `a..b`. */
  readonly brush: Readonly<Record<string, string>>;
}

const MOST_AXES = 12;
const AXIS_BINS = 60;
const SCORE_BINS = 60;

export interface Bands {
  readonly metric: string;
  /** Scores there are, and those within all bounds. */
  readonly scores: number;
  readonly matched: number;
  /** In the order asked for; all and matched scores by bin. */
  readonly axes: readonly (Bins & { readonly all: readonly number[]; readonly hits: readonly number[] })[];
  /** Matched scores between each axis and the next, and between the last one and the score: bin a x bins of b + bin b. */
  readonly between: readonly (readonly number[])[];
  readonly score: {
    readonly from: number;
    readonly to: number;
    readonly all: readonly number[];
    readonly hits: readonly number[];
  };
}

interface Brushed {
  /** Places of the axes, in order. */
  readonly order: readonly number[];
  /** By axis: 1 for positions within its brush; null: it has none. */
  readonly within: readonly (Uint8Array | null)[];
  readonly min: number;
  readonly max: number;
}

/** Finds the axes of a query, or reports all that is wrong with it. */
export function brushedOf({ axes }: Cube, { order, brush, min, max }: BandsQuery): Brushed | readonly Problem[] {
  const problems: Problem[] = [];
  const placeOf = (path: string, key: string): number => {
    const at = axes.findIndex((axis) => axis.key === key);
    if (at < 0) problems.push(unknownAxis(path, axes));
    return at;
  };
  const many = [...axes.keys()].filter((at) => axes[at]!.values.length > 1);
  const places = order?.map((key) => placeOf('order', key)) ?? (many.length > 0 ? many : [0]).slice(0, MOST_AXES);
  if (places.length > MOST_AXES || new Set(places).size < places.length) {
    problems.push({ path: 'order', code: 'invalid_value', message: `must name at most ${MOST_AXES} axes, each once` });
  }
  const within: (Uint8Array | null)[] = axes.map(() => null);
  for (const [key, text] of Object.entries(brush)) {
    const path = `brush.${key}`;
    const at = placeOf(path, key);
    const marks = axes[at] && marksOf(axes[at].values, text);
    if (marks === null) {
      const message = 'must be two values of the axis with two dots between them, such as 5..20';
      problems.push({ path, code: 'invalid_value', message });
    } else if (marks) within[at] = marks;
  }
  return problems.length > 0 ? problems : { order: places, within, min: min ?? -Infinity, max: max ?? Infinity };
}

/** Marks the positions of a range: numbers by value, words by place. */
function marksOf(values: readonly (number | string)[], text: string): Uint8Array | null {
  const [from, to, ...more] = text.split('..');
  if (from === undefined || to === undefined || more.length > 0 || from === '' || to === '') return null;
  const words = values.map(String);
  const [first, last] = [words.indexOf(from), words.indexOf(to)];
  if (values.some((value) => typeof value === 'string')) {
    return first < 0 || last < 0 ? null : Uint8Array.from(values, (_, at) => Number(at >= first && at <= last));
  }
  const [low, high] = [Number(from), Number(to)];
  return Number.isNaN(low + high) ? null : Uint8Array.from(values, (value) => Number(+value >= low && +value <= high));
}

export function bandsOf(cube: Cube, { order, within, min, max }: Brushed): Bands {
  const digits = new Int32Array(cube.axes.length);
  const axes = order.map((at) => cube.axes[at]!);
  const bins = axes.map(({ values }) => binsOf(values.length, AXIS_BINS));
  const sizes = [...bins.map((table) => table.at(-1)! + 1), SCORE_BINS];
  const all = sizes.map((size) => new Uint32Array(size));
  const hits = sizes.map((size) => new Uint32Array(size));
  const between = order.map((_, at) => new Uint32Array(sizes[at]! * sizes[at + 1]!));
  const brushes = within.flatMap((marks, axis) => (marks === null ? [] : [{ marks, axis }]));
  const range = finiteRange(cube.scores);
  const places = new Int32Array(sizes.length);
  let scores = 0;
  let matched = 0;
  walkScores(cube, digits, (score) => {
    scores += 1;
    for (let at = 0; at < order.length; at += 1) {
      places[at] = bins[at]![digits[order[at]!]!]!;
      all[at]![places[at]!]! += 1;
    }
    const last = order.length;
    places[last] = binOfScore(score, range);
    all[last]![places[last]]! += 1;
    if (!(score >= min && score <= max)) return;
    for (const { marks, axis } of brushes) if (marks[digits[axis]!] === 0) return;
    matched += 1;
    for (let at = 0; at <= last; at += 1) hits[at]![places[at]!]! += 1;
    for (let at = 0; at < last; at += 1) between[at]![places[at]! * sizes[at + 1]! + places[at + 1]!]! += 1;
  });
  const listed = (at: number) => ({ all: [...all[at]!], hits: [...hits[at]!] });
  return {
    metric: cube.metric,
    scores,
    matched,
    axes: axes.map((axis, at) => Object.assign(shownBins(axis, bins[at]!), listed(at))),
    between: between.map((counts) => Array.from(counts)),
    score: { from: range.from, to: range.to, ...listed(order.length) },
  };
}

/** Infinite scores count in the bins at the ends. */
function finiteRange(scores: Float32Array): { from: number; to: number; bins: number } {
  let from = Infinity;
  let to = -Infinity;
  for (const score of scores) {
    if (!Number.isFinite(score)) continue;
    if (score < from) from = score;
    if (score > to) to = score;
  }
  return from > to ? { from: 0, to: 0, bins: SCORE_BINS } : { from, to, bins: SCORE_BINS };
}
