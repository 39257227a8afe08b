// The rows of a file that are no candles: counted, the first of them named. A few are accidents of a real feed, and the
// other rows go in without them; many mean that the file was misread.

import { SpecError, type Problem } from '@backtest-jobs/engine';

/** Rows that are counted, and the first of them in words. */
export interface Named {
  readonly count: number;
  readonly shown: readonly string[];
}

export interface Bad {
  add(file: string, message: string): void;
  /** Throws SpecError with the bad rows when they are more than accidents beside so many good ones. */
  requireFew(good: number, tolerant: boolean): void;
  named(): Named;
}

const SHOWN = 20;
/** One row of so many may be bad; one alone always may. */
const GOOD_FOR_EACH = 9;

export function openBad(origin: string): Bad {
  let count = 0;
  const shown: Problem[] = [];
  return {
    add(path, message) {
      count += 1;
      if (shown.length < SHOWN) shown.push({ path, code: 'bad_row', message });
    },
    requireFew(good, tolerant) {
      const few = count <= 1 || count * GOOD_FOR_EACH <= good;
      if (count === 0 || (good > count && few) || (tolerant && good > 0)) return;
      const more = { path: origin, code: 'bad_row', message: `and ${count - SHOWN} more bad rows` };
      throw new SpecError(count > SHOWN ? [...shown, more] : shown);
    },
    named: () => ({
      count,
      shown: shown.map(({ path, message }) => (path === origin || path === '' ? message : `${path}: ${message}`)),
    }),
  };
}
