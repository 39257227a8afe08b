// The neighbourhood of every variant: the mean of what lies within 2 % of each axis around it. A peak fades in it, a plateau
// stays. A mean over a box is made axis by axis, so it costs a few passes, however large the box is.

import type { GridAxis } from '../axis.ts';

const SHARE = 0.02;

/** Values that are summed between two turns: some 20 ms. */
const PORTION = 2 ** 20;

/** The scores of stage_a over a whole grid, NaN where there is none. */
export interface Surface {
  readonly scores: Float32Array;
  readonly axes: readonly SurfaceAxis[];
}

interface SurfaceAxis extends Pick<GridAxis, 'values'> {
  readonly stride: number;
}

/** Steps to both sides along an axis; none where one of its values is a word. */
export function reachOf({ values }: Pick<GridAxis, 'values'>): number {
  if (values.length < 2 || values.some((value) => typeof value === 'string')) return 0;
  return Math.max(1, Math.round(SHARE * values.length));
}

/**
 * Returns the mean around every unit that has a score, and NaN for the others. Infinite scores are not in the means. Yields
 * `turn()` in portions.
 */
export function* nearScores<T>({ scores, axes }: Surface, turn: () => T): Generator<T, Float32Array> {
  const sums = new Float64Array(scores.length);
  const counts = new Float64Array(scores.length);
  for (let unit = 0; unit < scores.length; unit += 1) {
    const score = scores[unit];
    if (!Number.isFinite(score)) continue;
    sums[unit] = score;
    counts[unit] = 1;
  }
  for (const axis of axes) {
    const reach = reachOf(axis);
    if (reach === 0) continue;
    const order = positionsByValue(axis);
    for (const column of [sums, counts]) yield* boxSums(column, axis, { order, reach }, turn);
  }
  const near = new Float32Array(scores.length).fill(NaN);
  for (let unit = 0; unit < scores.length; unit += 1) {
    if (!Number.isNaN(scores[unit]) && counts[unit] > 0) near[unit] = sums[unit] / counts[unit];
  }
  return near;
}

/** Positions of an axis by value: lists need not be sorted. */
function positionsByValue({ values }: SurfaceAxis): Int32Array {
  const positions = [...values.keys()].sort((a, b) => Number(values[a]) - Number(values[b]));
  return Int32Array.from(positions);
}

interface Box {
  readonly order: Int32Array;
  readonly reach: number;
}

/** Replaces each value by the sum of those within reach along one axis. */
function* boxSums<T>(
  column: Float64Array,
  { stride, values: { length } }: SurfaceAxis,
  { order, reach }: Box,
  turn: () => T,
): Generator<T, void> {
  const before = new Float64Array(length + 1); // sums of the first ones
  const lines = Math.max(1, Math.floor(PORTION / length));
  let rest = lines;
  for (let block = 0; block < column.length; block += stride * length) {
    for (let line = block; line < block + stride; line += 1) {
      sumLine(column, { line, stride, order, reach, before });
      rest -= 1;
      if (rest > 0) continue;
      rest = lines;
      yield turn();
    }
  }
}

interface Line extends Box {
  /** Where it begins in the column. */
  readonly line: number;
  readonly stride: number;
  readonly before: Float64Array;
}

function sumLine(column: Float64Array, { line, stride, order, reach, before }: Line): void {
  const { length } = order;
  for (let at = 0; at < length; at += 1) before[at + 1] = before[at] + column[line + order[at] * stride];
  for (let at = 0; at < length; at += 1) {
    const from = at > reach ? at - reach : 0;
    const to = at + reach + 1 < length ? at + reach + 1 : length;
    column[line + order[at] * stride] = before[to] - before[from];
  }
}
