// Kernels that tell where the price stands within what it did lately, most of them between fixed limits.

import { highest, lowest, ofExtremes } from './extremes.ts';
import { divide, mean } from './windows.ts';

/**
 * 100 * average rise / (average rise + average fall), both Wilder's: 100 without falls, NaN without any move. On a bar that
 * does not move both shrink alike and their ratio stays; computed anew it would tremble in its last digit, and a stochastic
 * of it would swing from 0 to 100.
 */
export function rsi(x: Float64Array, window: number, out: Float64Array): void {
  let seen = 0; // changes since the last NaN, counted up to the window
  let rise = 0;
  let fall = 0;
  if (out.length > 0) out[0] = NaN;
  for (let bar = 1; bar < x.length; bar += 1) {
    const change = x[bar] - x[bar - 1];
    const up = Math.max(change, 0);
    const down = Math.max(-change, 0);
    const still = change === 0 && seen === window;
    if (Number.isNaN(change)) {
      seen = rise = fall = 0;
    } else if (seen === window) {
      rise += (up - rise) / window;
      fall += (down - fall) / window;
    } else {
      seen += 1;
      rise += up / window;
      fall += down / window;
    }
    if (still) out[bar] = out[bar - 1];
    else out[bar] = seen === window ? 100 * (rise / (rise + fall)) : NaN;
  }
}

/** How many mean absolute deviations, times 0.015, the price lies from its mean. */
export function cci(
  [price]: readonly Float64Array[],
  [window]: readonly number[],
  [out]: readonly Float64Array[],
): void {
  mean(price, window, out);
  for (let bar = window - 1; bar < price.length; bar += 1) {
    const center = out[bar];
    let sum = 0;
    for (let at = bar - window + 1; at <= bar; at += 1) sum += Math.abs(price[at] - center);
    out[bar] = divide(price[bar] - center, 0.015 * (sum / window));
  }
}

/** How far the close lies below the highest high, in percent of the range: 0 on top, -100 at the bottom. */
export function williamsR(
  [high, low, close]: readonly Float64Array[],
  [window]: readonly number[],
  [out]: readonly Float64Array[],
): void {
  ofExtremes([close, high, low], window, (x, top, bottom) => divide(100 * (x - top), top - bottom), out);
}

/** Where the close stands in the range, in percent; smoothed, and smoothed once more. */
export function stoch(
  [high, low, close]: readonly Float64Array[],
  [window, smoothing, dWindow]: readonly number[],
  [k, d]: readonly Float64Array[],
): void {
  ofExtremes([close, high, low], window, percentOfRange, d);
  mean(d, smoothing, k);
  mean(k, dWindow, d);
}

/** The same of the relative strength in its own range. */
export function stochRsi(
  [x]: readonly Float64Array[],
  [rsiWindow, window, smoothing, dWindow]: readonly number[],
  [k, d]: readonly Float64Array[],
): void {
  rsi(x, rsiWindow, k);
  ofExtremes([k, k, k], window, percentOfRange, d);
  mean(d, smoothing, k);
  mean(k, dWindow, d);
}

function percentOfRange(x: number, top: number, bottom: number): number {
  return divide(100 * (x - bottom), top - bottom);
}

/**
 * Ehlers: where the price stands in its range, smoothed and pulled apart towards the limits by the Fisher transform, which
 * makes turns sharp. The first bars look at as many as there are. The trigger is the value one bar ago.
 */
export function fisher(
  [price]: readonly Float64Array[],
  [window]: readonly number[],
  [out, trigger]: readonly Float64Array[],
): void {
  highest(price, window, out);
  lowest(price, window, trigger);
  let seen = 0; // prices since the last NaN, counted up to the window
  let [top, bottom] = [NaN, NaN];
  let [input, value] = [0, 0];
  for (let bar = 0; bar < price.length; bar += 1) {
    const x = price[bar];
    if (Number.isNaN(x)) {
      seen = input = value = 0;
      out[bar] = trigger[bar] = NaN;
      continue;
    }
    top = seen === 0 ? x : Math.max(top, x);
    bottom = seen === 0 ? x : Math.min(bottom, x);
    const before = seen === 0 ? NaN : value;
    if (seen < window) seen += 1;
    if (seen === window) {
      top = out[bar];
      bottom = trigger[bar];
    }
    const place = (x - bottom) / (top - bottom) - 0.5;
    input = top === bottom ? 0 : limited(0.66 * place + 0.67 * input);
    value = 0.5 * Math.log((1 + input) / (1 - input)) + 0.5 * value;
    out[bar] = value;
    trigger[bar] = before;
  }
}

/** The transform of 1 is infinite. */
function limited(input: number): number {
  if (input > 0.99) return 0.999;
  return input < -0.99 ? -0.999 : input;
}
