// The candle store on disk: one folder per market, symbol and base interval, in it a Parquet file for each month (each
// year from 1h upward) and a manifest that says which files count. A file is never changed: an import writes new ones
// and then replaces the manifest by a rename. That rename is the import; before it nothing has happened, after it all
// has.

import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { TIMEFRAMES, type Timeframe } from '@backtest-jobs/engine';
import { sha256 } from '@backtest-jobs/engine/internal';
import { prepareFolder } from '../config/prepare-folder.ts';
import { messageOf } from '../message.ts';
import {
  bySeries,
  CandlesUnreachable,
  isInterval,
  requireMarket,
  requireSymbol,
  type Coverage,
  type Instrument,
} from './source.ts';

/** One file of a series. */
export interface StoreFile {
  /** Period that it holds: 2024-01, or 2024. */
  readonly period: string;
  readonly file: string;
  readonly rows: number;
  /** Opens of the first and the last bar, epoch milliseconds. */
  readonly first: number;
  readonly last: number;
}

export interface Manifest extends Instrument {
  readonly version: 1;
  readonly interval: Timeframe;
  /** Files in order of time. */
  readonly parts: readonly StoreFile[];
}

const MANIFEST = 'manifest.json';
const LOCK = 'lock';

/**
 * Returns where a series lives, or will: in the folder whose manifest names its symbol, else in the first that none
 * owns. Former releases chose other names, and a disk may show the folder of another symbol that differs only by case.
 * @throws {SpecError} for a market or symbol that is none
 */
export async function seriesFolder(
  folder: string,
  { market_id, symbol }: Instrument,
  interval: Timeframe,
): Promise<string> {
  requireMarket(market_id);
  let free: string | null = null;
  for (const name of symbolFolders(symbol)) {
    const place = join(folder, String(market_id), name, interval);
    const manifest = await readManifest(place);
    if (manifest?.symbol === requireSymbol(symbol)) return place;
    if (manifest === null) free ??= place;
  }
  if (free === null) throw new Error(`no folder below ${join(folder, String(market_id))} is free for ${symbol}`);
  return free;
}

/** Bytes: what a symbol of 40 signs gave, when those were the most. File systems take 255, encrypted ones 143. */
const LONGEST_NAME = 120;
/** Names that Windows keeps for devices. */
const DEVICE = /^(?:CON|PRN|AUX|NUL|COM\d|LPT\d)$/;

/**
 * Returns the names that the folder of a symbol may have, the one for new folders first. One is the symbol with %XX for
 * all but letters of ASCII, digits, - and _; the other begins like it and ends with a hash. New folders get the hash
 * where the first name is too long, is that of a device, or could be that of another symbol in other case.
 * @throws {SpecError} for what is no symbol
 */
