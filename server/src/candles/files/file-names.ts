// What the names of candle files say: symbol, interval and date in those of an archive, else the words that are left.
// Files that say different things are not one series, so one of them must be chosen; nothing is ever joined by chance.

import { basename, dirname } from 'node:path';
import { specError } from '@backtest-jobs/engine/internal';
import { isInterval } from '../source.ts';

export interface NamesWish {
  readonly symbol?: string | undefined;
  readonly interval?: string | undefined;
}

export interface Chosen {
  /** Names to read, in order of time as far as they tell it. */
  readonly names: readonly string[];
  /** Names of candle files that are not read, and why. */
  readonly left: readonly string[];
  /** What the names say, if they are those of an archive. */
  readonly symbol: string | null;
  readonly interval: string | null;
}

interface Named {
  readonly name: string;
  readonly symbol: string;
  readonly interval: string;
  /** Empty outside of archives. */
  readonly date: string;
  /** Words of the folders that are neither symbol, interval, date nor a word that archives use. */
  readonly place: string;
}

/** A month may have one digit, and a browser adds (1) to a second download. */
const ARCHIVE_NAME =
  /^(.+)-(\d+[a-z]+)-(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?: ?\((\d+)\))?\.(?:zip|csv|csv\.gz|parquet)$/i;
const EXTENSION = /\.(?:csv\.gz|zip|csv|parquet|txt)$/i;
const INTERVAL = /^\d+[a-z]$/i;
const NEUTRAL =
  /^(?:\d+|monthly|daily|klines|data|candles|ohlcv|ohlc|year|month|day|part|copy|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)$/i;

/**
 * Chooses the files of one series.
 * @param origin folder or archive, for messages
 * @param names of candle files, relative to the origin
 * @throws {SpecError} when they are of more than one symbol, market or interval and the wish does not say which, or when
 *   they contradict the wish
 */
export function chooseFiles(origin: string, names: readonly string[], wish: NamesWish): Chosen {
  const named = names.map(nameParts);
  const archive = named.filter(({ date }) => date !== '');
  const isArchive = archive.length > 0;
  const candidates = isArchive ? archive : named;
  const symbol = only(origin, 'symbol', candidates, { wanted: wish.symbol, strict: isArchive });
  const ofSymbol = candidates.filter((one) => symbol === null || one.symbol === symbol);
  const interval = only(origin, 'interval', ofSymbol, { wanted: wish.interval, strict: isArchive });
  const series = ofSymbol.filter((one) => interval === null || one.interval === interval);
  requireOnePlace(origin, series);
  series.sort((a, b) => (a.date === b.date ? 0 : a.date < b.date ? -1 : 1));
  const read = new Set(series.map(({ name }) => name));
  const left = names.filter((name) => !read.has(name));
  return { names: [...read], left, symbol: isArchive ? symbol : null, interval: isArchive ? interval : null };
}

/** Reads a name in composed form, because file systems of macOS take names apart. */
function nameParts(name: string): Named {
  const base = basename(name).normalize('NFC');
  const [, symbol = '', interval = '', year = '', month = '', day = '', copy = ''] = ARCHIVE_NAME.exec(base) ?? [];
  if (isInterval(interval)) {
    const date = `${year}-${month.padStart(2, '0')}${day === '' ? '' : `-${day.padStart(2, '0')}`}`;
    return { name, symbol, interval, date: copy === '' ? date : `${date} ${copy}`, place: placeOf(name, symbol) };
  }
  const words = base
    .replace(EXTENSION, '')
    .split(/[-_. ()]+/)
    .filter(Boolean);
  const found = words.find((word) => INTERVAL.test(word)) ?? '';
  const rest = words.filter((word) => !INTERVAL.test(word) && !isNeutral(word));
  return { name, symbol: rest.join('-'), interval: found.toLowerCase(), date: '', place: placeOf(name, '') };
}

function isNeutral(word: string): boolean {
  return NEUTRAL.test(word.replace(/(?<!\d)\d+$/, '')) || NEUTRAL.test(word);
}

function placeOf(name: string, symbol: string): string {
  const folders = dirname(name).normalize('NFC').split(/[\\/]/);
  return folders
    .filter((folder) => folder !== '.' && folder !== symbol && !INTERVAL.test(folder))
    .filter((folder) => !folder.split(/[-_. ]+/).every(isNeutral))
    .join('/');
}

interface Only {
  readonly wanted: string | undefined;
  /** True: names must say what is wanted; else they may say nothing of it. */
  readonly strict: boolean;
}

/** Returns the one that was wanted, or the only one there is; null: all names say the same or nothing. */
function only(origin: string, what: 'symbol' | 'interval', named: readonly Named[], { wanted, strict }: Only) {
  const there = [...new Set(named.map((one) => one[what]))].sort();
  const listed =
    there
      .map((one) => one || 'no name')
      .slice(0, 20)
      .join(', ') + (there.length > 20 ? ', ...' : '');
  const [first = ''] = there;
  if (wanted !== undefined && (strict || there.length > 1)) {
    const found = there.find((one) => one === wanted) ?? there.find((one) => plain(one) === plain(wanted));
    if (found !== undefined) return found;
    throw specError(origin, 'no_candles', `has no files of the ${what} ${wanted}, only of ${listed}`);
  }
  if (there.length <= 1) return strict ? first : null;
  const way = strict ? '' : ', or import them one by one: an import joins what is there';
  throw specError(
    origin,
    'ambiguous_files',
    `has files of more than one ${what}: give --${what}, one of ${listed}${way}`,
  );
}

/** Drops the signs of a name and its contract: the archive writes BTCUSDT for BTC/USDT and for BTC/USDT:USDT. */
export function plain(name: string): string {
  return name
    .replace(/:.*$/, '')
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '')
    .toUpperCase();
}

/** Refuses folders that differ in more than dates: spot and futures files have the same names. */
function requireOnePlace(origin: string, named: readonly Named[]): void {
  const places = [...new Set(named.map(({ place }) => place).filter(Boolean))].sort();
  if (places.length > 1) {
    throw specError(
      origin,
      'ambiguous_files',
      `has files of more than one market: import one of ${places.slice(0, 20).join(', ')}`,
    );
  }
  const seen = new Map<string, string>();
  for (const { name, date } of named) {
    const other = date === '' ? undefined : seen.get(basename(name));
    if (other !== undefined) {
      throw specError(origin, 'ambiguous_files', `${name} has the name of ${other}: import the folder of one market`);
    }
    seen.set(basename(name), name);
  }
}
