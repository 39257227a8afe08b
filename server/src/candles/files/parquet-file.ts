// Candles from a Parquet file of somebody else: columns by name, times in any of the types that files really use.

import { COLUMNS, specError } from '@backtest-jobs/engine/internal';
import { messageOf } from '../../message.ts';
import { adjustRow, noAdjusted } from '../csv/adjust.ts';
import { findColumns } from '../csv/columns.ts';
import type { ReadOptions } from '../csv/csv.ts';
import { ordered } from '../csv/values.ts';
import { isLocal, openZone } from '../csv/zone.ts';
import { openDuck, parquetFiles, type Duck } from '../duckdb.ts';
import { INSTANT, kindOf } from './epochs.ts';
import { GROUPS, type Group } from './groups.ts';
import { KIND, type Row, type Rows } from './rows.ts';
import { isEpoch, parseTime, rawEpoch } from './time.ts';

/** Adds what is in the file; throws SpecError when it is no table of candles. */
export async function addParquet(rows: Rows, file: string, options: ReadOptions): Promise<void> {
  using duck = await openDuck();
  rows.enter(file, 'row');
  const { select, zoned, extra } = await selectOf(duck, file, options);
  const { groups } = options;
  const readTime = timeReader(options, zoned);
  const result = await duck.connection.stream(`select ${select} from ${parquetFiles([file])}`);
  let number = 0;
  const row = new Float64Array(COLUMNS.length + 1);
  for await (const chunk of result) {
    const { rowCount } = chunk;
    const vectors = COLUMNS.map((_, c) => chunk.getColumnVector(c));
    const others = extra.map((what, c) => [what, chunk.getColumnVector(COLUMNS.length + c)] as const);
    for (let i = 0; i < rowCount; i += 1) {
      number += 1;
      const ofSeries = ([what, vector]: (typeof others)[number]): boolean =>
        what === 'adjusted' || groups === undefined || groups.take(what, String(vector.getItem(i) ?? ''));
      if (!others.every(ofSeries)) continue;
      for (const [c, vector] of vectors.entries())
        row[c] = c === 0 ? readTime(vector.getItem(i), row) : toNumber(vector.getItem(i));
      const adjusted = others.find(([what]) => what === 'adjusted')?.[1].getItem(i);
      const fault = adjusted === undefined ? null : adjustRow(row, toNumber(adjusted));
      if (fault === null) take(rows, number, row);
      else rows.bad(number, fault);
    }
  }
}

function take(rows: Rows, number: number, row: Float64Array): void {
  const absent = row.findIndex((value) => Number.isNaN(value));
  if (absent >= 0) rows.bad(number, `${COLUMNS[absent]} is missing or no ${absent === 0 ? 'time' : 'number'}`);
  else rows.add(number, row);
}

/** Makes what reads a time and sets its kind. Times that are no timestamps come as text, and are read like those of a CSV file. */
function timeReader(
  { timeUnit, timezone, dateOrder }: ReadOptions,
  zoned: boolean,
): (value: unknown, row: Row) => number {
  const toUtc = timezone === undefined ? null : openZone(timezone);
  return (value, row) => {
    row[KIND] = INSTANT;
    if (typeof value !== 'string') return toUtc === null || zoned ? toNumber(value) : toUtc(toNumber(value));
    const text = ordered(value, dateOrder);
    if (timeUnit === undefined && isEpoch(value)) {
      row[KIND] = kindOf(value.length);
      return rawEpoch(value);
    }
    const time = parseTime(text, timeUnit);
    return toUtc !== null && isLocal(text) ? toUtc(time) : time;
  };
}

function toNumber(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

interface Select {
  readonly select: string;
  readonly zoned: boolean;
  /** What the columns behind those of candles are. */
  readonly extra: readonly (Group | 'adjusted')[];
}

async function selectOf(duck: Duck, file: string, options: ReadOptions): Promise<Select> {
  const { columns, adjust = false, onUnused } = options;
  const described = await describe(duck, file);
  const names = described.map(({ name }) => name);
  const { positions, groups, adjusted, unused } = findColumns(names, file, columns);
  if (adjust && adjusted < 0) throw noAdjusted(file);
  onUnused?.(unused.filter((name) => !adjust || name !== names[adjusted]));
  const zoned = /WITH TIME ZONE|^DATE$/.test(described[positions[0] ?? -1]?.type ?? '');
  const quoted = (position: number): string => `"${(names[position] ?? '').replaceAll('"', '""')}"`;
  const values = positions.map((position, c) => {
    if (position < 0) return '0::double';
    const column = quoted(position);
    if (c > 0) return `try_cast(${column} as double)`;
    return /^(TIMESTAMP|DATE)/.test(described[position]?.type ?? '')
      ? `epoch_ms(${column})::double`
      : `${column}::varchar`;
  });
  const extra: Select['extra'] = [
    ...GROUPS.filter((group) => groups[group] >= 0),
    ...(adjust ? ['adjusted' as const] : []),
  ];
  for (const what of extra)
    values.push(what === 'adjusted' ? `try_cast(${quoted(adjusted)} as double)` : `${quoted(groups[what])}::varchar`);
  return { select: values.join(', '), zoned, extra };
}

async function describe(duck: Duck, file: string): Promise<readonly { name: string; type: string }[]> {
  try {
    const reader = await duck.connection.runAndReadAll(`describe select * from ${parquetFiles([file])}`);
    return reader.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
  } catch (error) {
    throw specError(file, 'bad_file', `is not sound Parquet: ${messageOf(error)}`);
  }
}
