// A folder of candle files as one series. The public archives of Binance are such folders: BTCUSDT-1m-2024-01.zip a
// month, BTCUSDT-1m-2024-01-31.zip a day, beside each a .CHECKSUM, in folders by market, symbol and interval. Their
// names say symbol and interval; any other files count as one series in order of name.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { specError } from '@backtest-jobs/engine/internal';
import { isInterval } from './source.ts';
import { firstBytes } from './unpack.ts';

export interface Archive {
  /** In order of time as far as names tell it; where two have a bar the later file counts. */
  readonly files: readonly string[];
  /** On the disk, together. */
  readonly bytes: number;
  /** What the names say. */
  readonly symbol: string | null;
  readonly interval: string | null;
}

export interface ArchiveWish {
  readonly symbol?: string | undefined;
  readonly interval?: string | undefined;
}

interface Named {
  readonly path: string;
  readonly symbol: string;
  readonly interval: string;
  readonly date: string;
}

const MOST_FILES = 20_000;
const DEEPEST = 8;
const CANDLE_FILE = /\.(?:zip|csv|csv\.gz|parquet)$/i;
const ARCHIVE_NAME = /^(.+)-(\d+[a-z]+)-(\d{4}-\d{2}(?:-\d{2})?)\.(?:zip|csv|csv\.gz)$/i;

/** Lists the files to read and compares their checksums; throws SpecError when it is not clear which are meant. */
export async function listArchive(folder: string, wish: ArchiveWish): Promise<Archive> {
  const paths = (await filesBelow(folder, folder, DEEPEST)).sort();
  if (paths.length === 0) throw specError(folder, 'no_candles', 'has no .zip, .csv, .csv.gz or .parquet file in it');
  const named = paths.flatMap(namedFile);
  if (named.length === 0) return described(paths, { symbol: null, interval: null });
  const symbol = only(folder, 'symbol', valuesOf(named, 'symbol'), wish.symbol);
  const ofSymbol = named.filter((one) => one.symbol === symbol);
  const interval = only(folder, 'interval', valuesOf(ofSymbol, 'interval'), wish.interval);
  const series = ofSymbol.filter((one) => one.interval === interval);
  series.sort((a, b) => (a.date === b.date ? 0 : a.date < b.date ? -1 : 1));
  const files = series.map(({ path }) => path);
  requireOneMarket(files);
  for (const file of files) await compareChecksum(file);
  return described(files, { symbol, interval });
}

async function described(
  files: readonly string[],
  names: { readonly symbol: string | null; readonly interval: string | null },
): Promise<Archive> {
  let bytes = 0;
  for (const file of files) bytes += (await stat(file)).size;
  return { files, bytes, ...names };
}

/** Finds proper files only: a link could lead anywhere. */
async function filesBelow(root: string, folder: string, depth: number): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth > 0) found.push(...(await filesBelow(root, path, depth - 1)));
    if (entry.isFile() && CANDLE_FILE.test(entry.name)) found.push(path);
    if (found.length > MOST_FILES) throw specError(root, 'too_large', `has more than ${MOST_FILES} candle files`);
  }
  return found;
}

/** Reads a name in composed form, because file systems of macOS take names apart. */
function namedFile(path: string): Named[] {
  const [, symbol = '', interval = '', date = ''] = ARCHIVE_NAME.exec(basename(path).normalize('NFC')) ?? [];
  return isInterval(interval) ? [{ path, symbol, interval, date }] : [];
}

function valuesOf(named: readonly Named[], key: 'symbol' | 'interval'): readonly string[] {
  return [...new Set(named.map((one) => one[key]))].sort();
}

/** Returns the one that was wanted, or the only one there is. */
function only(folder: string, what: string, there: readonly string[], wanted: string | undefined): string {
  const listed = there.slice(0, 20).join(', ') + (there.length > 20 ? ', ...' : '');
  if (wanted !== undefined) {
    const found = there.find((one) => one === wanted) ?? there.find((one) => plain(one) === plain(wanted));
    if (found !== undefined) return found;
    throw specError(folder, 'no_candles', `has no files of the ${what} ${wanted}, only of ${listed}`);
  }
  if (there.length === 1 && there[0] !== undefined) return there[0];
  throw specError(folder, 'ambiguous_files', `has files of more than one ${what}: give --${what}, one of ${listed}`);
}

/** Drops the signs of a name: the archive writes BTCUSDT for BTC/USDT. */
function plain(name: string): string {
  return name.replace(/[^\p{L}\p{M}\p{N}]/gu, '').toUpperCase();
}

/**
 * Refuses two files of one name: spot and futures files have the same names, and mixed they would be a series of
 * neither.
 */
function requireOneMarket(files: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const file of files) {
    const other = seen.get(basename(file));
    if (other !== undefined) {
      throw specError(file, 'ambiguous_files', `has the name of ${other}: import the folder of one market`);
    }
    seen.set(basename(file), file);
  }
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
