// Which of the kept variants are shown, and in what order: brushed, filtered, put together, sorted.

import { placeAt, valueAt, type AxisValue, type NamedAxis } from '../../words/axes.ts';
import { metricOf, type Column, type Row } from './columns.ts';

export interface Sort {
  readonly id: string;
  readonly way: 'asc' | 'desc';
}

/** A range of numbers; an end may be open. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Reads `sharpe.desc`; null: by rank. */
export function readSort(text: string): Sort | null {
  const at = text.lastIndexOf('.');
  const [id, way] = [text.slice(0, at), text.slice(at + 1)];
  return at > 0 && (way === 'asc' || way === 'desc') ? { id, way } : null;
}

/** Returns the next order of a header that is pressed: its better end first, then the other, then the ranking again. */
export function nextSort(now: Sort | null, column: Column): Sort | null {
  const first = firstWay(column);
  const other = first === 'asc' ? 'desc' : 'asc';
  const stands = shownSort(now, [column]);
  if (stands?.id !== column.id) return { id: column.id, way: first };
  return stands.way === first ? { id: column.id, way: other } : null;
}

function firstWay(column: Column): Sort['way'] {
  if (column.kind === 'rank' || column.kind === 'axis') return 'asc';
  return column.words.better === -1 ? 'asc' : 'desc';
}

/** Returns the order that headers show: without one of its own, a table stands by its ranking metric. */
export function shownSort(sort: Sort | null, columns: readonly Column[]): Sort | null {
  if (sort !== null && columns.some(({ id }) => id === sort.id)) return sort;
  const ranking = columns.find((column) => column.kind === 'metric' && column.isRanking);
  return ranking === undefined || sort !== null ? null : { id: ranking.id, way: firstWay(ranking) };
}

/** Reads `1..2.5`, `..3`, `4..`; null: it is no range. */
export function readRange(text: string): Range | null {
  const [from, to, ...more] = text.split('..');
  if (from === undefined || to === undefined || more.length > 0 || (from === '' && to === '')) return null;
  const [min, max] = [from === '' ? -Infinity : Number(from), to === '' ? Infinity : Number(to)];
  return Number.isNaN(min) || Number.isNaN(max) ? null : { min, max };
}

/** Writes a range for an address; empty: all. */
export function writeRange({ min, max }: Range): string {
  if (min === -Infinity && max === Infinity) return '';
  return `${Number.isFinite(min) ? min : ''}..${Number.isFinite(max) ? max : ''}`;
}

export type ByName = Readonly<Record<string, string>>;

/** Returns the places of an axis that a brush has; null: it says nothing. Numbers go by value, words by place. */
export function brushed({ values }: Pick<NamedAxis, 'values'>, text: string): ReadonlySet<number> | null {
  if (values.length === 0) return null; // so long that none are listed
  const words = values.map((one) => (one === null ? 'off' : String(one)));
  if (values.every((one) => typeof one === 'number')) {
    const range = readRange(text);
    return range && new Set(values.flatMap((one, at) => (one >= range.min && one <= range.max ? [at] : [])));
  }
  const [from = '', to = ''] = text.split('..');
  const [first, last] = [words.indexOf(from), words.indexOf(to)];
  return first < 0 || last < 0 ? null : new Set(values.flatMap((_, at) => (at >= first && at <= last ? [at] : [])));
}

/** Returns the rows within all brushes and filters. */
export function matching(
  rows: readonly Row[],
  axes: readonly NamedAxis[],
  brush: ByName,
  filters: ByName,
): readonly Row[] {
  const within = axes.flatMap((axis) => {
    const text = brush[axis.key];
    const places = text === undefined ? null : brushed(axis, text);
    return places === null ? [] : [{ axis, places }];
  });
  const ranges = Object.entries(filters).flatMap(([id, text]) => {
    const range = readRange(text);
    const isUnseen = id.startsWith('unseen.');
    const column = { kind: isUnseen ? 'unseen' : 'metric', metric: isUnseen ? id.slice(7) : id } as const;
    return range === null ? [] : [{ column, range }];
  });
  return rows.filter(
    (row) =>
      within.every(({ axis, places }) => places.has(placeAt(axis, row.variant_index))) &&
      ranges.every(({ column, range }) => {
        const value = metricOf(row, column);
        return value >= range.min && value <= range.max;
      }),
  );
}

/** Rows that made the same trades as one. */
export interface Group {
  readonly row: Row;
  /** How many others there are. */
  readonly others: number;
}

/** Puts rows with equal trades together under the best of them; a row that does not know is by itself. */
export function grouped(rows: readonly Row[]): readonly Group[] {
  const found = new Map<number, Row[]>();
  for (const row of rows) {
    const key = row.alike?.first_rank ?? row.rank;
    const there = found.get(key);
    if (there === undefined) found.set(key, [row]);
    else there.push(row);
  }
  return [...found.values()].map((same) => ({
    row: same.reduce((best, one) => (one.rank < best.rank ? one : best)),
    others: same.length - 1,
  }));
}

export const alone = (rows: readonly Row[]): readonly Group[] => rows.map((row) => ({ row, others: 0 }));

/** Sorts by a column; what has no value comes last either way, and equal ones by rank. */
export function sorted(groups: readonly Group[], sort: Sort | null, columns: readonly Column[]): readonly Group[] {
  const column = sort === null ? undefined : columns.find(({ id }) => id === sort.id);
  if (sort === null || column === undefined) return groups.toSorted((a, b) => a.row.rank - b.row.rank);
  const way = sort.way === 'asc' ? 1 : -1;
  const keyed = groups.map((group) => ({ group, key: keyOf(group.row, column) }));
  keyed.sort((a, b) => compare(a.key, b.key, way) || a.group.row.rank - b.group.row.rank);
  return keyed.map(({ group }) => group);
}

function keyOf(row: Row, column: Column): number {
  if (column.kind === 'rank') return row.rank;
  if (column.kind === 'axis') return axisKey(column.axis, row.variant_index);
  return metricOf(row, column);
}

/** Numbers by value; words and stops that are off by their place, before numbers. */
function axisKey(axis: NamedAxis, variantIndex: number): number {
  const value: AxisValue = valueAt(axis, variantIndex);
  if (typeof value === 'number') return value;
  return axis.values.some((one) => typeof one === 'number') ? -Infinity : placeAt(axis, variantIndex);
}

function compare(a: number, b: number, way: 1 | -1): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a === b ? 0 : a < b ? -way : way;
}