export function symbolFolders(text: string): readonly string[] {
  const symbol = requireSymbol(text);
  const escaped = encodeURIComponent(symbol).replace(
    /[.!~*'()]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const [beginning = ''] = /^(?:%..|[^%]){0,24}/.exec(escaped) ?? [];
  const hashed = `${beginning}@${sha256(symbol).slice(0, 16)}`;
  if (escaped.length > LONGEST_NAME) return [hashed];
  return /[a-z]/.test(escaped) || DEVICE.test(escaped) ? [hashed, escaped] : [escaped, hashed];
}

export function lockOf(series: string): string {
  return join(series, LOCK);
}

/** Reads which files a series has; null when nothing was imported yet. */
export async function readManifest(series: string): Promise<Manifest | null> {
  const file = join(series, MANIFEST);
  try {
    const manifest: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!isManifest(manifest)) throw new Error('it is not a manifest of this release');
    return manifest;
  } catch (error) {
    if (isMissing(error)) return null;
    throwIfAway(error);
    throw new Error(`${file} cannot be used: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Completes an import: readers see the old series until the rename and the new one from then on. */
export async function replaceManifest(series: string, manifest: Manifest): Promise<void> {
  const temporary = join(series, `${MANIFEST}.${randomBytes(4).toString('hex')}.tmp`);
  {
    await using file = await open(temporary, 'w');
    await file.writeFile(`${JSON.stringify(manifest, null, 1)}\n`);
    await file.sync();
  }
  await rename(temporary, join(series, MANIFEST));
  await sync(series);
}

/** Ends a series: readers see it until its manifest is gone. */
export async function removeManifest(series: string): Promise<void> {
  await rm(join(series, MANIFEST), { force: true });
  await sync(series);
}

/** Makes a name for the next version of a part; the old one stays untouched beside it. */
export function newPartFile(period: string): string {
  return `${period}.${randomBytes(4).toString('hex')}.parquet`;
}

/** Returns the period that a bar belongs to: a month of minutes is 44,640 bars, a year of hours 8,760. */
export function periodOf(
  time: number,
  interval: Timeframe,
): { readonly period: string; readonly start: number; readonly end: number } {
  const date = new Date(time);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (TIMEFRAMES[interval] >= TIMEFRAMES['1h']) {
    return { period: date.toISOString().slice(0, 4), start: Date.UTC(year), end: Date.UTC(year + 1) };
  }
  return { period: date.toISOString().slice(0, 7), start: Date.UTC(year, month), end: Date.UTC(year, month + 1) };
}

/** Removes what no manifest names: files an import replaced, or left behind when it was killed. Only under the lock. */
export async function sweep(series: string, manifest: Manifest | null): Promise<void> {
  const kept = new Set([MANIFEST, LOCK, ...(manifest?.parts.map(({ file }) => file) ?? [])]);
  for (const name of await readdir(series)) {
    if (!kept.has(name) && !name.startsWith(`${LOCK}-`)) await rm(join(series, name), { force: true });
  }
}

export async function makeFolder(series: string): Promise<void> {
  prepareFolder(resolve(series), 'the candle store');
}

/** Makes sure that a file, or the names in a folder, survive a power cut. */
export async function sync(path: string): Promise<void> {
  await using handle = await open(path);
  await handle.sync();
}

/** Lists every series of the store, or of one instrument. */
export async function listSeries(folder: string, instrument?: Instrument): Promise<readonly Coverage[]> {
  const symbol = instrument && requireSymbol(instrument.symbol);
  const found: Coverage[] = [];
  for await (const series of seriesFolders(folder, instrument)) {
    const manifest = await readManifest(series);
    if (manifest === null || manifest.parts.length === 0) continue;
    if (symbol === undefined || symbol === manifest.symbol) found.push(coverageOf(manifest));
  }
  return found.sort(bySeries);
}

async function* seriesFolders(folder: string, instrument?: Instrument): AsyncGenerator<string> {
  const markets = instrument ? [String(instrument.market_id)] : await names(folder);
  for (const market of markets) {
    const symbols = instrument ? symbolFolders(instrument.symbol) : await names(join(folder, market));
    for (const symbol of symbols) {
      const place = join(folder, market, symbol);
      for (const interval of (await names(place)).filter(isInterval)) yield join(place, interval);
    }
  }
}

function coverageOf({ market_id, symbol, interval, parts }: Manifest): Coverage {
  return {
    market_id,
    symbol,
    interval,
    start: new Date(parts[0]?.first ?? 0).toISOString(),
    end: new Date((parts.at(-1)?.last ?? 0) + TIMEFRAMES[interval]).toISOString(),
    rows: parts.reduce((rows, part) => rows + part.rows, 0),
  };
}

/** Lists the folders in a folder; none when it does not exist. */
async function names(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (isMissing(error)) return [];
    throwIfAway(error);
    throw error;
  }
}

function isManifest(value: unknown): value is Manifest {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 1 && 'parts' in value;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

// Errors of a disk that fails or of a network folder that is gone; asking later may help.
const AWAY = /^(EIO|ENXIO|ENODEV|ESTALE|ENOTCONN|ETIMEDOUT|EHOSTDOWN|EHOSTUNREACH|EREMOTEIO)$/;

function throwIfAway(error: unknown): void {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && AWAY.test(error.code))
    throw new CandlesUnreachable(error.message, { cause: error });
}
