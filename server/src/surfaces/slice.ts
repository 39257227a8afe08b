// A slice of a cube for a heat map: for each pair of values of two axes the best or the median over all others, some of which
// may be held at a value.

import type { Problem } from '@backtest-jobs/engine';
import {
  binsOf,
  digitOf,
  shownBins,
  spotOf,
  walkScores,
  type Bins,
  type Cube,
  type CubeAxis,
  type HeldAxes,
  type Spot,
} from './cube.ts';
import { ascending, bestOf, openMedians, type Ascending } from './order.ts';

/** What a cell shows: the best or the median over all other axes, or the best neighbourhood. */
export const HOW = ['max', 'median', 'near'] as const;
export type How = (typeof HOW)[number];

export interface SliceQuery {
  readonly x: string;
  /** Null: one row. */
  readonly y: string | null;
  readonly how: How;
  /** Values of axes by key, as text. */
  readonly hold: Readonly<Record<string, string>>;
}

/** Cells of a map along each axis. */
export const MOST_CELLS = 400;

export interface SliceHead {
  readonly metric: string;
  readonly how: How;
  readonly x: Bins;
  readonly y: Bins | null;
  /** Scores in the slice, of all variants that have one. */
  readonly scores: number;
  /** The best of them, with its cell; null: there is none. */
  readonly best: (Spot & { readonly x: number; readonly y: number }) | null;
}

export interface Slice {
  readonly head: SliceHead;
  /** Row by row: cell (x, y) is at y * columns + x. NaN: nothing is scored or ranked there. */
  readonly cells: Float32Array;
}

/** A slice whose axes are known. */
export interface Cut {
  readonly x: number;
  readonly y: number | null;
  readonly how: How;
  readonly held: HeldAxes;
}

/** Scores in a slice, and the unit of the best; -1: there is none. */
interface Found {
  readonly scores: number;
  readonly leader: number;
}

/** Finds the axes of a query, or reports all that is wrong with it. */
export function cutOf({ axes, bases }: Cube, { x, y, how, hold }: SliceQuery): Cut | readonly Problem[] {
  const problems: Problem[] = [];
  const placeOf = (path: string, key: string): number => {
    const at = axes.findIndex((axis) => axis.key === key);
    if (at < 0) problems.push(unknownAxis(path, axes));
    return at;
  };
  const cut = { x: placeOf('x', x), y: y === null ? null : placeOf('y', y), how };
  if (y === x) problems.push({ path: 'y', code: 'conflict', message: 'must be another axis than x' });
  if (how === 'near' && bases !== null) {
    const message = 'near needs all variants of the grid, and this job scored a sample: use max or median';
    problems.push({ path: 'how', code: 'conflict', message });
  }
  const held = Object.entries(hold).map(([key, text]) => {
    const path = `hold.${key}`;
    const axis = placeOf(path, key);
    const position = axes[axis]?.values.findIndex((value) => String(value) === text) ?? 0;
    if (key === x || key === y) problems.push({ path, code: 'conflict', message: 'is x or y: leave hold out' });
    else if (position < 0) problems.push({ path, code: 'invalid_value', message: `is no value of the axis: ${text}` });
    return [axis, position] as const;
  });
  return problems.length > 0 ? problems : { ...cut, held };
}

export function unknownAxis(path: string, axes: readonly CubeAxis[]): Problem {
  const keys = axes.map(({ key }) => key).join(', ');
  return { path, code: 'unknown_axis', message: `is no axis of this job: there are ${keys}` };
}

/** Returns into how many parts its held axes cut a cube. */
function heldShare({ axes }: Cube, { held }: Cut): number {
  return held.reduce((parts, [axis]) => parts * axes[axis]!.values.length, 1);
}

/** Cuts a cube; `sorted` has its units by score, for medians over all of it. */
export function sliceOf(cube: Cube, cut: Cut, sorted: Ascending | null): Slice {
  const [x, y] = [cut.x, cut.y].map((at) => (at === null ? null : cube.axes[at]!));
  const ofX = binsOf(x!.values.length, MOST_CELLS);
  const ofY = y ? binsOf(y.values.length, MOST_CELLS) : new Int32Array(1);
  const columns = ofX.at(-1)! + 1;
  const cells = new Float32Array(columns * (ofY.at(-1)! + 1)).fill(NaN);
  const { scores, leader: best } = cut.how === 'median' ? medians() : bests();
  const spot = best < 0 ? null : { ...spotOf(cube, best, cube.scores[best]!), ...cellOf(best) };
  const bins = { x: shownBins(x!, ofX), y: y ? shownBins(y, ofY) : null };
  return { head: { metric: cube.metric, how: cut.how, ...bins, scores, best: spot }, cells };

  function bests(): Found {
    const { sign } = cube;
    const digits = new Int32Array(cube.axes.length);
    let leader = -1;
    let seen = 0;
    walkScores(cube, { digits, held: cut.held }, (score, unit) => {
      seen += 1;
      const cell = ofX[digits[cut.x]!]! + (cut.y === null ? 0 : columns * ofY[digits[cut.y]!]!);
      if (!(sign * cells[cell]! >= sign * score)) cells[cell] = score;
      if (leader < 0 || sign * score > sign * cube.scores[leader]!) leader = unit;
    });
    return { scores: seen, leader };
  }

  function medians(): Found {
    const all = cut.held.length === 0;
    const digits = new Int32Array(cube.axes.length);
    const most = cube.scores.length / (cube.bases === null ? heldShare(cube, cut) : 1);
    // By unit where the slice is the whole cube, whose order is known; else in a row, which is sorted by itself.
    const places = new Int32Array(most);
    const units = all ? null : new Uint32Array(most);
    const column = new Float32Array(all ? 0 : most);
    const counts = new Uint32Array(cells.length);
    let seen = 0;
    walkScores(cube, { digits, held: cut.held }, (score, unit) => {
      const cell = ofX[digits[cut.x]!]! + (cut.y === null ? 0 : columns * ofY[digits[cut.y]!]!);
      counts[cell]! += 1;
      if (units === null) places[unit] = cell;
      else {
        places[seen] = cell;
        units[seen] = unit;
        column[seen] = score;
      }
      seen += 1;
    });
    const order = all ? (sorted ?? ascending(cube.scores)) : ascending(column.subarray(0, seen));
    const middle = openMedians(counts);
    for (let row = 0; row < seen; row += 1) middle.take(places[order.units[row]!]!, order.values[row]!);
    cells.set(middle.medians);
    const first = bestOf(cube, order);
    return { scores: seen, leader: first < 0 || units === null ? first : units[first]! };
  }

  function cellOf(unit: number): { x: number; y: number } {
    return { x: ofX[digitOf(cube, x!)(unit)]!, y: y ? ofY[digitOf(cube, y)(unit)]! : 0 };
  }
}
