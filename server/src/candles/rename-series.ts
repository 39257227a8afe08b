// A series gets another symbol or market. Its files are linked into the new place, and the manifest that names them there
// makes the series appear; then the old manifest goes. Killed between the two, the series stands in both places, and the
// same command ends the work.

import { copyFile, link } from 'node:fs/promises';
import { join } from 'node:path';
import type { Timeframe } from '@backtest-jobs/engine';
import { specError } from '@backtest-jobs/engine/internal';
import { lockFile } from '../lock.ts';
import { requireMarket, requireSymbol, type Instrument } from './source.ts';
import {
  lockOf,
  makeFolder,
  readManifest,
  removeManifest,
  replaceManifest,
  seriesFolder,
  sweep,
  sync,
  type Manifest,
} from './store.ts';

export interface Renaming {
  /** Folder of the store. */
  readonly folder: string;
  readonly interval: Timeframe;
  readonly from: Instrument;
  readonly to: Instrument;
  /** True: judge, change nothing. */
  readonly dryRun: boolean;
}

/**
 * Renames a series.
 * @throws {SpecError} when there is none, or the new name has candles already
 */
export async function renameSeries({ folder, interval, from, to, dryRun }: Renaming): Promise<void> {
  requireMarket(to.market_id);
  const renamed = { market_id: to.market_id, symbol: requireSymbol(to.symbol) };
  const old = await seriesFolder(folder, from, interval);
  const place = await seriesFolder(folder, renamed, interval);
  if (old === place) throw specError('symbol', 'invalid_value', `${nameOf(from)} is the name that the candles have`);
  if (dryRun) return void (await requireFree({ old, place, to: renamed, interval }));
  await makeFolder(old);
  await makeFolder(place);
  // In one order, so that two who rename towards each other do not wait for each other.
  const [first = old, second = place] = [old, place].sort();
  using _first = await lockFile(lockOf(first));
  using _second = await lockFile(lockOf(second));
  const manifest = await requireFree({ old, place, to: renamed, interval });
  await sweep(place, await readManifest(place));
  for (const { file } of manifest.parts) await linked(join(old, file), join(place, file));
  await replaceManifest(place, { ...manifest, ...renamed });
  await removeManifest(old);
  await sweep(old, null);
}

interface Places {
  readonly old: string;
  readonly place: string;
  readonly to: Instrument;
  readonly interval: Timeframe;
}

/** Returns the manifest of the series; throws when nobody has imported it or when the new name is taken. */
async function requireFree({ old, place, to, interval }: Places): Promise<Manifest> {
  const [manifest, taken] = [await readManifest(old), await readManifest(place)];
  if (manifest === null || manifest.parts.length === 0)
    throw specError(
      'symbol',
      'unknown_instrument',
      `there are no ${interval} candles of that name; candles list shows what there is`,
    );
  const same = JSON.stringify(taken?.parts) === JSON.stringify(manifest.parts); // a renaming that was killed
  if (taken === null || taken.parts.length === 0 || same) return manifest;
  const message = `${nameOf(to)} has ${interval} candles already, and a renaming never joins or overwrites: delete those first, or choose another name`;
  throw specError('symbol', 'already_there', message);
}

/** Gives a file a second name, or a copy where the disk knows no second names. */
async function linked(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
    await copyFile(from, to);
    await sync(to);
  }
}

function nameOf({ market_id, symbol }: Instrument): string {
  return `${market_id}:${symbol}`;
}
