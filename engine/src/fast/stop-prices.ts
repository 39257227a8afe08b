// What can trip a stop: for each bar the lowest and highest price it is judged by, and the same for blocks of 32 bars, so
// that long positions are searched in blocks. A trigger that looks at closes sees bars without extent.

import type { Candles } from '../bars/candles.ts';
import type { Setting } from '../simulate/setting.ts';

export interface StopPrices {
  readonly intrabar: boolean;
  readonly open: Float64Array;
  /** What a trailing stop follows. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** The lowest and the highest of low, high and open: nothing promises that the open lies within the bar. */
  readonly bottom: Float64Array;
  readonly top: Float64Array;
  readonly blockBottom: Float64Array;
  readonly blockTop: Float64Array;
}

export function openStopPrices({ open, low, high, close }: Candles, { trigger }: Setting): StopPrices {
  if (trigger === 'close') {
    const [blockBottom, blockTop] = [blockExtremes(close, Math.min), blockExtremes(close, Math.max)];
    return { intrabar: false, open: close, low: close, high: close, bottom: close, top: close, blockBottom, blockTop };
  }
  const bottom = low.map((price, bar) => Math.min(price, open[bar]));
  const top = high.map((price, bar) => Math.max(price, open[bar]));
  const [blockBottom, blockTop] = [blockExtremes(bottom, Math.min), blockExtremes(top, Math.max)];
  return { intrabar: true, open, low, high, bottom, top, blockBottom, blockTop };
}

function blockExtremes(column: Float64Array, worse: (a: number, b: number) => number): Float64Array {
  const found = new Float64Array((column.length + 31) >>> 5);
  for (let bar = 0; bar < column.length; bar += 1) {
    const block = bar >>> 5;
    found[block] = (bar & 31) === 0 ? column[bar] : worse(found[block], column[bar]);
  }
  return found;
}

/** The first bar in [from, end) that reaches down to a level, else `end`. */
export function firstAtOrBelow({ bottom, blockBottom }: StopPrices, level: number, from: number, end: number): number {
  let bar = from;
  while (bar < end) {
    if ((bar & 31) === 0 && blockBottom[bar >>> 5] > level) bar += 32;
    else if (bottom[bar] <= level) return bar;
    else bar += 1;
  }
  return end;
}

/** The first bar in [from, end) that reaches up to a level, else `end`. */
export function firstAtOrAbove({ top, blockTop }: StopPrices, level: number, from: number, end: number): number {
  let bar = from;
  while (bar < end) {
    if ((bar & 31) === 0 && blockTop[bar >>> 5] < level) bar += 32;
    else if (top[bar] >= level) return bar;
    else bar += 1;
  }
  return end;
}
