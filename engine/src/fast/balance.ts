// The money of a variant: its trades' returns, one after the other, in the normative order of account.ts: net = amount *
// return, available + net, what is locked away, bust.

import type { Arena } from '../columns/arena.ts';
import type { Setting } from '../simulate/setting.ts';
import type { Fills } from './fills.ts';
import type { Runs } from './runs.ts';

/** What became of an balance. Only the first `count` trades were made: there are fewer than runs if it went bust. */
export interface Balance {
  available: number;
  safe: number;
  count: number;
  bust: boolean;
  /** A side it trades has an exit rule; compare `Simulation`. */
  readonly ruled: boolean;
  readonly net: Float64Array;
}

export function openBalance(bars: number, ruled: boolean, arena: Arena): Balance {
  return { available: 0, safe: 0, count: 0, bust: false, ruled, net: arena.floats(bars + 2) };
}

/** The return of each run, left where its signal ends. */
export function returnsOf({ entry, exit, count }: Runs, fills: Fills, ret: Float64Array): void {
  const { prices, factor, base, extra } = fills;
  for (let run = 0; run < count; run += 1) {
    const from = entry[run];
    const side = from & 1;
    const ratio = prices[2 * exit[run] + 1 - side] / prices[from];
    ret[run] = ratio * factor[side] + base[side] + extra[side];
  }
}

/** Whether each trade puts in all that is available. */
export function putsAllIn({ sizing }: Setting): boolean {
  return sizing === 'all_in' || sizing === 'strategy_compound';
}

export function settle(setting: Setting, ret: Float64Array, count: number, balance: Balance): void {
  balance.available = setting.initCash;
  balance.safe = 0;
  balance.bust = false;
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

/** What is missing is forgiven, and nothing is traded any more. */
function goBust(balance: Balance, trade: number): void {
  balance.bust = true;
  balance.available = 0;
  balance.count = trade + 1;
}
