// What a trade can be filled at depends on its bars only, so it is computed once for all variants. A fill is found by the
// bar whose close decides it, whichever mode fills it where; one place beyond the last bar stands for whatever was not
// decided in time and is closed by force.

import type { Candles } from '../bars/candles.ts';
import type { Arena } from '../columns/arena.ts';
import type { Setting } from '../simulate/setting.ts';

/** Sides as positions in tables. */
export const LONG = 0;
export const SHORT = 1;

export interface Fills {
  readonly bars: number;
  /** At 2 * bar the fill of a buy, at 2 * bar + 1 that of a sale; bars + 1 pairs. Of an entry at 2 * bar + side. */
  readonly prices: Float64Array;
  /** 1 where a decision is filled at the next bar's open, 0 where at its own close. */
  readonly delay: 0 | 1;
  /** By what a price slips: of a buy, of a sale. */
  readonly slips: readonly [number, number];
  /** The return of a trade is (ratio * times + plus) + more; each by side, one behind the other in memory. */
  readonly factor: Float64Array;
  readonly base: Float64Array;
  readonly extra: Float64Array;
}

export function openFills({ open, close }: Candles, { fill, feePct, slippagePct }: Setting, arena: Arena): Fills {
  const bars = close.length;
  const last = bars - 1;
  const fee = feePct / 100;
  const slip = slippagePct / 100;
  const slips = [1 + slip, 1 - slip] as const;
  const prices = arena.floats(2 * (bars + 1));
  for (let bar = 0; bar <= bars; bar += 1) {
    const price = fill === 'next_open' && bar < last ? open[bar + 1] : close[Math.min(bar, last)];
    prices[2 * bar] = price * slips[0];
    prices[2 * bar + 1] = price * slips[1];
  }
  // `ratio * (1 - fee) - 1 - fee` and `1 - fee - ratio * (1 + fee)` as one form without a branch: to negate a factor, to
  // swap the terms of a sum and to add 0 changes no bit.
  const terms = arena.floats(6);
  terms.set([1 - fee, -(1 + fee), -1, 1 - fee, -fee, 0]);
  return {
    bars,
    prices,
    delay: fill === 'next_open' ? 1 : 0,
    slips,
    factor: terms.subarray(0, 2),
    base: terms.subarray(2, 4),
    extra: terms.subarray(4, 6),
  };
}

/** What a position returns that is left at a price, as a fraction of its amount. */
export function returnAt(fills: Fills, side: number, entryFill: number, price: number): number {
  const ratio = (price * fills.slips[1 - side]) / entryFill;
  return ratio * fills.factor[side] + fills.base[side] + fills.extra[side];
}
