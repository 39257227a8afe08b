// The money of a variant: its trades' returns, one after the other, in the normative order of account.ts: net = amount *
// return, available + net, what is locked away, bust.

import type { Arena } from '../columns/arena.ts';
import type { Setting } from '../simulate/setting.ts';
import type { Fills } from './fills.ts';
import type { Runs } from './runs.ts';

/** What became of an account. Only the first `count` trades were made: there are fewer than runs if it went bust. */
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
  const { prices, times, plus, more } = fills;
  for (let run = 0; run < count; run += 1) {
    const from = entry[run];
    const side = from & 1;
    const ratio = prices[2 * exit[run] + 1 - side] / prices[from];
    ret[run] = ratio * times[side] + plus[side] + more[side];
  }
}

/** Whether each trade puts in all that is available. */
export function putsAllIn({ sizing }: Setting): boolean {
  return sizing === 'all_in' || sizing === 'strategy_compound';
}

export function settle(setting: Setting, ret: Float64Array, count: number, account: Balance): void {
  account.available = setting.initCash;
  account.safe = 0;
  account.bust = false;
  account.count = count;
  switch (setting.sizing) {
    case 'all_in':
    case 'strategy_compound':
      settleAll(ret, count, account);
      break;
    case 'fixed_quote':
      settleFixed(setting.fixedQuote, ret, count, account);
      break;
    case 'percent_of_equity':
      settlePercent(setting.equityPercent, ret, count, account);
      break;
    case 'strategy_compound_profit_lock':
      settleLocked(setting.safeProfitPercent, ret, count, account);
      break;
  }
}

function settleAll(ret: Float64Array, count: number, account: Balance): void {
  const { net } = account;
  let available = account.available;
  for (let trade = 0; trade < count; trade += 1) {
    const won = available * ret[trade];
    net[trade] = won;
    available += won;
    if (available <= 0) return goBust(account, trade);
  }
  account.available = available;
}

function settleFixed(quote: number, ret: Float64Array, count: number, account: Balance): void {
  const { net } = account;
  let available = account.available;
  for (let trade = 0; trade < count; trade += 1) {
    const won = (available < quote ? available : quote) * ret[trade];
    net[trade] = won;
    available += won;
    if (available <= 0) return goBust(account, trade);
  }
  account.available = available;
}

function settlePercent(percent: number, ret: Float64Array, count: number, account: Balance): void {
  const { net } = account;
  let available = account.available;
  for (let trade = 0; trade < count; trade += 1) {
    const won = ((available * percent) / 100) * ret[trade];
    net[trade] = won;
    available += won;
    if (available <= 0) return goBust(account, trade);
  }
  account.available = available;
}

function settleLocked(percent: number, ret: Float64Array, count: number, account: Balance): void {
  const { net } = account;
  let available = account.available;
  let safe = account.safe;
  for (let trade = 0; trade < count; trade += 1) {
    const won = available * ret[trade];
    net[trade] = won;
    available += won;
    if (won > 0) {
      const locked = (won * percent) / 100;
      available -= locked;
      safe += locked;
    }
    account.safe = safe;
    if (available <= 0) return goBust(account, trade);
  }
  account.available = available;
}

/** What is missing is forgiven, and nothing is traded any more. */
function goBust(account: Balance, trade: number): void {
  account.bust = true;
  account.available = 0;
  account.count = trade + 1;
}
