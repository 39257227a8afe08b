// Candles leave the store, those of a range or the whole series, all of them or nothing.

import { join } from 'node:path';
import type { Timeframe } from '@backtest-jobs/engine';
import { changeSeries, rowsOf, writeStorePart } from './change-series.ts';
import { openDuck, readParquet, type Duck } from './duckdb.ts';
import { merge } from './merge.ts';
import { between, type Instrument, type Range } from './source.ts';
import { readManifest, seriesFolder, type Manifest, type StoreFile } from './store.ts';

export interface Removal extends Instrument {
  /** Folder of the store. */
  readonly folder: string;
  readonly interval: Timeframe;
  readonly range: Range;
  /** True: count, change nothing. */
  readonly dryRun: boolean;
}

export interface Removed {
  readonly removed: number;
  /** Candles that the series still has. */
  readonly left: number;
}

/** Removes the candles that open in a range. */
export async function removeCandles({ folder, interval, range, dryRun, ...instrument }: Removal): Promise<Removed> {
  const series = await seriesFolder(folder, instrument, interval);
  if (dryRun) {
    using duck = await openDuck();
    return await countRemoved(duck, series, await readManifest(series), range);
  }
  return changeSeries(series, async (duck, before) => {
    if (before === null) return { manifest: null, result: { removed: 0, left: 0 } };
    const parts: StoreFile[] = [];
    for (const part of before.parts) parts.push(...(await without(duck, series, part, range)));
    const manifest = { ...before, parts };
    const left = rowsOf(manifest);
    const removed = rowsOf(before) - left;
    return { manifest: removed === 0 ? before : manifest, result: { removed, left } };
  });
}

/** Returns what is left of a file: itself, another one, or nothing. */
async function without(duck: Duck, series: string, part: StoreFile, range: Range): Promise<readonly StoreFile[]> {
  if (part.last < range.start || part.first >= range.end) return [part];
  if (part.first >= range.start && part.last < range.end) return [];
  const candles = await readParquet(duck, [join(series, part.file)], part.first, part.last + 1);
  const [earlier, later] = [between(candles, -Infinity, range.start), between(candles, range.end, Infinity)];
  const kept = merge(earlier, later).candles;
  if (kept.time.length === candles.time.length) return [part];
  return kept.time.length === 0 ? [] : [await writeStorePart(duck, series, part.period, kept)];
}

async function countRemoved(duck: Duck, series: string, manifest: Manifest | null, range: Range): Promise<Removed> {
  let removed = 0;
  for (const { file, first, last, rows } of manifest?.parts ?? []) {
    if (last < range.start || first >= range.end) continue;
    const whole = first >= range.start && last < range.end;
    const [start, end] = [Math.max(first, range.start), Math.min(last + 1, range.end)];
    removed += whole ? rows : (await readParquet(duck, [join(series, file)], start, end)).time.length;
  }
  return { removed, left: rowsOf(manifest) - removed };
}
