// The neighbourhood of every variant: the mean of what lies within 2 % of each axis around it. A peak fades in it, a plateau
// stays. A mean over a box is made axis by axis, so it costs a few passes, however large the box is.

import type { Cube, CubeAxis } from './cube.ts';

const SHARE = 0.02;

/** Steps to both sides along an axis; none where its values are words. */
export function reachOf({ values }: CubeAxis): number {
  if (values.length < 2 || values.some((value) => typeof value === 'string')) return 0;
  return Math.max(1, Math.round(SHARE * values.length));
}

/** Returns the mean around every unit that has a score, and NaN for the others. Infinite scores are not in the means. */
export function nearScores({ scores, axes }: Cube): Float32Array {
  const sums = new Float64Array(scores.length);
  const counts = new Float64Array(scores.length);
  for (let unit = 0; unit < scores.length; unit += 1) {
    const score = scores[unit]!;
    if (!Number.isFinite(score)) continue;
    sums[unit] = score;
    counts[unit] = 1;
  }
  for (const axis of axes) {
    const reach = reachOf(axis);
    if (reach === 0) continue;
    const order = positionsByValue(axis);
    boxSums(sums, axis, order, reach);
    boxSums(counts, axis, order, reach);
  }
  const near = new Float32Array(new SharedArrayBuffer(4 * scores.length)).fill(NaN);
  for (let unit = 0; unit < scores.length; unit += 1) {
    if (scores[unit] === scores[unit] && counts[unit]! > 0) near[unit] = sums[unit]! / counts[unit]!;
  }
  return near;
}

/** Positions of an axis by value: lists need not be sorted. */
function positionsByValue({ values }: CubeAxis): Int32Array {
  const positions = [...values.keys()].sort((a, b) => Number(values[a]) - Number(values[b]));
  return Int32Array.from(positions);
}

/** Replaces each value by the sum of those within reach along one axis. */
function boxSums(column: Float64Array, { stride, values }: CubeAxis, order: Int32Array, reach: number): void {
  const { length } = values;
  const before = new Float64Array(length + 1); // sums of the first ones
  for (let block = 0; block < column.length; block += stride * length) {
    for (let line = block; line < block + stride; line += 1) {
      for (let at = 0; at < length; at += 1) before[at + 1] = before[at]! + column[line + order[at]! * stride]!;
      for (let at = 0; at < length; at += 1) {
        const from = at > reach ? at - reach : 0;
        const to = at + reach + 1 < length ? at + reach + 1 : length;
        column[line + order[at]! * stride] = before[to]! - before[from]!;
      }
    }
  }
}
