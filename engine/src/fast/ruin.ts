// Ruin ends a trade, and all after it, at the first price that leaves nothing. Such prices are rare. A trade that is shorter
// than the shortest way to one is not looked at; one column says for each entry from which bar on ruin is possible; and only
// trades that last so long are followed bar by bar. A market in which no entry can meet such a price has no column.

import type { TargetBars } from '../bars/carried.ts';
import { entryAmount } from '../simulate/account.ts';
import type { Setting } from '../simulate/setting.ts';
import { settle, type Balance } from './balance.ts';
import { LONG, returnAt, type Fills } from './fills.ts';
import type { Runs } from './runs.ts';
import { barOf, exitBarOf, isBeforeRuin, keyAtClose } from './stops.ts';

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
  const shortest = shortestWay(first, setting.direction);
  if (shortest === Infinity) return null;
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
      const longest = keys === null ? longestRun(runs, count) : longestEnd(entry, keys, count);
      if (longest < shortest) return ret;
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

/** Returns the most bars from the decision to enter to a fill that ends the trade. */
function longestRun({ entry, exit }: Runs, count: number): number {
  let longest = 0;
  for (let run = 0; run < count; run += 1) {
    const bars = exit[run] - (entry[run] >>> 1);
    if (bars > longest) longest = bars;
  }
  return longest + 1;
}

/** Compare `longestRun`; the ends are keys. */
function longestEnd(entry: Int32Array, keys: Int32Array, count: number): number {
  let longest = 0;
  for (let run = 0; run < count; run += 1) {
    const bars = barOf(keys[run]) - (entry[run] >>> 1);
    if (bars > longest) longest = bars;
  }
  return longest + 1;
}

/** Returns the fewest bars from an entry to a bar that can ruin it; Infinity if no entry of the traded sides can be ruined. */
function shortestWay(first: Int32Array, direction: Setting['direction']): number {
  const bars = first.length / 2 - 1;
  let shortest = Infinity;
  for (let place = 0; place < first.length; place += 1) {
    const isTraded = direction !== ((place & 1) === LONG ? 'short-only' : 'long-only');
    if (isTraded && first[place] < bars) shortest = Math.min(shortest, first[place] - (place >>> 1));
  }
  return shortest;
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
function firstDangers({ low, high }: TargetBars, setting: Setting, { bars, prices }: Fills): Int32Array | null {
  const fee = setting.feePct / 100;
  const [rise, fall] = [(2 - fee) * (1 - 1e-9), fee * (1 + 1e-9) + 1e-12];
  const [lowest, highest] = rangeOf(low, high, prices);
  const longs = setting.direction !== 'short-only' && lowest <= highest * fall;
  const shorts = setting.direction !== 'long-only' && highest >= lowest * rise;
  if (!longs && !shorts) return null;
  const first = new Int32Array(2 * (bars + 1)).fill(bars);
  if (longs) writeFirst(first, low, { prices, side: 0, factor: fall });
  if (shorts) writeFirst(first, high, { prices, side: 1, factor: rise });
  return first;
}

/** Returns the lowest and the highest of all prices and fills. */
function rangeOf(low: Float64Array, high: Float64Array, prices: Float64Array): readonly [number, number] {
  let lowest = Infinity;
  let highest = 0;
  for (let bar = 0; bar < low.length; bar += 1) {
    if (low[bar] < lowest) lowest = low[bar];
    if (high[bar] > highest) highest = high[bar];
  }
  for (let place = 0; place < prices.length; place += 1) {
    if (prices[place] < lowest) lowest = prices[place];
    if (prices[place] > highest) highest = prices[place];
  }
  return [lowest, highest];
}

/** The entries of one side, and the multiple of their fills at which ruin is possible. */
interface SideFills {
  readonly prices: Float64Array;
  readonly side: 0 | 1;
  readonly factor: number;
}

/** Writes the first bar that is beyond the level of each entry of a side, from the last bar back. */
function writeFirst(first: Int32Array, column: Float64Array, { prices, side, factor }: SideFills): void {
  const bars = column.length;
  const stack = openStack(column, side === 1 ? 1 : -1);
  for (let bar = bars - 2; bar >= 0; bar -= 1) {
    stack.push(bar + 1);
    first[2 * bar + side] = stack.firstBeyond(prices[2 * bar + side] * factor, bars);
  }
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
