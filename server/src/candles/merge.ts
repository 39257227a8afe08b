// Two series of one instrument as one. The newer one wins where both have a bar.

import type { Candles } from '@backtest-jobs/engine';
import { COLUMNS, sliceCandles } from '@backtest-jobs/engine/internal';
import { at } from './at.ts';
import { sharedCandles } from './source.ts';

export interface Merged {
  readonly candles: Candles;
  /** Bars that only the newer series has, and bars it has with other numbers. */
  readonly added: number;
  readonly replaced: number;
}

/** Takes when a bar opens that is added or replaced; in order of time. */
export type OnChanged = (time: number) => void;

/** Joins two ascending series. */
export function merge(older: Candles, newer: Candles, onChanged: OnChanged = () => {}): Merged {
  const [a, b] = [older.time, newer.time];
  const merged = sharedCandles(a.length + b.length);
  // Where each bar came from: its row in `older`, or the row in `newer` behind all of those.
  const origins = new Uint32Array(a.length + b.length);
  let [i, j, length, added, replaced] = [0, 0, 0, 0, 0];
  while (i < a.length || j < b.length) {
    const olderTime = i < a.length ? at(a, i) : Number.POSITIVE_INFINITY;
    const newerTime = j < b.length ? at(b, j) : Number.POSITIVE_INFINITY;
    origins[length] = newerTime <= olderTime ? a.length + j : i;
    if (newerTime < olderTime) {
      added += 1;
      onChanged(newerTime);
    } else if (newerTime === olderTime && differs(older, i, newer, j)) {
      replaced += 1;
      onChanged(newerTime);
    }
    length += 1;
    if (olderTime <= newerTime) i += 1;
    if (newerTime <= olderTime) j += 1;
  }
  const kept = origins.subarray(0, length);
  for (const name of COLUMNS) gather(merged[name], kept, older[name], newer[name]);
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

/** Fills a column of the joined series. */
function gather(to: Float64Array, origins: Uint32Array, older: Float64Array, newer: Float64Array): void {
  for (let row = 0; row < origins.length; row += 1) {
    const origin = origins[row] ?? 0; // an iterator takes twice as long
    to[row] = origin < older.length ? at(older, origin) : at(newer, origin - older.length);
  }
}
