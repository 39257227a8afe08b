// The store as a candle source. It reads only files that reach into the range, and may be read while somebody imports.
import { join } from 'node:path';
import { TIMEFRAMES, type Candles } from '@backtest-jobs/engine';
import { openDuck, readParquet, type Duck } from './duckdb.ts';
import { chooseSeries, sharedCandles, type CandleSource, type Wanted } from './source.ts';
import { listSeries, readManifest, seriesFolder, type Manifest } from './store.ts';

/** Nothing is opened, and nothing need exist, before the first read. */
export function parquetSource(folder: string): CandleSource {
  let duck: Promise<Duck> | null = null;
  return {
    async read(instrument, wanted) {
      const { interval } = chooseSeries(await listSeries(folder, instrument), instrument, wanted);
      duck ??= openDuck();
      const candles = await readSeries(await duck, seriesFolder(folder, instrument, interval), wanted);
      return { candles, baseMs: TIMEFRAMES[interval] };
    },
    coverage: () => listSeries(folder),
    async [Symbol.asyncDispose]() {
      (await duck)?.[Symbol.dispose]();
      duck = null;
    },
  };
}

/** Reads by the manifest; when an import replaced it meanwhile its files may be gone, and the new one is read. */
export async function readSeries(duck: Duck, series: string, range: Omit<Wanted, 'timeframe'>): Promise<Candles> {
  for (;;) {
    const manifest = await readManifest(series);
    try {
      return await readParts(duck, series, manifest, range);
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
  { start, end }: Omit<Wanted, 'timeframe'>,
): Promise<Candles> {
  const parts = (manifest?.parts ?? []).filter(({ first, last }) => first < end && last >= start);
  if (parts.length === 0) return sharedCandles(0);
  const files = parts.map(({ file }) => join(series, file));
  const candles = await readParquet(duck, files, start, end);
  requireAscending(candles.time);
  return candles;
}

/** The writer sorts; anything else is a file that somebody else put there. */
function requireAscending(times: Float64Array): void {
  for (let i = 1; i < times.length; i++) {
    if (!((times[i] ?? Number.NaN) > (times[i - 1] ?? Number.NaN))) {
      throw new Error(`bar ${i} of the stored candles does not come after the one before it`);
    }
  }
}
