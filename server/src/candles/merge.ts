// Two series of one instrument as one. The newer one wins where both have a bar.

import type { Candles } from '@backtest-jobs/engine';
import { COLUMNS, sliceCandles } from '@backtest-jobs/engine/internal';
import { sharedCandles } from './source.ts';

export interface Merged {
  readonly candles: Candles;
  /** Bars that only the newer series has, and bars it has with other numbers. */
  readonly added: number;
  readonly replaced: number;
}

export function merge(older: Candles, newer: Candles): Merged {
  const [a, b] = [older.time, newer.time];
  const merged = sharedCandles(a.length + b.length);
  // Of each bar where it came from: its row in `older`, or the row in `newer` behind all of those.
  const origins = new Uint32Array(a.length + b.length);
  let [i, j, length, added, replaced] = [0, 0, 0, 0, 0];
  while (i < a.length || j < b.length) {
    const at = i < a.length ? (a[i] ?? 0) : Number.POSITIVE_INFINITY;
    const bt = j < b.length ? (b[j] ?? 0) : Number.POSITIVE_INFINITY;
    origins[length] = bt <= at ? a.length + j : i;
    if (bt < at) added += 1;
    else if (bt === at && differs(older, i, newer, j)) replaced += 1;
    length += 1;
    if (at <= bt) i += 1;
    if (bt <= at) j += 1;
  }
  for (const name of COLUMNS) gather(older[name], newer[name], origins, length, merged[name]);
  return { candles: sliceCandles(merged, 0, length), added, replaced };
}

function differs(a: Candles, i: number, b: Candles, j: number): boolean {
  return (
    a.open[i] !== b.open[j] ||
    a.high[i] !== b.high[j] ||
    a.low[i] !== b.low[j] ||
    a.close[i] !== b.close[j] ||
    a.volume[i] !== b.volume[j]
  );
}

function gather(
  older: Float64Array,
  newer: Float64Array,
  origins: Uint32Array,
  length: number,
  to: Float64Array,
): void {
  for (let row = 0; row < length; row += 1) {
    const origin = origins[row] ?? 0;
    to[row] = (origin < older.length ? older[origin] : newer[origin - older.length]) ?? Number.NaN;
  }
}
