// Ranks base variants by their surroundings: the plateau score of a point of the grid is the mean score of stage_a over the
// box of so many steps around it on every axis of numbers, so that a peak between bad neighbours does not win. Sums are
// made axis by axis, which makes the box a product of windows and the cost independent of its size.

import type { GridAxis } from '../axis.ts';
import { openWalk, type Grid } from '../grid/grid.ts';
import type { Spec } from '../spec.ts';
import { Best, orderOf, type BestColumns } from './rank.ts';

/** Most indexes of a grid whose scores are kept as one column. */
export const MOST_POINTS = 2 ** 24;

/** Bytes an index: its score, and while boxes are summed a sum, the worst score and two counts. */
export const POINT_BYTES = 3 * 8 + 2 * 4;

/** Points whose windows are made between two turns: some 40 ms. */
const PORTION = 2 ** 20;

/** What stage_b scores, and what the order of its bases is made of. */
export interface PlateauShortlist {
  /** Base indexes in rank order. */
  readonly shortlist: Float64Array;
  /** The plateau score of each. */
  readonly plateau: Float64Array;
}

/** Collects the scores of stage_a of a spec that ranks by plateaus; then makes the shortlist of them. */
export function openPlateau(grid: Grid, { ranking, preselect }: Pick<Spec, 'ranking' | 'preselect'>) {
  const scores = new Float64Array(grid.rawTotal).fill(NaN);
  const { primary, plateau: steps } = orderOf(ranking);
  if (steps === null) throw new RangeError('the ranking does not ask for plateaus');
  return {
    /** Takes the scores of a chunk, whose first index is `from`. */
    take(from: number, chunk: ArrayLike<number>): void {
      scores.set(chunk, from);
    },
    /** Yields `turn()` while it sums. */
    *shortlist<T>(turn: () => T): Generator<T, PlateauShortlist> {
      const means = yield* plateauScores(grid, scores, { steps, better: primary }, turn);
      const { primary_metric } = ranking;
      const best = new Best({ primary_metric, secondary_metric: null }, preselect);
      // A base that is not ranked by itself trades no better in stage_b: its surroundings do not save it.
      for (let index = 0; index < means.length; index += 1) {
        if (!Number.isNaN(scores[index]) && !Number.isNaN(means[index])) best.push(index, means[index], 0);
        if ((index + 1) % PORTION === 0) yield turn();
      }
      const ranked = best.ranked();
      return { shortlist: ranked.index, plateau: ranked.primary };
    },
  };
}

/** Returns what adds the plateau score of their bases to rows of stage_b; a base that is not on the shortlist is an error. */
export function withPlateau(
  { riskTotal }: Pick<Grid, 'riskTotal'>,
  { shortlist, plateau }: PlateauShortlist,
): (rows: BestColumns) => BestColumns {
  const ofBase = new Map(Array.from(shortlist, (base, at) => [base, plateau[at]]));
  return (rows) => {
    const secondary = rows.index.map((variant) => {
      const score = ofBase.get(Math.floor(variant / riskTotal));
      if (score === undefined) throw new RangeError(`variant ${variant} is of no base on the shortlist`);
      return score;
    });
    return { ...rows, secondary };
  };
}

interface Box {
  /** Steps to both sides on every axis of numbers. */
  readonly steps: number;
  readonly better: 'asc' | 'desc';
}

/**
 * Computes the mean over the box of each index. Points that constraints exclude count in neither sum nor number; those that
 * are not ranked or have an infinite score count with the worst finite score of the box. NaN: there is none, or the point is
 * excluded itself. Yields `turn()` in portions.
 */
export function* plateauScores<T>(
  grid: Grid,
  scores: Float64Array,
  { steps, better }: Box,
  turn: () => T,
): Generator<T, Float64Array> {
  const { rawTotal } = grid;
  const sums = new Float64Array(rawTotal);
  const worst = new Float64Array(rawTotal).fill(Infinity); // the lowest, of scores of which more is better
  const sign = better === 'desc' ? 1 : -1;
  const points = new Uint32Array(rawTotal);
  const missing = new Uint32Array(rawTotal);
  const walk = openWalk(grid);
  for (let index = 0; index < rawTotal; index += 1) {
    const exists = walk.to(index);
    const finite = exists && Number.isFinite(scores[index]);
    points[index] = Number(exists);
    missing[index] = Number(exists && !finite);
    if (finite) {
      sums[index] = scores[index];
      worst[index] = sign * scores[index];
    }
    if ((index + 1) % PORTION === 0) yield turn();
  }
  for (const [axis, { values }] of grid.axes.entries()) {
    const line = { digits: stepsOf(values), stride: grid.strides[axis], length: values.length };
    if (line.digits.length < 2) continue;
    for (const column of [sums, points, missing]) yield* slide(column, line, { steps, join: 'sum' }, turn);
    yield* slide(worst, line, { steps, join: 'least' }, turn);
  }
  for (let index = 0; index < rawTotal; index += 1) {
    const finite = points[index] - missing[index];
    const stands = missing[index] === 0 ? 0 : missing[index] * sign * worst[index];
    sums[index] = finite > 0 && walk.to(index) ? (sums[index] + stands) / points[index] : NaN;
    if ((index + 1) % PORTION === 0) yield turn();
  }
  return sums;
}

