// Indicators as textbooks write them: each window looked at anew, values as plain numbers, no thought for speed. What
// the kernels compute on the way of their own is compared with these.

import assert from 'node:assert/strict';

/** What `value` makes of the last `window` values; NaN before there are so many. */
export function ofWindows(
  x: ArrayLike<number>,
  window: number,
  value: (values: readonly number[]) => number,
): readonly number[] {
  const all = Array.from(x);
  return all.map((_, bar) => (bar < window - 1 ? NaN : value(all.slice(bar - window + 1, bar + 1))));
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + (value - values[0]), 0) / values.length + values[0];
}

/** Population deviation, in two passes. */
export function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** Starts as the mean of the first `window` values after the NaN at the beginning, then is weighted with the one before. */
export function recursive(x: ArrayLike<number>, window: number, alpha: number): readonly number[] {
  const all = Array.from(x);
  const late = all.findIndex((value) => !Number.isNaN(value));
  const values = all.slice(late);
  const out = [...Array<number>(late + window - 1).fill(NaN), meanOf(values.slice(0, window))];
  for (const value of values.slice(window)) out.push(alpha * value + (1 - alpha) * out[out.length - 1]);
  return out;
}

export function textbookEma(x: ArrayLike<number>, window: number): readonly number[] {
  return recursive(x, window, 2 / (window + 1));
}

/** NaN on the same bars, and values within 1e-9 of the expected ones; near 0 of the `unit` they are rounded in. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  unit: number = 0,
): void {
  assert.equal(actual.length, expected.length, what);
  for (let bar = 0; bar < expected.length; bar += 1) {
    const where = `${what}, bar ${bar}: ${actual[bar]}, by the textbook ${expected[bar]}`;
    if (Number.isNaN(expected[bar])) assert.ok(Number.isNaN(actual[bar]), where);
    else assert.ok(Math.abs(actual[bar] - expected[bar]) <= 1e-9 * Math.max(Math.abs(expected[bar]), unit), where);
  }
}
