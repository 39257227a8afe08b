// The bars without a market: where no candle opened, a timeline carries the close before forward. Nothing fills there, so
// every order waits for the next real bar.

import type { Candles } from './candles.ts';

/** Bars that are traded. `carried` is 1 where a bar had no candle; null or missing where every bar had one. */
export interface TargetBars extends Candles {
  readonly carried?: Uint8Array | null;
}

/**
 * Marks the bars in which no row opens; null if there is none. `opens` are the opens of the bars and `rows` those of the
 * candles, both ascending.
 */
export function markCarried(opens: Float64Array, rows: Float64Array): Uint8Array | null {
  const carried = new Uint8Array(opens.length);
  let any = false;
  let row = 0;
  for (let bar = 0; bar < opens.length; bar += 1) {
    const next = bar + 1 < opens.length ? opens[bar + 1] : Infinity;
    while (row < rows.length && rows[row] < opens[bar]) row += 1;
    if (row < rows.length && rows[row] < next) continue;
    carried[bar] = 1;
    any = true;
  }
  return any ? carried : null;
}

/** Returns the marks of the bars [from, to); null if none of them is carried. */
export function sliceCarried(carried: Uint8Array | null, from: number, to: number): Uint8Array | null {
  const part = carried?.subarray(from, to) ?? null;
  return part?.includes(1) ? part : null;
}

/**
 * Returns the first real bar at or after each bar, and the number of bars where there is none; one more place, after the
 * last bar, holds that number.
 */
export function nextRealOf(carried: Uint8Array): Int32Array {
  const bars = carried.length;
  const next = new Int32Array(bars + 1).fill(bars);
  for (let bar = bars - 1; bar >= 0; bar -= 1) next[bar] = carried[bar] === 0 ? bar : next[bar + 1];
  return next;
}
