// One cell of a map: how many variants are behind it and which is the best of them, so that a click on a cell can open it. To
// ask for a cell costs one pass over the scores, where an index for each of 160,000 cells would double every map.

import type { Problem } from '@backtest-jobs/engine';
import { metricJson, type MetricJson } from '@backtest-jobs/engine/internal';
import { binsOf, shownBins, spotOf, walkScores, type Cube, type Spot, type Value } from './cube.ts';
import { MOST_CELLS, type Cut, type How, type SliceQuery } from './slice.ts';

export interface CellQuery extends SliceQuery {
  /** Column and row of the map that x, y and hold make. */
  readonly i: number;
  readonly j: number;
}

interface MapCell {
  readonly metric: string;
  readonly how: How;
  /** What the cell covers of each axis. */
  readonly x: Cover;
  readonly y: Cover | null;
  /** Variants in the cell that have a score. */
  readonly scores: number;
  /** What the map shows there. */
  readonly value: MetricJson;
  /** The best of them with its own score; of neighbourhoods the one in the middle of the best; null: there is none. */
  readonly best: Spot | null;
}

interface Cover {
  readonly key: string;
  readonly from: Value;
  readonly to: Value;
}

/** Looks into a cell. `shown` has what the map shows of each unit: scores, or means of neighbourhoods. */
export function cellOf(cube: Cube, shown: Cube, cut: Cut, { i, j }: CellQuery): MapCell | readonly Problem[] {
  const axisX = cube.axes[cut.x]!;
  const axisY = cut.y === null ? null : cube.axes[cut.y]!;
  const ofX = binsOf(axisX.values.length, MOST_CELLS);
  const ofY = axisY ? binsOf(axisY.values.length, MOST_CELLS) : new Int32Array(1);
  const problems = [...outside('i', i, ofX.at(-1)!), ...outside('j', j, ofY.at(-1)!)];
  if (problems.length > 0) return problems;
  const inside: number[] = [];
  const digits = new Int32Array(cube.axes.length);
  let best = -1;
  walkScores(shown, { digits, held: cut.held }, (value, unit) => {
    if (ofX[digits[cut.x]!] !== i || (cut.y !== null && ofY[digits[cut.y]!] !== j)) return;
    inside.push(value);
    if (best < 0 || shown.sign * value > shown.sign * shown.scores[best]!) best = unit;
  });
  const value = cut.how === 'median' ? medianOf(inside) : shown.scores[best];
  return {
    metric: cube.metric,
    how: cut.how,
    x: coverOf(shownBins(axisX, ofX), i),
    y: axisY && coverOf(shownBins(axisY, ofY), j),
    scores: inside.length,
    value: metricJson(value ?? NaN),
    best: best < 0 ? null : spotOf(cube, best, cube.scores[best]!),
  };
}

function outside(path: 'i' | 'j', at: number, last: number): readonly Problem[] {
  if (at <= last) return [];
  return [
    {
      path,
      code: 'invalid_value',
      message: `is beyond the map: its last ${path === 'i' ? 'column' : 'row'} is ${last}`,
    },
  ];
}

function coverOf({ key, from, to }: ReturnType<typeof shownBins>, bin: number): Cover {
  return { key, from: from[bin]!, to: to[bin]! };
}

/** Of an even number the mean of the two in the middle; two infinities of one sign are that. NaN of nothing. */
function medianOf(values: readonly number[]): number {
  const ascending = Float32Array.from(values).sort();
  const [low = NaN, high = NaN] = [ascending[(ascending.length - 1) >> 1], ascending[ascending.length >> 1]];
  return Math.fround(low === high ? low : (low + high) / 2);
}
