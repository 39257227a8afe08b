// The store as a candle source. It reads only files that reach into the range, and may be read while somebody imports.

import { join } from 'node:path';
import { TIMEFRAMES, type Candles } from '@backtest-jobs/engine';
import { at } from './at.ts';
import { chooseCovered } from './choose-series.ts';
import { openDuck, readParquet, readTimeColumn, type Duck } from './duckdb.ts';
import { sharedCandles, type CandleSource, type Coverage, type Range } from './source.ts';
import { listSeries, readManifest, seriesFolder, type Manifest, type StoreFile } from './store.ts';

/**
 * Makes a source that opens nothing, and needs nothing to exist, before its first read; `ahead` loads the library now.
 */
export function parquetSource(folder: string, ahead = false): CandleSource {
  let duck: Promise<Duck> | null = ahead ? openDuck() : null;
  duck?.catch(() => {}); // the first read will tell
  return {
    async read(instrument, wanted) {
      duck ??= openDuck();
      const open = duck;
      const timesOf = async ({ interval }: Pick<Coverage, 'interval'>, range: Range): Promise<Float64Array> =>
        readTimes(await open, await seriesFolder(folder, instrument, interval), range);
      const stored = await listSeries(folder, instrument);
      const { series: chosen, counted } = await chooseCovered(stored, instrument, wanted, timesOf);
      const series = await seriesFolder(folder, instrument, chosen.interval);
      const candles = await readSeries(await open, series, wanted);
      return { candles, baseMs: TIMEFRAMES[chosen.interval], counted };
    },
    coverage: (instrument) => listSeries(folder, instrument),
    async times({ interval, ...instrument }) {
      const series = await seriesFolder(folder, instrument, interval);
      duck ??= openDuck();
      return readTimes(await duck, series);
    },
    async bars({ interval, ...instrument }, range) {
      const series = await seriesFolder(folder, instrument, interval);
      duck ??= openDuck();
      return readSeries(await duck, series, range);
    },
    async [Symbol.asyncDispose]() {
      (await duck)?.[Symbol.dispose]();
      duck = null;
    },
  };
}

const EVER: Range = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };

export function readSeries(duck: Duck, series: string, range: Range): Promise<Candles> {
  return byManifest(series, (manifest) => readParts(duck, series, manifest, range));
}

function readTimes(duck: Duck, series: string, range: Range = EVER): Promise<Float64Array> {
  return byManifest(series, async (manifest) => {
    const parts = partsIn(manifest, range);
    if (parts.length === 0) return new Float64Array(0);
    const times = await readTimeColumn(duck, filesOf(series, parts));
    requireAscending(times);
    return times;
  });
}

/** Reads once more when an import replaced the manifest meanwhile, because then its files may be gone. */
async function byManifest<T>(series: string, read: (manifest: Manifest | null) => Promise<T>): Promise<T> {
  for (;;) {
    const manifest = await readManifest(series);
    try {
      return await read(manifest);
    } catch (error) {
      const now = await readManifest(series);
      if (JSON.stringify(now) === JSON.stringify(manifest))
        throw new Error(`the candles in ${series} cannot be read`, { cause: error });
    }
  }
}

async function readParts(
  duck: Duck,
  series: string,
  manifest: Manifest | null,
  { start, end }: Range,
): Promise<Candles> {
  const parts = partsIn(manifest, { start, end });
  if (parts.length === 0) return sharedCandles(0);
  const [first, last] = [parts[0]?.first ?? 0, parts.at(-1)?.last ?? 0];
  const candles = await readParquet(duck, filesOf(series, parts), Math.max(start, first), Math.min(end, last + 1));
  requireAscending(candles.time);
  return candles;
}

/** Selects the files that reach into a range. */
function partsIn(manifest: Manifest | null, { start, end }: Range): readonly StoreFile[] {
  return (manifest?.parts ?? []).filter(({ first, last }) => first < end && last >= start);
}

function filesOf(series: string, parts: readonly StoreFile[]): readonly string[] {
  return parts.map(({ file }) => join(series, file));
}

/** Throws where bars are out of order: the writer sorts, so such a file is not ours. */
function requireAscending(times: Float64Array): void {
  for (let i = 1; i < times.length; i += 1) {
    if (!(at(times, i) > at(times, i - 1))) {
      throw new Error(`bar ${i} of the stored candles does not come after the one before it`);
    }
  }
}