/** Lists the positions of the numbers of an axis, the lowest first: a step goes from one to the next. */
function stepsOf(values: GridAxis['values']): readonly number[] {
  return Array.from(values.keys())
    .filter((digit) => typeof values[digit] === 'number')
    .sort((a, b) => Number(values[a]) - Number(values[b]));
}

interface Line {
  /** Positions along an axis, in the order of its steps; words are not among them and stay by themselves. */
  readonly digits: readonly number[];
  readonly stride: number;
  /** Positions of the axis, words included. */
  readonly length: number;
}

interface Windows {
  readonly steps: number;
  /** What a window comes to. */
  readonly join: 'sum' | 'least';
}

/**
 * Puts at each point what its window along one axis comes to. Windows are as long as blocks: each is the end of one block
 * and the beginning of the next, which are joined once for all (van Herk 1992; Gil and Werman 1993), so nothing is ever
 * subtracted and a sum loses no digits to numbers that have left it.
 */
function* slide<T>(
  column: Float64Array | Uint32Array,
  { digits, stride, length }: Line,
  { steps, join }: Windows,
  turn: () => T,
): Generator<T, void> {
  const before = Math.min(steps, digits.length - 1); // a wider window has no more in it
  const padded = new Float64Array(digits.length + 2 * before).fill(join === 'sum' ? 0 : Infinity);
  const lines = { padded, begins: padded.slice(), ends: padded.slice() };
  const places = Float64Array.from(digits, (digit) => digit * stride);
  const windows = padded.subarray(0, digits.length); // where the joined values come to lie
  let done = 0;
  for (let outer = 0; outer < column.length; outer += stride * length) {
    for (let start = outer; start < outer + stride; start += 1) {
      padded.fill(join === 'sum' ? 0 : Infinity, 0, before);
      for (let place = 0; place < places.length; place += 1) padded[before + place] = column[start + places[place]];
      if (join === 'sum') sumWindows(lines, 2 * before + 1);
      else leastOfWindows(lines, 2 * before + 1);
      for (let place = 0; place < places.length; place += 1) column[start + places[place]] = windows[place];
      done += places.length;
      if (done < PORTION) continue;
      done = 0;
      yield turn();
    }
  }
}

interface Lines {
  /** Values of a line with what changes nothing around them; then its windows, from the first place on. */
  readonly padded: Float64Array;
  /** Of each place, what its block comes to up to it, and from it on. */
  readonly begins: Float64Array;
  readonly ends: Float64Array;
}

// The two differ in one operation. As a parameter it would be a call for each value, which takes five times as long.

function sumWindows({ padded, begins, ends }: Lines, block: number): void {
  const last = padded.length - 1;
  for (let place = 0; place <= last; place += 1) {
    begins[place] = place % block === 0 ? padded[place] : begins[place - 1] + padded[place];
  }
  for (let place = last; place >= 0; place -= 1) {
    ends[place] = place === last || (place + 1) % block === 0 ? padded[place] : padded[place] + ends[place + 1];
  }
  for (let place = 0; place + block - 1 <= last; place += 1) {
    const end = begins[place + block - 1];
    padded[place] = place % block === 0 ? end : ends[place] + end;
  }
}

function leastOfWindows({ padded, begins, ends }: Lines, block: number): void {
  const last = padded.length - 1;
  for (let place = 0; place <= last; place += 1) {
    begins[place] = place % block === 0 ? padded[place] : Math.min(begins[place - 1], padded[place]);
  }
  for (let place = last; place >= 0; place -= 1) {
    ends[place] =
      place === last || (place + 1) % block === 0 ? padded[place] : Math.min(padded[place], ends[place + 1]);
  }
  for (let place = 0; place + block - 1 <= last; place += 1) {
    const end = begins[place + block - 1];
    padded[place] = place % block === 0 ? end : Math.min(ends[place], end);
  }
}
