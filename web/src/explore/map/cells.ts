// A cell of a map in words, in the table of its data, and as the rectangle of a new job.

import type { SurfaceMap } from '@backtest-jobs/client';
import type { Table } from '../../parts/csv.ts';
import type { NamedAxis } from '../../words/axes.ts';
import { axisValue } from '../../words/format.ts';
import { metricText, metricWords } from '../../words/metrics.ts';
import type { Bins } from '../axes.ts';
import { binText, HOW_WORDS } from '../words.ts';
import type { Box, Place } from './frame.ts';

/** The axes of a map with their names. */
export interface MapAxes {
  readonly x: NamedAxis;
  readonly y: NamedAxis | null;
}

const textAt = (axis: NamedAxis, bins: Bins, at: number): string =>
  binText(axis, bins.from[at] ?? '', bins.to[at] ?? '');

/** Says what a cell shows: "SMA window 198, RSI window 30: best +183.1%". */
export function cellWords(map: SurfaceMap, { x, y }: MapAxes, { i, j }: Place): string {
  const value = map.cells[j * map.x.from.length + i] ?? NaN;
  const where = [`${x.label} ${textAt(x, map.x, i)}`, ...(y && map.y ? [`${y.label} ${textAt(y, map.y, j)}`] : [])];
  const what = Number.isNaN(value) ? 'nothing is scored or ranked here' : metricText(map.metric, value);
  return `${where.join(', ')}: ${Number.isNaN(value) ? '' : `${HOW_WORDS[map.how]} `}${what}`;
}

/** Says that cells stand for several values; nothing where each has one. */
export function binnedWords(map: SurfaceMap, { x, y }: MapAxes): string {
  const parts = [
    [x, map.x],
    [y, map.y],
  ] as const;
  const binned = parts.flatMap(([axis, bins]) =>
    axis && bins && bins.from.length < axis.length
      ? [`${axis.label} in ${bins.from.length} bins of about ${Math.round(axis.length / bins.from.length)} values`]
      : [],
  );
  return binned.join(', ');
}

/** Returns the cells of a map as a table. */
export function mapTable(map: SurfaceMap, { x, y }: MapAxes): Table {
  const columns = map.x.from.length;
  const score = metricWords(map.metric);
  return {
    title: `Landscape: ${score.long}, ${HOW_WORDS[map.how]} of each cell`,
    file: 'landscape',
    columns: [
      { name: x.label },
      ...(y ? [{ name: y.label }] : []),
      { name: withUnit(score), format: (value) => score.format(value as number) },
    ],
    length: map.cells.length,
    cell: (row, column) => {
      if (column === 0) return cellOf(map.x, row % columns);
      if (column === 1 && map.y) return cellOf(map.y, Math.floor(row / columns));
      return map.cells[row] ?? null;
    },
  };
}

function cellOf(bins: Bins, at: number): number | string {
  const [from, to] = [bins.from[at] ?? '', bins.to[at] ?? ''];
  return from === to ? from : `${axisValue(from)}–${axisValue(to)}`;
}

export const withUnit = ({ name, unit }: { readonly name: string; readonly unit: string }): string =>
  unit === '' ? name : `${name} ${unit}`;

/** Returns the address of a new job within a rectangle, and at the values at which axes are held. */
export function refineAddress(
  job_id: string,
  { map, box }: { readonly map: SurfaceMap; readonly box: Box },
  hold: Readonly<Record<string, string>>,
): string {
  const query = new URLSearchParams({ from: job_id, refine: 'box' });
  const put = (bins: Bins, from: number, to: number): void =>
    query.set(`box.${bins.key}`, `${bins.from[from]}..${bins.to[to]}`);
  put(map.x, box.from.i, box.to.i);
  if (map.y) put(map.y, box.from.j, box.to.j);
  for (const [axis, value] of Object.entries(hold)) query.set(`box.${axis}`, `${value}..${value}`);
  return `/jobs/new?${query}`;
}

/** Says which values a rectangle covers. */
export function boxWords(map: SurfaceMap, { x, y }: MapAxes, { from, to }: Box): string {
  const parts = [rangeText(x, map.x, [from.i, to.i]), ...(y && map.y ? [rangeText(y, map.y, [from.j, to.j])] : [])];
  return parts.join(', ');
}

function rangeText(axis: NamedAxis, bins: Bins, [from, to]: readonly [number, number]): string {
  return `${axis.label} ${binText(axis, bins.from[from] ?? '', bins.to[to] ?? '')}`;
}
