// Candles of a series as a file for others: CSV, plain or gzip, or Parquet. Importing it gives the same numbers, bit for bit.

import { createWriteStream } from 'node:fs';
import { constants, copyFile, link, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { TIMEFRAMES, type Candles } from '@backtest-jobs/engine';
import { COLUMNS, specError } from '@backtest-jobs/engine/internal';
import { messageOf } from '../message.ts';
import { at } from './at.ts';
import { openDuck, writeParquet } from './duckdb.ts';
import type { CandleSource, Coverage, Range } from './source.ts';

export interface Export {
  readonly source: CandleSource;
  readonly series: Coverage;
  readonly range: Range;
  /** Its ending says which format: .csv, .csv.gz or .parquet. */
  readonly file: string;
  readonly signal?: AbortSignal;
}

/** Bars that are in memory at once: 10 MB. */
const PART_BARS = 200_000;

/**
 * Writes the file, whole or not at all, and returns how many candles it has.
 * @throws {SpecError} for a file that is there already, another ending, or a range without candles
 */
export async function exportCandles(options: Export): Promise<number> {
  const { file, signal } = options;
  const format = /\.(csv|csv\.gz|parquet)$/i.exec(file)?.[1]?.toLowerCase();
  if (format === undefined) throw specError(file, 'invalid_value', 'must end with .csv, .csv.gz or .parquet');
  await requireNew(file);
  const written = { rows: 0 };
  const parts = partsOf(options, written);
  const unfinished = `${file}.${process.pid}.unfinished`;
  try {
    if (format === 'parquet') {
      using duck = await openDuck();
      await writeParquet(duck, unfinished, parts);
    } else {
      const lines = Readable.from(linesOf(parts));
      const to = createWriteStream(unfinished, { flags: 'wx' });
      const stopping = signal === undefined ? {} : { signal };
      if (format === 'csv') await pipeline(lines, to, stopping);
      else await pipeline(lines, createGzip(), to, stopping);
    }
    if (written.rows === 0) throw specError('time_range', 'no_candles', noneIn(options));
    // Unlike a rename neither replaces a file that somebody has made meanwhile; some disks know no second names.
    await link(unfinished, file).catch(() => copyFile(unfinished, file, constants.COPYFILE_EXCL));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw isThere(file);
    throw error;
  } finally {
    await rm(unfinished, { force: true });
  }
  return written.rows;
}

async function requireNew(file: string): Promise<void> {
  const found = await stat(file).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw specError(file, 'no_file', `cannot be written: ${messageOf(error)}`);
  });
  if (found !== null) throw isThere(file);
}

function isThere(file: string) {
  return specError(
    file,
    'already_there',
    'is there already, and an export never overwrites: remove it, or choose another name',
  );
}

function noneIn({ series: { market_id, symbol, interval, start, end }, range }: Export): string {
  const [from, to] = [range.start, range.end].map((time) =>
    Number.isFinite(time) ? new Date(time).toISOString() : 'ever',
  );
  return `there are ${interval} candles of ${market_id}:${symbol} from ${start} to ${end}, and none from ${from} to ${to}`;
}

async function* partsOf({ source, series, range, signal }: Export, written: { rows: number }): AsyncGenerator<Candles> {
  const step = PART_BARS * TIMEFRAMES[series.interval];
  const [start, end] = [Math.max(range.start, Date.parse(series.start)), Math.min(range.end, Date.parse(series.end))];
  for (let from = start; from < end; from += step) {
    signal?.throwIfAborted();
    const candles = await source.bars(series, { start: from, end: Math.min(from + step, end) }, signal);
    written.rows += candles.time.length;
    yield candles;
  }
}

/** A number is written with as many digits as tell it from every other. */
async function* linesOf(parts: AsyncIterable<Candles>): AsyncGenerator<string> {
  yield `${COLUMNS.join(',')}\n`;
  for await (const candles of parts) {
    const columns = COLUMNS.slice(1).map((name) => candles[name]);
    let text = '';
    for (const [bar, time] of candles.time.entries()) {
      text += new Date(time).toISOString().replace('.000Z', 'Z');
      for (const column of columns) text += `,${at(column, bar)}`;
      text += '\n';
    }
    yield text;
  }
}
