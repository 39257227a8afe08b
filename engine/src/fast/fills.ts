// The prices at which trades can be filled. They depend on the bars and the setting alone, so they are computed once
// for all variants. A fill is found by the bar whose close decides it, in both fill modes; one more place, after the
// last bar, holds the forced close of positions that nothing has ended in time.

import type { TargetBars } from '../bars/carried.ts';
import type { Arena } from '../columns/arena.ts';
import type { Setting } from '../simulate/setting.ts';
import { waitsOf } from './waits.ts';

/** The sides, as positions in tables. */
export const LONG = 0;
export const SHORT = 1;

/** Fill prices, and the terms that turn two of them into a return. */
export interface Fills {
  readonly bars: number;
  /**
   * Fills of a buy at `2 * bar`, of a sale at `2 * bar + 1`, for `bars + 1` bars; so the fill of an entry is at
   * `2 * bar + side`.
   */
  readonly prices: Float64Array;
  /** Number of bars between a decision and its fill: 1 with fills at the next open, 0 at the close. */
  readonly delay: 0 | 1;
  /** Bar on which the decisions of each bar count; null where every bar has a market. */
  readonly waits: Int32Array | null;
  /** Factors by which slippage moves the price of a buy and of a sale. */
  readonly slips: readonly [number, number];
  /** Terms of a return, `(ratio * factor + base) + extra`, by side; the three columns are adjacent in memory. */
  readonly factor: Float64Array;
  readonly base: Float64Array;
  readonly extra: Float64Array;
}

/** Computes the fills of the target bars. */
export function openFills(target: TargetBars, { fill, feePct, slippagePct }: Setting, arena: Arena): Fills {
  const { open, close, carried } = target;
  const bars = close.length;
  const last = bars - 1;
  const fee = feePct / 100;
  const slip = slippagePct / 100;
  const slips = [1 + slip, 1 - slip] as const;
  const prices = arena.floats(2 * (bars + 1));
  const waits = waitsOf(carried, fill);
  for (let bar = 0; bar <= bars; bar += 1) {
    const decided = waits === null ? bar : waits[bar];
    const price = fill === 'next_open' && decided < last ? open[decided + 1] : close[Math.min(decided, last)];
    prices[2 * bar] = price * slips[0];
    prices[2 * bar + 1] = price * slips[1];
  }
  // One form without a branch for `ratio * (1 - fee) - 1 - fee` and `1 - fee - ratio * (1 + fee)`: no bit changes when
  // a factor is negated, the terms of a sum are swapped, or 0 is added.
  const terms = arena.floats(6);
  terms.set([1 - fee, -(1 + fee), -1, 1 - fee, -fee, 0]);
  return {
    bars,
    prices,
    delay: fill === 'next_open' ? 1 : 0,
    waits,
    slips,
    factor: terms.subarray(0, 2),
    base: terms.subarray(2, 4),
    extra: terms.subarray(4, 6),
  };
}

/** Computes the return of a position that is closed at a price, as a fraction of its amount. */
export function returnAt(fills: Fills, side: number, entryFill: number, price: number): number {
  const ratio = (price * fills.slips[1 - side]) / entryFill;
  return ratio * fills.factor[side] + fills.base[side] + fills.extra[side];
}
