// The balance of a variant: its trades settle one after the other, in the normative order of account.ts. The net is the
// amount times the return, it is added to what is available, a part of a gain may be locked away, and the variant may
// go bust.

import type { Arena } from '../columns/arena.ts';
import type { Setting } from '../simulate/setting.ts';
import type { Fills } from './fills.ts';
import type { Runs } from './runs.ts';

/** Quote after the trades of a variant, and their nets. */
export interface Balance {
  available: number;
  safe: number;
  /** Number of trades made; smaller than the number of runs if the variant went bust. */
  count: number;
  bust: boolean;
  /** Bar on which ruin ends the last trade; -1 if none does. */
  ruinBar: number;
  /** Whether stops may change the number of trades; compare `Simulation`. */
  ruled: boolean;
  readonly net: Float64Array;
}

/** Opens the balance of variants of `bars` bars. */
export function openBalance(bars: number, ruled: boolean, arena: Arena): Balance {
  return { available: 0, safe: 0, count: 0, bust: false, ruinBar: -1, ruled, net: arena.floats(bars + 2) };
}

/** Writes the return of each run whose position is closed where its signal ends. */
export function writeReturns({ entry, exit, count }: Runs, fills: Fills, ret: Float64Array): void {
  const { prices, factor, base, extra } = fills;
  for (let run = 0; run < count; run += 1) {
    const from = entry[run];
    const side = from & 1;
    const ratio = prices[2 * exit[run] + 1 - side] / prices[from];
    ret[run] = ratio * factor[side] + base[side] + extra[side];
  }
}

/** Returns whether each trade commits all that is available. */
export function putsAllIn({ sizing }: Setting): boolean {
  return sizing === 'all_in' || sizing === 'strategy_compound';
}

/** Settles `count` trades with these returns, beginning with the initial cash. */
export function settle(setting: Setting, ret: Float64Array, count: number, balance: Balance): void {
  balance.available = setting.initCash;
  balance.safe = 0;
  balance.bust = false;
  balance.ruinBar = -1;
  balance.count = count;
  switch (setting.sizing) {
    case 'all_in':
    case 'strategy_compound':
      settleAll(ret, count, balance);
      break;
    case 'fixed_quote':
      settleFixed(setting.fixedQuote, ret, count, balance);
      break;
    case 'percent_of_equity':
      settlePercent(setting.equityPercent, ret, count, balance);
      break;
    case 'strategy_compound_profit_lock':
      settleLocked(setting.safeProfitPercent, ret, count, balance);
      break;
  }
}

function settleAll(ret: Float64Array, count: number, balance: Balance): void {
  const { net } = balance;
  let available = balance.available;
  for (let trade = 0; trade < count; trade += 1) {
    const won = available * ret[trade];
    net[trade] = won;
    available += won;
    if (available <= 0) return goBust(balance, trade);
  }
  balance.available = available;
}

function settleFixed(quote: number, ret: Float64Array, count: number, balance: Balance): void {
  const { net } = balance;
  let available = balance.available;
  for (let trade = 0; trade < count; trade += 1) {
    const won = (available < quote ? available : quote) * ret[trade];
    net[trade] = won;
    available += won;
    if (available <= 0) return goBust(balance, trade);
  }
  balance.available = available;
}

function settlePercent(percent: number, ret: Float64Array, count: number, balance: Balance): void {
  const { net } = balance;
  let available = balance.available;
  for (let trade = 0; trade < count; trade += 1) {
    const won = ((available * percent) / 100) * ret[trade];
    net[trade] = won;
    available += won;
    if (available <= 0) return goBust(balance, trade);
  }
  balance.available = available;
}

function settleLocked(percent: number, ret: Float64Array, count: number, balance: Balance): void {
  const { net } = balance;
  let available = balance.available;
  let safe = balance.safe;
  for (let trade = 0; trade < count; trade += 1) {
    const won = available * ret[trade];
    net[trade] = won;
    available += won;
    if (won > 0) {
      const locked = (won * percent) / 100;
      available -= locked;
      safe += locked;
    }
    balance.safe = safe;
    if (available <= 0) return goBust(balance, trade);
  }
  balance.available = available;
}

/** Ends trading after a trade that left nothing; the debt is forgiven. */
function goBust(balance: Balance, trade: number): void {
  balance.bust = true;
  balance.available = 0;
  balance.count = trade + 1;
}
