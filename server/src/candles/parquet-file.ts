// Candles from a Parquet file of somebody else: columns by name, times in any of the types that files really use.

import { COLUMNS, specError } from '@backtest-jobs/engine/internal';
import { messageOf } from '../message.ts';
import { findColumns } from './csv/columns.ts';
import type { ReadOptions } from './csv/csv.ts';
import { isLocal, openZone } from './csv/zone.ts';
import { openDuck, parquetFiles, type Duck } from './duckdb.ts';
import { INSTANT, kindOf } from './epochs.ts';
import { KIND, type Rows } from './rows.ts';
import { isEpoch, parseTime, rawEpoch, type TimeUnit } from './time.ts';

/** Adds what is in the file; throws SpecError when it is no table of candles. */
export async function addParquet(rows: Rows, file: string, options: ReadOptions): Promise<void> {
  using duck = await openDuck();
  rows.enter(file, 'row');
  const toUtc = options.timezone === undefined ? null : openZone(options.timezone);
  const { select, zoned } = await selectOf(duck, file, options);
  const result = await duck.connection.stream(`select ${select} from ${parquetFiles([file])}`);
  let number = 0;
  const row = new Float64Array(COLUMNS.length + 1);
  for await (const chunk of result) {
    const { rowCount } = chunk;
    const vectors = COLUMNS.map((_, c) => chunk.getColumnVector(c));
    for (let i = 0; i < rowCount; i += 1) {
      for (const [c, vector] of vectors.entries()) {
        const value = vector.getItem(i);
        const raw = typeof value === 'string' && options.timeUnit === undefined && isEpoch(value);
        if (c === 0) row[KIND] = raw ? kindOf(value.length) : INSTANT;
        const number = raw ? rawEpoch(value) : toNumber(value, options.timeUnit);
        row[c] = c === 0 && toUtc !== null && isLocalCell(value, zoned) ? toUtc(number) : number;
      }
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

/** Reports whether a time states no zone. */
function isLocalCell(value: unknown, zoned: boolean): boolean {
  return typeof value === 'string' ? isLocal(value) : !zoned;
}

/** Reads a cell. Times that are no timestamps come as text and are read like those of a CSV file. */
function toNumber(value: unknown, unit: TimeUnit | undefined): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? parseTime(value, unit) : Number.NaN;
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
