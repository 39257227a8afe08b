// The prices that can trip a stop: for each bar the lowest and highest price that it is judged by, and the same for
// blocks of 32 bars, so that long positions are searched block by block. For a trigger that looks at closes, a bar is
// its close. A carried bar has no market and trips nothing.

import type { TargetBars } from '../bars/carried.ts';
import type { Setting } from '../simulate/setting.ts';

export interface StopPrices {
  readonly intrabar: boolean;
  readonly open: Float64Array;
  /** Prices that a trailing stop follows, of a short and of a long. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Closes, which show whether a trailing level that a bar raises was hit in it. */
  readonly close: Float64Array;
  /** Lowest and highest of low, high and open; candles need not have their open within low and high. */
  readonly bottom: Float64Array;
  readonly top: Float64Array;
  /** Lowest `bottom` and highest `top` of each block of 32 bars. */
  readonly blockBottom: Float64Array;
  readonly blockTop: Float64Array;
}

/** Computes the stop prices of the target bars. */
export function openStopPrices(target: TargetBars, { trigger }: Setting): StopPrices {
  const { carried } = target;
  const intrabar = trigger === 'intrabar';
  const { open, low: lows, high: highs } = intrabar ? target : ofCloses(target.close);
  const low = withoutCarried(lows, carried, Infinity);
  const high = withoutCarried(highs, carried, -Infinity);
  const opensLow = withoutCarried(open, carried, Infinity);
  const opensHigh = withoutCarried(open, carried, -Infinity);
  const bottom = intrabar ? low.map((price, bar) => Math.min(price, opensLow[bar])) : low;
  const top = intrabar ? high.map((price, bar) => Math.max(price, opensHigh[bar])) : high;
  const [blockBottom, blockTop] = [blockExtremes(bottom, Math.min), blockExtremes(top, Math.max)];
  return { intrabar, open, low, high, close: target.close, bottom, top, blockBottom, blockTop };
}

function ofCloses(close: Float64Array): Pick<TargetBars, 'open' | 'low' | 'high'> {
  return { open: close, low: close, high: close };
}

/** Returns the column with a price on each carried bar that no level meets; the column itself if no bar is carried. */
function withoutCarried(column: Float64Array, carried: TargetBars['carried'], never: number): Float64Array {
  return carried ? column.map((price, bar) => (carried[bar] === 1 ? never : price)) : column;
}

function blockExtremes(column: Float64Array, extreme: (a: number, b: number) => number): Float64Array {
  const blocks = new Float64Array((column.length + 31) >>> 5);
  for (let bar = 0; bar < column.length; bar += 1) {
    const block = bar >>> 5;
    blocks[block] = (bar & 31) === 0 ? column[bar] : extreme(blocks[block], column[bar]);
  }
  return blocks;
}

/** Returns the first bar in [from, end) whose bottom is at or below a level, else `end`. */
export function firstAtOrBelow({ bottom, blockBottom }: StopPrices, level: number, from: number, end: number): number {
  let bar = from;
  while (bar < end) {
    if ((bar & 31) === 0 && blockBottom[bar >>> 5] > level) bar += 32;
    else if (bottom[bar] <= level) return bar;
    else bar += 1;
  }
  return end;
}

/** Returns the first bar in [from, end) whose top is at or above a level, else `end`. */
export function firstAtOrAbove({ top, blockTop }: StopPrices, level: number, from: number, end: number): number {
  let bar = from;
  while (bar < end) {
    if ((bar & 31) === 0 && blockTop[bar >>> 5] < level) bar += 32;
    else if (top[bar] >= level) return bar;
    else bar += 1;
  }
  return end;
}
