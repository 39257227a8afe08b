// A change of a stored series: under its lock, by files that are written first and a manifest that then replaces the old
// one. Until that moment nothing has happened, and whatever fails leaves the series as it was.

import { join } from 'node:path';
import type { Candles } from '@backtest-jobs/engine';
import { lockFile } from '../lock.ts';
import { at } from './at.ts';
import { openDuck, writeParquet, type Duck } from './duckdb.ts';
import {
  lockOf,
  makeFolder,
  newPartFile,
  readManifest,
  removeManifest,
  replaceManifest,
  sweep,
  sync,
  type Manifest,
  type StoreFile,
} from './store.ts';

export interface Change<T> {
  /** The series as it will be; without files it is gone. The one that was given: nothing changes. */
  readonly manifest: Manifest | null;
  readonly result: T;
}

/** Changes the series in a folder, and returns the result of `change`. */
export async function changeSeries<T>(
  series: string,
  change: (duck: Duck, before: Manifest | null) => Promise<Change<T>>,
): Promise<T> {
  await makeFolder(series);
  using _lock = await lockFile(lockOf(series));
  using duck = await openDuck();
  const before = await readManifest(series);
  await sweep(series, before);
  try {
    const { manifest, result } = await change(duck, before);
    if (manifest === before) return result;
    const isGone = manifest === null || manifest.parts.length === 0;
    await (isGone ? removeManifest(series) : replaceManifest(series, manifest));
    await sweep(series, isGone ? null : manifest);
    return result;
  } catch (error) {
    // A disk that was too small would stay full. What counts is the manifest that is there, whatever failed.
    const left = readManifest(series).then((manifest) => sweep(series, manifest));
    await left.catch(() => {});
    throw error;
  }
}

/** Writes a new file for a period; no manifest names it yet. */
export async function writeStorePart(duck: Duck, series: string, period: string, candles: Candles): Promise<StoreFile> {
  const file = newPartFile(period);
  await writeParquet(duck, join(series, file), [candles]);
  await sync(join(series, file));
  const { time } = candles;
  return { period, file, rows: time.length, first: at(time, 0), last: at(time, time.length - 1) };
}

export function rowsOf(manifest: Manifest | null): number {
  return manifest?.parts.reduce((rows, part) => rows + part.rows, 0) ?? 0;
}
