// A folder of candle files as one series. The public archives of Binance are such folders: BTCUSDT-1m-2024-01.zip a
// month, BTCUSDT-1m-2024-01-31.zip a day, beside each a .CHECKSUM, in folders by market, symbol and interval. Their
// names say symbol and interval; any other files count as one series in order of name.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { specError } from '@backtest-jobs/engine/internal';
import { chooseFiles, type NamesWish } from './file-names.ts';
import { firstBytes } from './unpack.ts';

export interface Archive {
  /** In order of time as far as names tell it; where two have a bar the later file counts. */
  readonly files: readonly string[];
  /** Names of files in the folder that are not read. */
  readonly left: readonly string[];
  /** On the disk, together. */
  readonly bytes: number;
  /** What the names say. */
  readonly symbol: string | null;
  readonly interval: string | null;
}

const MOST_FILES = 20_000;
const DEEPEST = 8;
const CANDLE_FILE = /\.(?:zip|csv|csv\.gz|parquet)$/i;
/** Files that stand beside candles and never hold any. */
const OTHER_FILE = /^\.|\.(?:CHECKSUM|md|sha256|html?|pdf)$/i;

/** Lists the files to read and compares their checksums; throws SpecError when it is not clear which are meant. */
export async function listArchive(folder: string, wish: NamesWish): Promise<Archive> {
  const all = (await filesBelow(folder, folder, DEEPEST)).sort();
  const candles = all.filter((name) => CANDLE_FILE.test(name));
  if (candles.length === 0) throw specError(folder, 'no_candles', 'has no .zip, .csv, .csv.gz or .parquet file in it');
  const { names, left, symbol, interval } = chooseFiles(folder, candles, wish);
  const files = names.map((name) => join(folder, name));
  for (const file of files) await compareChecksum(file);
  const others = all.filter((name) => !CANDLE_FILE.test(name));
  return described(files, { left: [...left, ...others], symbol, interval });
}

async function described(
  files: readonly string[],
  names: Pick<Archive, 'left' | 'symbol' | 'interval'>,
): Promise<Archive> {
  let bytes = 0;
  for (const file of files) bytes += (await stat(file)).size;
  return { files, bytes, ...names };
}

/** Finds proper files only, as paths from the root: a link could lead anywhere. */
async function filesBelow(root: string, folder: string, depth: number): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth > 0) found.push(...(await filesBelow(root, path, depth - 1)));
    if (entry.isFile() && !OTHER_FILE.test(entry.name)) found.push(relative(root, path));
    if (found.length > MOST_FILES) throw specError(root, 'too_large', `has more than ${MOST_FILES} candle files`);
  }
  return found;
}

/** Refuses a file that is not the one whose sha256 `FILE.CHECKSUM` holds, before any of its rows is read. */
async function compareChecksum(file: string): Promise<void> {
  const stated = await firstBytes(`${file}.CHECKSUM`, 200).catch(() => new Uint8Array(0)); // mostly there is none
  const [, expected] = /^\s*([\da-f]{64})\b/i.exec(Buffer.from(stated).toString('latin1')) ?? [];
  if (expected === undefined) return;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
  if (hash.digest('hex') === expected.toLowerCase()) return;
  throw specError(file, 'bad_file', 'does not have the sha256 that its .CHECKSUM file tells: get it again');
}
