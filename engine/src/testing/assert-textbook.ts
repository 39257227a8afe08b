// Indicators against functions that give their value on any one bar, so that a few bars of a million can be looked at.

import assert from 'node:assert/strict';
import type { Candles } from '../bars/candles.ts';
import { computeIndicator } from '../indicators/catalogue.ts';

/** The value on a bar, NaN where there is none. */
export type At = (bar: number) => number;

export interface Case {
  readonly id: string;
  readonly params: Readonly<Record<string, number | string>>;
  /** By output; `scale` is the size of the terms of a difference: what cancels out is known to 1e-9 of those. */
  readonly expected: Readonly<Record<string, At>>;
  readonly scale?: At;
}

/** An indicator is NaN where the textbook is, and elsewhere within 1e-9 of it, on the bars from `from` on, every `step`. */
export function assertTextbook(candles: Candles, { id, params, expected, scale }: Case, from = 0, step = 1): void {
  const actual = computeIndicator(candles, id, params);
  assert.deepEqual(Object.keys(actual), Object.keys(expected));
  for (const [name, at] of Object.entries(expected)) {
    for (let bar = from; bar < candles.close.length; bar += step) {
      const value = at(bar);
      const where = `${name} of ${id} ${JSON.stringify(params)}, bar ${bar}: ${actual[name][bar]}, textbook ${value}`;
      const size = Math.max(Math.abs(value), scale?.(bar) ?? 0);
      if (Number.isNaN(value)) assert.ok(Number.isNaN(actual[name][bar]), where);
      else assert.ok(Math.abs(actual[name][bar] - value) <= 1e-9 * size, where);
    }
  }
}

/** The values of the last `count` bars, oldest first; NaN for those before the first bar. */
export function last(count: number, bar: number, value: At): number[] {
  return Array.from({ length: count }, (_, index) => {
    const at = bar - count + 1 + index;
    return at < 0 ? NaN : value(at);
  });
}

/** Of a short list, the terms one after the other. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function trueRange({ high, low, close }: Candles): At {
  return (bar) =>
    bar === 0
      ? NaN
      : Math.max(high[bar] - low[bar], Math.abs(high[bar] - close[bar - 1]), Math.abs(low[bar] - close[bar - 1]));
}
