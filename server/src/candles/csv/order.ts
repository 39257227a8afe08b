// Whether the columns of a file without a header are in the order that was guessed: open, high, low, close. Of all orders
// only the one with open and close exchanged has the highest and the lowest price in the same places, and a bar opens
// nearer to the close before it than it closes to the open before it.

import { specError } from '@backtest-jobs/engine/internal';
import { at } from '../at.ts';
import type { Row } from '../files/rows.ts';

export interface Order {
  /** Takes a row; throws SpecError when it contradicts the order. */
  take(line: number, row: Row): void;
  /** Throws SpecError when the rows do not show the order. */
  finish(): void;
}

const [TIME, OPEN, HIGH, LOW, CLOSE, VOLUME] = [0, 1, 2, 3, 4, 5] as const;
/** Rows from which on their steps mean something. */
const ENOUGH = 3;

export function openOrder(file: string): Order {
  const before = new Float64Array(6);
  let [rows, asGuessed, exchanged, volumesAmongPrices] = [0, 0, 0, 0];
  let differ = false;
  return {
    take(line, row) {
      const [open, high, low, close] = [at(row, OPEN), at(row, HIGH), at(row, LOW), at(row, CLOSE)];
      if (!(open > 0 && high > 0 && low > 0 && close > 0)) return; // no bar, whatever the order
      const outside = [open, close].some((price) => price > high || price < low);
      if (outside)
        throw unclear(
          file,
          `line ${line} has ${open}, ${high}, ${low}, ${close}, with open or close outside of low to high`,
        );
      if (rows > 0) {
        const later = at(row, TIME) >= at(before, TIME);
        const [first, second] = later ? [before, row] : [row, before];
        asGuessed += Math.abs(at(second, OPEN) - at(first, CLOSE));
        exchanged += Math.abs(at(second, CLOSE) - at(first, OPEN));
      }
      differ ||= open !== close;
      const volume = at(row, VOLUME);
      if (volume >= low && volume <= high && high > low) volumesAmongPrices += 1;
      for (let c = 0; c < before.length; c += 1) before[c] = at(row, c);
      rows += 1;
    },
    finish() {
      if (rows < ENOUGH) return;
      if (differ && exchanged <= asGuessed) throw unclear(file, 'nothing tells its open from its close');
      if (volumesAmongPrices === rows)
        throw unclear(file, 'its volume lies between low and high in every row, as a price does');
    },
  };
}

function unclear(file: string, reason: string) {
  return specError(
    file,
    'ambiguous_column',
    `has no header, so its columns were taken for time, open, high, low, close, volume, but ${reason}: ` +
      'say their numbers, like --open-column 2 --high-column 3 --low-column 4 --close-column 5 --volume-column 6',
  );
}
