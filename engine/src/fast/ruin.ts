// Ruin ends a trade, and all after it, at the first price that leaves nothing. Such prices are rare, so one column says for
// each entry from which bar on they are possible at all, and only trades that last so long are looked at bar by bar. A
// market in which no entry can meet such a price has no column, and its variants cost nothing.

import type { TargetBars } from '../bars/carried.ts';
import { entryAmount } from '../simulate/account.ts';
import type { Setting } from '../simulate/setting.ts';
import { settle, type Balance } from './balance.ts';
import { LONG, returnAt, type Fills } from './fills.ts';
import type { Runs } from './runs.ts';
import { exitBarOf, isBeforeRuin, keyAtClose } from './stops.ts';

export interface Ruin {
  /**
   * Looks at settled trades, whose ends are `keys` or, where null, those of their runs. Where one of them ends in ruin, it
   * settles again up to that trade. Returns the returns that count: those given, or a copy with that of the ruin.
   */
  readonly check: (runs: Runs, ret: Float64Array, keys: Int32Array | null) => Float64Array;
}

/** Opens the search for ruin; null if none is possible. */
export function openRuin(target: TargetBars, setting: Setting, fills: Fills, balance: Balance): Ruin | null {
  const intrabar = setting.trigger === 'intrabar';
  const { close, carried } = target;
  const [low, high] = intrabar ? [target.low, target.high] : [close, close];
  const isReal = (bar: number): boolean => !carried || carried[bar] === 0;
  const first = firstDangers({ ...target, low, high }, setting, fills);
  if (first === null) return null;
  const fee = setting.feePct / 100;
  const last = fills.bars - 1;
  const copy = new Float64Array(fills.bars + 2);

  /** Returns the last bar whose prices meet a trade. */
  const lastMet = (key: number): number => {
    const bar = exitBarOf(key, fills);
    if (!intrabar || isBeforeRuin(key)) return bar - 1;
    const atOpen = fills.delay === 1 && key < keyAtClose(last) && key === keyAtClose(bar - 1);
    return atOpen ? bar - 1 : bar;
  };

  /** Returns the first bar in [from, to] that leaves nothing of a trade, -1 if none does; the arithmetic is that of account.ts. */
  const ruinBar = (entry: number, available: number, from: number, to: number): number => {
    const amount = entryAmount(setting, available);
    const quantity = amount / fills.prices[entry];
    const idle = available - amount - amount * fee;
    const long = (entry & 1) === LONG;
    for (let bar = from; bar <= to; bar += 1) {
      const value = quantity * (long ? low[bar] : high[bar]);
      if (isReal(bar) && idle + (long ? value : amount + (amount - value)) <= 0) return bar;
    }
    return -1;
  };

  return {
    check(runs, ret, keys) {
      const { count } = balance;
      const { entry } = runs;
      let run = 0;
      while (run < count && first[entry[run]] > lastMet(keyOf(runs, keys, run))) run += 1;
      if (run === count) return ret;
      let { initCash: available } = setting;
      for (let trade = 0; trade < count; trade += 1) {
        const bar = ruinBar(entry[trade], available, first[entry[trade]], lastMet(keyOf(runs, keys, trade)));
        if (bar < 0) {
          available += balance.net[trade];
          available -= lockedOf(setting, balance.net[trade]);
          continue;
        }
        const side = entry[trade] & 1;
        copy.set(ret.subarray(0, trade));
        copy[trade] = returnAt(fills, side, fills.prices[entry[trade]], side === LONG ? low[bar] : high[bar]);
        settle(setting, copy, trade + 1, balance);
        balance.bust = true;
        balance.available = 0;
        balance.ruinBar = bar;
        return copy;
      }
      return ret;
    },
  };
}

function keyOf(runs: Runs, keys: Int32Array | null, run: number): number {
  return keys === null ? keyAtClose(runs.exit[run]) : keys[run];
}

/** Returns what a profit lock takes of a net. */
function lockedOf({ sizing, safeProfitPercent }: Setting, net: number): number {
  return sizing === 'strategy_compound_profit_lock' && net > 0 ? (net * safeProfitPercent) / 100 : 0;
}

/**
 * Returns for each entry, found like its fill, the first bar after its decision that can ruin it, the number of bars if none
 * can; null if that is so for all. A trade commits at most what is available, so a short needs a price of `2 - fee` times its
 * fill and a long one of `fee` times it; a billionth of room covers what rounding may add.
 */
function firstDangers({ low, high }: TargetBars, { feePct }: Setting, { bars, prices }: Fills): Int32Array | null {
  const fee = feePct / 100;
  const [rise, fall] = [(2 - fee) * (1 - 1e-9), fee * (1 + 1e-9) + 1e-12];
  if (!isPossible({ low, high }, prices, rise, fall)) return null;
  const first = new Int32Array(2 * (bars + 1)).fill(bars);
  const [peaks, troughs] = [openStack(high, 1), openStack(low, -1)];
  for (let bar = bars - 2; bar >= 0; bar -= 1) {
    peaks.push(bar + 1);
    troughs.push(bar + 1);
    first[2 * bar] = troughs.firstBeyond(prices[2 * bar] * fall, bars);
    first[2 * bar + 1] = peaks.firstBeyond(prices[2 * bar + 1] * rise, bars);
  }
  return first;
}

/** Returns whether the highest price is so far above the lowest fill, or the lowest below the highest. */
function isPossible(
  { low, high }: Pick<TargetBars, 'low' | 'high'>,
  prices: Float64Array,
  rise: number,
  fall: number,
): boolean {
  const lowestFill = prices.reduce((least, price) => Math.min(least, price), Infinity);
  const highestFill = prices.reduce((most, price) => Math.max(most, price), 0);
  return (
    high.reduce((most, price) => Math.max(most, price), 0) >= lowestFill * rise ||
    low.reduce((least, price) => Math.min(least, price), Infinity) <= highestFill * fall
  );
}

/** Opens a stack of the bars that no nearer bar hides; `sign` 1 looks for high prices and -1 for low ones. */
function openStack(column: Float64Array, sign: 1 | -1) {
  const stack = new Int32Array(column.length);
  let size = 0;
  return {
    /** Adds a bar before all others, and drops those that it hides. */
    push(bar: number): void {
      while (size > 0 && sign * column[stack[size - 1]] <= sign * column[bar]) size -= 1;
      stack[size] = bar;
      size += 1;
    },
    /** Returns the nearest bar whose price is at a level or beyond it, else `none`. */
    firstBeyond(level: number, none: number): number {
      let from = 0; // all before it are beyond the level; prices are less extreme the nearer the bar
      let to = size;
      while (from < to) {
        const middle = (from + to) >>> 1;
        if (sign * column[stack[middle]] >= sign * level) from = middle + 1;
        else to = middle;
      }
      return from === 0 ? none : stack[from - 1];
    },
  };
}
