// What is drawn of a map beside its cells, made once for all drawings of it.

import type { SurfaceMap } from '@backtest-jobs/client';
import { outlineOf } from './contour.ts';
import { spanOf, type Span } from './scale.ts';

export interface MapModel {
  readonly map: SurfaceMap;
  readonly columns: number;
  readonly rows: number;
  /** -1: lower scores are better. */
  readonly sign: 1 | -1;
  /** In scores of which higher is better. */
  readonly span: Span;
  /** Buy and hold, where a line parts what beats it from the rest. */
  readonly holding: number | null;
  readonly beatsHolding: readonly number[];
  readonly nearBest: readonly number[];
  /** The best of each column and of each row. */
  readonly alongX: Float32Array;
  readonly alongY: Float32Array;
}

interface Measures {
  readonly sign: 1 | -1;
  /** Median of all scores. */
  readonly typical: number;
  readonly holding: number | null;
}

/** Share of the way from the typical to the best that counts as near the best. */
const NEAR = 0.9;

export function modelOf(map: SurfaceMap, { sign, typical, holding }: Measures): MapModel {
  const { cells } = map;
  const columns = map.x.from.length;
  const rows = map.y?.from.length ?? 1;
  const best = extreme(cells, sign);
  const worst = extreme(cells, sign === 1 ? -1 : 1);
  const near = typical + NEAR * (best - typical);
  const parts = holding !== null && sign * holding < sign * best && sign * holding > sign * worst ? holding : null;
  const reaching = (level: number): readonly number[] =>
    outlineOf((at) => sign * (cells[at] ?? NaN) >= sign * level, columns, rows);
  const beating = (level: number): readonly number[] =>
    outlineOf((at) => sign * (cells[at] ?? NaN) > sign * level, columns, rows);
  return {
    map,
    columns,
    rows,
    sign,
    span: spanOf(cells, sign),
    holding: parts,
    beatsHolding: parts === null ? [] : beating(parts),
    // Where all are alike, all would be near the best.
    nearBest: Number.isFinite(near) && sign * best > sign * typical ? reaching(near) : [],
    alongX: Float32Array.from({ length: columns }, (_, i) => bestOf(cells, sign, { first: i, step: columns, rows })),
    alongY: Float32Array.from({ length: rows }, (_, j) =>
      bestOf(cells, sign, { first: j * columns, step: 1, rows: columns }),
    ),
  };
}

/** Returns the best finite score; NaN: there is none. */
function extreme(cells: Float32Array, sign: 1 | -1): number {
  let best = NaN;
  for (const value of cells) if (Number.isFinite(value) && !(sign * value <= sign * best)) best = value;
  return best;
}

interface Walk {
  readonly first: number;
  readonly step: number;
  readonly rows: number;
}

function bestOf(cells: Float32Array, sign: 1 | -1, { first, step, rows }: Walk): number {
  let best = NaN;
  for (let row = 0; row < rows; row += 1) {
    const value = cells[first + row * step] ?? NaN;
    if (Number.isFinite(value) && !(sign * value <= sign * best)) best = value;
  }
  return best;
}
