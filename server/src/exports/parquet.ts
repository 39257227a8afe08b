// A sheet as Parquet. The format ends with an index of itself, so it is written to a file first, by DuckDB over a table on disk:
// memory does not grow with the rows.

import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { openDuck } from '../candles/duckdb.ts';
import { numberText } from './csv.ts';
import type { Cell, ColumnType, Sheet } from './sheet.ts';

const MEMORY = '256MB';
const TYPES = { text: 'varchar', number: 'double', whole: 'bigint', instant: 'timestamp' } as const;

/** Returns the bytes of the file, which stands in `folder` meanwhile. */
export async function* parquetBytes({ columns, batches }: Sheet, folder: string): AsyncGenerator<Buffer, void> {
  const file = join(folder, 'export.parquet');
  await writeSheet({ columns, batches }, folder, file);
  for await (const bytes of createReadStream(file)) yield bytes as Buffer;
}

async function writeSheet({ columns, batches }: Sheet, folder: string, file: string): Promise<void> {
  using duck = await openDuck({ file: join(folder, 'export.duckdb'), memory: MEMORY });
  const { BIGINT, DOUBLE, DuckDBDataChunk, DuckDBTimestampValue, TIMESTAMP, VARCHAR } =
    await import('@duckdb/node-api');
  const types = { text: VARCHAR, number: DOUBLE, whole: BIGINT, instant: TIMESTAMP };
  const { connection } = duck;
  const named = columns.map(({ name, type }) => `"${name.replaceAll('"', '""')}" ${TYPES[type]}`);
  await connection.run(`create table sheet (${named.join(', ')})`);
  const appender = await connection.createAppender('sheet');
  const chunk = DuckDBDataChunk.create(columns.map(({ type }) => types[type]));
  const cellOf = (cell: Cell, type: ColumnType) => {
    if (cell === null || typeof cell === 'string') return cell;
    if (type === 'text') return numberText(cell);
    if (type === 'whole') return BigInt(cell);
    return type === 'instant' ? new DuckDBTimestampValue(1000n * BigInt(cell)) : cell;
  };
  for await (const rows of batches) {
    chunk.reset();
    chunk.rowCount = rows.length;
    for (const [at, { type }] of columns.entries()) {
      chunk.setColumnValues(
        at,
        rows.map((row) => cellOf(row[at] ?? null, type)),
      );
    }
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
  await connection.run(`copy sheet to '${file.replaceAll("'", "''")}' (format parquet, compression zstd)`);
}
