// Kernels that follow a trend at a distance, as a stop would: Wilder's parabola and two built on the average true range.

import { rma, take, wilder } from './averages.ts';
import { highest, lowest } from './extremes.ts';
import { trueRange, trueRangeAt } from './windows.ts';

/** `mult` average true ranges below the highest high, and above the lowest low. */
export function chandelierExit(
  [high, low, close]: readonly Float64Array[],
  [window, mult]: readonly number[],
  [long, short]: readonly Float64Array[],
): void {
  highest(high, window, long);
  lowest(low, window, short);
  const average = wilder(window); // bar by bar: both columns are taken
  for (let bar = 0; bar < close.length; bar += 1) {
    const reach = mult * take(average, trueRangeAt(high, low, close, bar));
    long[bar] -= reach;
    short[bar] += reach;
  }
}

/**
 * Wilder's stop and reverse: it nears the extreme of the trend by a fraction that grows with each new extreme, never enters
 * the range of the two bars before, and turns when the price touches it. The first trend is a guess: nothing is shown of it.
 */
export function psar(
  [high, low]: readonly Float64Array[],
  [start, step, max]: readonly number[],
  [out]: readonly Float64Array[],
): void {
  let age = 0; // bars since the last NaN
  let known = false; // whether a reversal has shown the direction
  let rising = true;
  let stop = NaN;
  let extreme = NaN;
  let pace = NaN;
  for (let bar = 0; bar < high.length; bar += 1) {
    out[bar] = NaN;
    if (Number.isNaN(high[bar] + low[bar])) {
      age = 0;
      continue;
    }
    age += 1;
    if (age === 1) {
      known = false;
      rising = true;
      stop = low[bar];
      extreme = high[bar];
      pace = Math.min(start, max);
      continue;
    }
    stop += pace * (extreme - stop);
    if (age > 2) {
      stop = rising ? Math.min(stop, low[bar - 1], low[bar - 2]) : Math.max(stop, high[bar - 1], high[bar - 2]);
    }
    const turns = rising ? low[bar] < stop : high[bar] > stop;
    if (turns) stop = extreme;
    if (known) out[bar] = stop;
    if (turns) {
      known = true;
      rising = !rising;
      extreme = rising ? high[bar] : low[bar];
      pace = Math.min(start, max);
    } else if (rising ? high[bar] > extreme : low[bar] < extreme) {
      extreme = rising ? high[bar] : low[bar];
      pace = Math.min(pace + step, max);
    }
  }
}

/**
 * Bands of `mult` average true ranges around the middle of the bar, which only tighten while the close stays inside. The
 * line is the band behind the price; the other one is idle, NaN, until the close crosses the line.
 */
export function supertrend(
  [high, low, close]: readonly Float64Array[],
  [window, mult]: readonly number[],
  [line, upper, lower]: readonly Float64Array[],
): void {
  trueRange(high, low, close, line);
  rma(line, window, upper);
  let started = false;
  let rising = false;
  let above = NaN;
  let below = NaN;
  for (let bar = 0; bar < close.length; bar += 1) {
    const middle = (high[bar] + low[bar]) / 2;
    const reach = mult * upper[bar];
    line[bar] = upper[bar] = lower[bar] = NaN;
    if (Number.isNaN(middle + reach + close[bar])) {
      started = false;
      continue;
    }
    if (!started) rising = close[bar] >= middle;
    if (!started || middle + reach < above || close[bar - 1] > above) above = middle + reach;
    if (!started || middle - reach > below || close[bar - 1] < below) below = middle - reach;
    started = true;
    rising = close[bar] > (rising ? below : above);
    line[bar] = rising ? below : above;
    if (rising) lower[bar] = below;
    else upper[bar] = above;
  }
}
