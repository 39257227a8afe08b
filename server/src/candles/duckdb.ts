// DuckDB as a reader and writer of Parquet and nothing else: no database file, no network, no extensions from outside.
// The library is 70 MB and takes a third of a second to load, so it is loaded when the first file is touched.

import type { Candles } from '@backtest-jobs/engine';
import { COLUMNS } from '@backtest-jobs/engine/internal';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sharedCandles } from './source.ts';

export interface Duck extends Disposable {
  readonly connection: DuckDBConnection;
}

interface DuckOptions {
  /** Database file; by default tables are in memory. */
  readonly file?: string;
  readonly memory?: string;
}

export async function openDuck({ file = ':memory:', memory = '1GB' }: DuckOptions = {}): Promise<Duck> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(file, {
    threads: '2',
    memory_limit: memory,
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'true',
  });
  const connection = await instance.connect();
  return {
    connection,
    [Symbol.dispose]() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Writes `read_parquet([...])` of exactly these files: *, ? and [ in a path are letters, not patterns. */
export function parquetFiles(files: readonly string[]): string {
  const literals = files.map((file) => quoted(file.replace(/[*?[]/g, '[$&]')));
  return `read_parquet([${literals.join(', ')}])`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const STORED = ['ts_open', ...COLUMNS.slice(1)];

/** Reads the bars of our own files that open in [start, end), in file order. */
export async function readParquet(duck: Duck, files: readonly string[], start: number, end: number): Promise<Candles> {
  const from = `make_timestamp_ms(${Math.ceil(start)})::timestamp_ms`;
  const to = `make_timestamp_ms(${Math.ceil(end)})::timestamp_ms`;
  const where = `from ${parquetFiles(files)} where ts_open >= ${from} and ts_open < ${to}`;
  const counted = await duck.connection.runAndReadAll(`select count(*)::integer ${where}`);
  const candles = sharedCandles(Number(counted.getRows()[0]?.[0] ?? 0));
  const select = STORED.map((name, c) => (c === 0 ? TIME : name)).join(', ');
  const columns = COLUMNS.map((name) => candles[name]);
  await fill(duck, `select ${select} ${where}`, columns);
  return candles;
}

/** Reads when the bars of our own files open, in file order; no other column is touched. */
export async function readTimeColumn(duck: Duck, files: readonly string[]): Promise<Float64Array> {
  const counted = await duck.connection.runAndReadAll(`select count(*)::integer from ${parquetFiles(files)}`);
  const times = new Float64Array(Number(counted.getRows()[0]?.[0] ?? 0));
  await fill(duck, `select ${TIME} from ${parquetFiles(files)}`, [times]);
  return times;
}

const TIME = 'epoch_ms(ts_open)::double';

/** Streams a result of doubles into columns of exactly its length. */
async function fill(duck: Duck, sql: string, columns: readonly Float64Array[]): Promise<void> {
  const result = await duck.connection.stream(sql);
  const expected = columns[0]?.length ?? 0;
  let filled = 0;
  for await (const chunk of result) {
    const { rowCount } = chunk; // a call into the library each time it is asked
    for (const [c, column] of columns.entries()) {
      const vector = chunk.getColumnVector(c);
      for (let row = 0; row < rowCount; row += 1) column[filled + row] = Number(vector.getItem(row) ?? Number.NaN);
    }
    filled += rowCount;
  }
  if (filled !== expected) throw new Error(`read ${filled} candles where ${expected} were counted`);
}

/** Writes one file of series that follow each other. */
export async function writeParquet(
  duck: Duck,
  file: string,
  parts: Iterable<Candles> | AsyncIterable<Candles>,
): Promise<void> {
  const { DOUBLE, DuckDBDataChunk } = await import('@duckdb/node-api');
  const { connection } = duck;
  const columns = COLUMNS.map((name) => `"${name}" double`).join(', ');
  await connection.run(`create or replace temp table bars (${columns})`);
  const appender = await connection.createAppender('bars');
  const chunk = DuckDBDataChunk.create(COLUMNS.map(() => DOUBLE));
  for await (const candles of parts) {
    const rows = candles.time.length;
    for (let from = 0; from < rows; from += CHUNK) {
      const to = Math.min(rows, from + CHUNK);
      chunk.reset();
      chunk.rowCount = to - from;
      for (const [c, name] of COLUMNS.entries()) chunk.setColumnValues(c, Array.from(candles[name].subarray(from, to)));
      appender.appendDataChunk(chunk);
    }
  }
  appender.closeSync();
  const select = STORED.map((name, c) =>
    c === 0 ? 'make_timestamp_ms("time"::bigint)::timestamp_ms as ts_open' : name,
  );
  await connection.run(
    `copy (select ${select.join(', ')} from bars) to ${quoted(file)} (format parquet, compression zstd)`,
  );
  await connection.run('drop table bars');
}

/** Rows of a DuckDB data chunk; the library allows no more. */
const CHUNK = 2048;
