// Candles from a Parquet file of somebody else: columns by name, times in any of the types that files really use.

import { COLUMNS, specError } from '@backtest-jobs/engine/internal';
import { messageOf } from '../../message.ts';
import { findColumns } from '../csv/columns.ts';
import type { ReadOptions } from '../csv/csv.ts';
import { isLocal, openZone } from '../csv/zone.ts';
import { openDuck, parquetFiles, type Duck } from '../duckdb.ts';
import { INSTANT, kindOf } from './epochs.ts';
import { KIND, type Row, type Rows } from './rows.ts';
import { isEpoch, parseTime, rawEpoch } from './time.ts';

/** Adds what is in the file; throws SpecError when it is no table of candles. */
export async function addParquet(rows: Rows, file: string, options: ReadOptions): Promise<void> {
  using duck = await openDuck();
  rows.enter(file, 'row');
  const { select, zoned } = await selectOf(duck, file, options);
  const readTime = timeReader(options, zoned);
  const result = await duck.connection.stream(`select ${select} from ${parquetFiles([file])}`);
  let number = 0;
  const row = new Float64Array(COLUMNS.length + 1);
  for await (const chunk of result) {
    const { rowCount } = chunk;
    const vectors = COLUMNS.map((_, c) => chunk.getColumnVector(c));
    for (let i = 0; i < rowCount; i += 1) {
      for (const [c, vector] of vectors.entries())
        row[c] = c === 0 ? readTime(vector.getItem(i), row) : toNumber(vector.getItem(i));
      number += 1;
      take(rows, number, row);
    }
  }
}

function take(rows: Rows, number: number, row: Float64Array): void {
  const absent = row.findIndex((value) => Number.isNaN(value));
  if (absent >= 0) rows.bad(number, `${COLUMNS[absent]} is missing or no ${absent === 0 ? 'time' : 'number'}`);
  else rows.add(number, row);
}

/** Makes what reads a time and sets its kind. Times that are no timestamps come as text, and are read like those of a CSV file. */
function timeReader({ timeUnit, timezone }: ReadOptions, zoned: boolean): (value: unknown, row: Row) => number {
  const toUtc = timezone === undefined ? null : openZone(timezone);
  return (value, row) => {
    row[KIND] = INSTANT;
    if (typeof value !== 'string') return toUtc === null || zoned ? toNumber(value) : toUtc(toNumber(value));
    if (timeUnit === undefined && isEpoch(value)) {
      row[KIND] = kindOf(value.length);
      return rawEpoch(value);
    }
    const time = parseTime(value, timeUnit);
    return toUtc !== null && isLocal(value) ? toUtc(time) : time;
  };
}

function toNumber(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

async function selectOf(
  duck: Duck,
  file: string,
  { columns }: ReadOptions,
): Promise<{ readonly select: string; readonly zoned: boolean }> {
  const described = await describe(duck, file);
  const { positions } = findColumns(
    described.map(({ name }) => name),
    file,
    columns,
  );
  const zoned = /WITH TIME ZONE|^DATE$/.test(described[positions[0] ?? -1]?.type ?? '');
  const select = positions
    .map((position, c) => {
      if (position < 0) return '0::double';
      const { name = '', type = '' } = described[position] ?? {};
      const column = `"${name.replaceAll('"', '""')}"`;
      if (c > 0) return `try_cast(${column} as double)`;
      return /^(TIMESTAMP|DATE)/.test(type) ? `epoch_ms(${column})::double` : `${column}::varchar`;
    })
    .join(', ');
  return { select, zoned };
}

async function describe(duck: Duck, file: string): Promise<readonly { name: string; type: string }[]> {
  try {
    const reader = await duck.connection.runAndReadAll(`describe select * from ${parquetFiles([file])}`);
    return reader.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
  } catch (error) {
    throw specError(file, 'bad_file', `is not sound Parquet: ${messageOf(error)}`);
  }
}
