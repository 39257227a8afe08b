// What the second simulator of the tests knows of prices: where one can trade, and which levels end a position. At every bar
// the best price is searched for and each level is computed anew.

import type { TargetBars } from '../bars/carried.ts';
import type { Setting } from '../simulate/setting.ts';

export type Side = 'long' | 'short';

export interface SlowPosition {
  readonly side: 'long' | 'short';
  readonly decidedAt: number;
  readonly entryBar: number;
  readonly entryFill: number;
  readonly amount: number;
}

export function isRealBar({ carried }: TargetBars, bar: number): boolean {
  return !carried || carried[bar] === 0;
}

interface Rules {
  readonly target: TargetBars;
  readonly setting: Setting;
}

/** The best price since the entry fill, up to a bar. */
export function bestBefore({ target, setting }: Rules, { side, entryBar, entryFill }: Held, to: number): number {
  const isLong = side === 'long';
  const from = setting.fill === 'next_open' ? entryBar : entryBar + 1; // the first bar that is open from its start
  const seen = setting.trigger === 'close' ? target.close : isLong ? target.high : target.low;
  const real = seen.slice(from, Math.max(from, to + 1)).filter((_, at) => isRealBar(target, from + at));
  return isLong ? Math.max(entryFill, ...real) : Math.min(entryFill, ...real);
}

type Held = Pick<SlowPosition, 'side' | 'entryBar' | 'entryFill'>;

/** Prices at which the position ends, and which kind of stop is the nearer one. */
export function levels({ target, setting }: Rules, { side, entryBar, entryFill }: SlowPosition, bar: number) {
  const { sl, tp, trail, trigger } = setting;
  const isLong = side === 'long';
  const best = bestBefore({ target, setting }, { side, entryBar, entryFill }, trigger === 'close' ? bar : bar - 1);
  const below = (price: number, percent: number): number => price * (isLong ? 1 - percent / 100 : 1 + percent / 100);
  const never = isLong ? -Infinity : Infinity;
  const fixed = sl === null ? never : below(entryFill, sl);
  const trailing = trail === null ? never : below(best, trail);
  const trails = isLong ? trailing > fixed : trailing < fixed;
  return {
    stop: trails ? trailing : fixed,
    stopReason: trails ? 'trail' : 'sl',
    take: tp === null ? -never : entryFill * (isLong ? 1 + tp / 100 : 1 - tp / 100),
  };
}

/** Which level a price has reached, the stop first. */
export function reached(rules: Rules, position: SlowPosition, bar: number, price: number): string | null {
  const { stop, stopReason, take } = levels(rules, position, bar);
  if (position.side === 'long' ? price <= stop : price >= stop) return stopReason;
  if (position.side === 'long' ? price >= take : price <= take) return 'tp';
  return null;
}
