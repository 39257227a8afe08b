// The sample candles: daily bars of the S&P 500 from 2000 to 2020, which npm has as a part of vega-datasets (BSD-3).

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { importCandles } from '../candles/import.ts';
import { listSeries } from '../candles/store.ts';

/** Market 5 keeps exchange sessions; the symbol is the one that data vendors use for the index. */
const SAMPLE = { market_id: 5, symbol: '^GSPC', interval: '1d' } as const;

export const SAMPLE_FILE = join(
  dirname(createRequire(import.meta.url).resolve('vega-datasets')),
  '../data/sp500-2000.csv',
);

/** Puts the sample into the store unless it is there; answers with a line about it. */
export async function importSample(folder: string): Promise<string> {
  const there = await describeSample(folder);
  if (there !== null) return `${there}, there already`;
  await importCandles({ ...SAMPLE, file: SAMPLE_FILE, folder, calendar: 'session' });
  return `${await describeSample(folder)}, imported`;
}

async function describeSample(folder: string): Promise<string | null> {
  const stored = await listSeries(folder, SAMPLE);
  const series = stored.find(({ interval }) => interval === SAMPLE.interval);
  if (series === undefined) return null;
  const { rows, start, end, symbol } = series;
  return `${rows.toLocaleString('en-US')} days of the S&P 500 (${symbol}), ${start.slice(0, 10)} to ${end.slice(0, 10)}`;
}
