// Where the scores of interest live: parallel coordinates of all variants as counts. Bands between neighbouring axes, the
// matched share of each value, and bins of the score; no line for a variant, so a million costs what a hundred does.

import type { Problem } from '@backtest-jobs/engine';
import { binsOf, innerAxis, shownBins, walkRuns, type Bins, type Cube } from './cube.ts';
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

/** Counts while a cube is walked. */
interface Counts {
  readonly digits: Int32Array;
  /** By place in the order: the bin of each position. */
  readonly bins: readonly Int32Array[];
  /** Bins of each axis in order, and of the score behind them. */
  readonly sizes: readonly number[];
  readonly all: readonly Uint32Array[];
  readonly hits: readonly Uint32Array[];
  readonly between: readonly Uint32Array[];
  /** Bins of the scores of all units. */
  readonly ofScores: Uint8Array;
}

/** Bins of scores, which no brush changes: made once for a cube. */
export interface ScoreBins {
  readonly from: number;
  readonly to: number;
  /** Of each unit; UNSCORED: it has none. */
  readonly bins: Uint8Array;
}

const UNSCORED = 255;

export function scoreBinsOf({ scores }: Cube): ScoreBins {
  const { from, to } = finiteRange(scores);
  const range = { from, to, bins: SCORE_BINS };
  const bins = new Uint8Array(scores.length);
  for (let unit = 0; unit < bins.length; unit += 1) {
    const score = scores[unit]!;
    bins[unit] = score === score ? binOfScore(score, range) : UNSCORED;
  }
  return { from, to, bins };
}

export function bandsOf(cube: Cube, brushed: Brushed, { from, to, bins: ofScores }: ScoreBins): Bands {
  const { order } = brushed;
  const axes = order.map((at) => cube.axes[at]!);
  const bins = axes.map(({ values }) => binsOf(values.length, AXIS_BINS));
  const sizes = [...bins.map((table) => table.at(-1)! + 1), SCORE_BINS];
  const all = sizes.map((size) => new Uint32Array(size));
  const hits = sizes.map((size) => new Uint32Array(size));
  const between = order.map((_, at) => new Uint32Array(sizes[at]! * sizes[at + 1]!));
  const digits = new Int32Array(cube.axes.length);
  countRuns(cube, brushed, { digits, bins, sizes, all, hits, between, ofScores });
  const listed = (at: number) => ({ all: [...all[at]!], hits: [...hits[at]!] });
  return {
    metric: cube.metric,
    scores: sumOf(all.at(-1)!),
    matched: sumOf(hits.at(-1)!),
    axes: axes.map((axis, at) => Object.assign(shownBins(axis, bins[at]!), listed(at))),
    between: between.map((counts) => Array.from(counts)),
    score: { from, to, ...listed(order.length) },
  };
}

/** Counts run by run: what hangs on the axes that stand still is added once for each, the rest with each score. */
function countRuns(cube: Cube, { order, within, min, max }: Brushed, counts: Counts): void {
  const { digits, bins, sizes, all, hits, between } = counts;
  const last = order.length;
  const inner = innerAxis(cube);
  const moving = order.indexOf(inner);
  const brushes = within.flatMap((marks, axis) => (marks === null || axis === inner ? [] : [{ marks, axis }]));
  const still = [...order.keys()].filter((at) => at !== moving);
  const pairs = still.filter((at) => at + 1 < last && at + 1 !== moving);
  const places = new Int32Array(last + 1);
  const countRun = openRun(cube, { moving, marks: within[inner] ?? null, min, max }, { ...counts, places });
  walkRuns(cube, digits, (from, to) => {
    for (const at of still) places[at] = bins[at]![digits[order[at]!]!]!;
    const open = brushes.every(({ marks, axis }) => marks[digits[axis]!] === 1);
    const { scores, matched } = countRun(from, to, digits[inner]!, open);
    for (const at of still) {
      all[at]![places[at]!]! += scores;
      hits[at]![places[at]!]! += matched;
    }
    for (const at of pairs) between[at]![places[at]! * sizes[at + 1]! + places[at + 1]!]! += matched;
  });
}

interface Moving {
  /** Place of the inner axis in the order; -1: it is not in it. */
  readonly moving: number;
  /** Brush of the inner axis. */
  readonly marks: Uint8Array | null;
  readonly min: number;
  readonly max: number;
}

/** Returns what counts the scores of a run, and what changes with each: their bin, the inner axis, and its neighbours. */
function openRun(
  { scores }: Cube,
  { moving, marks, min, max }: Moving,
  { bins, sizes, all, hits, between, ofScores, places }: Counts & { readonly places: Int32Array },
) {
  const last = sizes.length - 1;
  const end = moving === last - 1; // the score stands beside the inner axis
  const none = new Uint32Array(1);
  const [allScores, hitScores, toScore] = [all[last]!, hits[last]!, between[last - 1]!];
  const [allMoving, hitMoving] = moving < 0 ? [none, none] : [all[moving]!, hits[moving]!];
  const before = moving < 1 ? none : between[moving - 1]!;
  const after = moving < 0 || end ? none : between[moving]!;
  const [width, next] = moving < 0 ? [0, 0] : [sizes[moving]!, end ? 0 : sizes[moving + 1]!];
  const table = bins[moving] ?? null;
  return (from: number, to: number, digit: number, open: boolean) => {
    let [count, matched] = [0, 0];
    const left = moving < 1 ? 0 : places[moving - 1]! * width;
    const right = moving < 0 || end ? 0 : places[moving + 1]!;
    const stillBin = places[last - 1]!;
    for (let unit = from; unit < to; unit += 1) {
      const bin = ofScores[unit]!;
      if (bin === UNSCORED) continue;
      const position = digit + unit - from;
      const place = table === null ? 0 : table[position]!;
      count += 1;
      allScores[bin]! += 1;
      allMoving[place]! += 1;
      if (!open || (marks !== null && marks[position] === 0)) continue;
      const score = scores[unit]!;
      if (!(score >= min && score <= max)) continue;
      matched += 1;
      hitScores[bin]! += 1;
      hitMoving[place]! += 1;
      if (moving > 0) before[left + place]! += 1;
      if (moving >= 0 && !end) after[place * next + right]! += 1;
      toScore[(end ? place : stillBin) * SCORE_BINS + bin]! += 1;
    }
    return { scores: count, matched };
  };
}

function sumOf(counts: Uint32Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Infinite scores count in the bins at the ends. */
function finiteRange(scores: Float32Array): { from: number; to: number } {
  let from = Infinity;
  let to = -Infinity;
  for (const score of scores) {
    if (!Number.isFinite(score)) continue;
    if (score < from) from = score;
    if (score > to) to = score;
  }
  return from > to ? { from: 0, to: 0 } : { from, to };
}
