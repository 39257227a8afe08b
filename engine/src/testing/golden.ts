// Numbers from outside: the files of `engine/golden`, whose NOTICE says where they come from. A missing file is an error.

import { readFileSync } from 'node:fs';
import type { Candles } from '../bars/candles.ts';

export interface GoldenResults {
  readonly params: readonly number[];
  readonly bars: number;
  /** null: not defined on this bar. */
  readonly outputs: Readonly<Record<string, readonly (number | null)[]>>;
}

export function goldenResults(file: string): GoldenResults {
  const results: GoldenResults = JSON.parse(readGolden(file));
  return results;
}

/** The daily bars all golden results were computed on. */
export function goldenQuotes(): Candles {
  const rows = readGolden('quotes.csv')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  const column = (index: number): Float64Array => Float64Array.from(rows, (row) => Number(row[index]));
  return {
    time: Float64Array.from(rows, ([date]) => Date.parse(date)),
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
    volume: column(5),
  };
}

function readGolden(file: string): string {
  return readFileSync(new URL(`../../golden/${file}`, import.meta.url), 'utf8');
}
