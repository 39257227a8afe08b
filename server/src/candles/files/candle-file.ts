// Candles from whatever a user has: a CSV text, plain, gzip or zip, a Parquet file, or a folder of them. The first
// bytes of a file decide what it is, not its name.

import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { specError } from '@backtest-jobs/engine/internal';
import { messageOf } from '../../message.ts';
import { addCsv, type ReadOptions } from '../csv/csv.ts';
import { listArchive, type Archive } from './archive.ts';
import { chooseFiles } from './file-names.ts';
import { FOREIGN_BYTES, refuseForeign } from './foreign.ts';
import { openGroups } from './groups.ts';
import type { MarketGrid } from './market-grid.ts';
import { addParquet } from './parquet-file.ts';
import { openRows, type CandleFile, type Rows } from './rows.ts';
import { firstBytes } from './unpack.ts';

export interface FileOptions extends ReadOptions {
  /** The symbol to read from a folder that has several. */
  readonly symbol?: string | undefined;
  /** Grid of a session market; without it that of UTC. */
  readonly grid?: MarketGrid | null | undefined;
  /** Called with the size of everything that will be read, before the first byte is. */
  readonly onSize?: (bytes: number) => void;
}

export interface FoundCandles extends CandleFile {
  /** Number of files that were read, and the names of those in the folder or archive that were not. */
  readonly files_read: number;
  readonly left_out: readonly string[];
  /** Symbol in the names of the files, if they are those of an archive. */
  readonly symbol: string | null;
  /** Rows of other symbols or intervals, which a column names. */
  readonly other_rows: number;
  /** Columns that no candle is made of, by their names. */
  readonly unused_columns: readonly string[];
}

/** Reads all of it; throws SpecError with the lines of bad rows. */
export async function readCandleFile(path: string, options: FileOptions = {}): Promise<FoundCandles> {
  const archive = await filesOf(path, options);
  options.onSize?.(archive.bytes);
  const rows = openRows(path);
  const left = [...archive.left];
  let read = 0;
  const wish = {
    symbol: options.symbol ?? archive.symbol ?? undefined,
    interval: options.interval ?? archive.interval ?? undefined,
  };
  const choose = (file: string, names: readonly string[]): readonly string[] => {
    const chosen = chooseFiles(file, names, wish);
    left.push(...chosen.left.map((name) => `${basename(file)} (${name})`));
    read += chosen.names.length - 1;
    return chosen.names;
  };
  const groups = openGroups(path, options);
  const unused = new Set<string>();
  const onUnused = (columns: readonly string[]): void => columns.forEach((name) => unused.add(name));
  for (const file of archive.files) {
    read += 1;
    await addFile(rows, file, { ...options, choose, groups, onUnused });
  }
  const other_rows = groups.finish();
  const interval = options.interval ?? archive.interval ?? undefined;
  const corrections = archive.symbol !== null;
  const found = rows.finish({ interval, corrections, grid: options.grid });
  const counts = { files_read: read, left_out: left, other_rows, unused_columns: [...unused] };
  return { ...found, symbol: archive.symbol, ...counts };
}

async function filesOf(path: string, { symbol, interval }: FileOptions): Promise<Archive> {
  await firstBytesOrFolder(path);
  const found = await stat(path);
  if (found.isDirectory()) return listArchive(path, { symbol, interval });
  // One file of any name is what the caller says, unless its name is that of an archive and says otherwise.
  const named = chooseFiles(path, [basename(path)], { symbol, interval });
  return { files: [path], left: [], bytes: found.size, symbol: null, interval: named.interval };
}

/** Throws SpecError for a path that cannot be read, whatever it is. */
async function firstBytesOrFolder(path: string): Promise<void> {
  try {
    await stat(path);
  } catch (error) {
    throw specError(path, 'no_file', `cannot be read: ${messageOf(error)}`);
  }
}

async function addFile(rows: Rows, file: string, options: FileOptions): Promise<void> {
  const begins = Buffer.from(await firstBytes(file, FOREIGN_BYTES)).toString('latin1');
  refuseForeign(file, begins);
  if (!begins.startsWith('PAR1')) return addCsv(rows, file, options);
  await addParquet(rows, file, options);
  options.onBytes?.((await stat(file)).size);
}
