// Prices adjusted for splits and dividends, as a file gives them beside the close: every price of a bar by the same factor.

import { specError } from '@backtest-jobs/engine/internal';
import { at } from '../at.ts';
import type { Row } from '../files/rows.ts';

const [OPEN, CLOSE] = [1, 4] as const;

/** Adjusts a row by its adjusted close; returns what is wrong, or null. */
export function adjustRow(row: Row, adjusted: number): string | null {
  if (!(adjusted > 0 && adjusted < Infinity)) return `the adjusted close must be a positive number, not ${adjusted}`;
  const factor = adjusted / at(row, CLOSE);
  for (let c = OPEN; c < CLOSE; c += 1) row[c] = at(row, c) * factor;
  row[CLOSE] = adjusted;
  return null;
}

export function noAdjusted(file: string) {
  return specError(file, 'missing_column', 'has no column Adj Close by which --adjust could adjust prices');
}
