// The equity path of a variant, computed from its trades alone: a bar outside trades has the equity of the bar before
// it, and daily returns read few of the bars inside. Every value is computed in the order of account.ts.

import { entryAmount } from '../simulate/account.ts';
import type { Days } from '../simulate/metrics.ts';
import type { Setting } from '../simulate/setting.ts';
import type { Balance } from './balance.ts';
import { SHORT, type Fills } from './fills.ts';

/** Trades on the bars where they fill, and their amounts, as columns. */
export interface Path {
  count: number;
  readonly entryBar: Int32Array;
  /** First bar at whose close the position is closed. */
  readonly exitBar: Int32Array;
  readonly side: Uint8Array;
  readonly amount: Float64Array;
  readonly quantity: Float64Array;
  /** Quote that is not in the position. */
  readonly idle: Float64Array;
  /** Quote after the trade. */
  readonly cash: Float64Array;
}

/** The trades to trace. */
interface Traced {
  readonly entry: Int32Array;
  /** Bar on which each trade closes its position. */
  readonly exitBar: Int32Array;
  readonly balance: Balance;
}

/** Opens a path over `bars` bars. */
export function openPath(bars: number): Path {
  const rows = bars + 2;
  return {
    count: 0,
    entryBar: new Int32Array(rows),
    exitBar: new Int32Array(rows),
    side: new Uint8Array(rows),
    amount: new Float64Array(rows),
    quantity: new Float64Array(rows),
    idle: new Float64Array(rows),
    cash: new Float64Array(rows),
  };
}

/** Writes the path of settled trades. */
export function tracePath(path: Path, setting: Setting, fills: Fills, { entry, exitBar, balance }: Traced): void {
  const { count, net, bust } = balance;
  const fee = setting.feePct / 100;
  const locks = setting.sizing === 'strategy_compound_profit_lock';
  let available = setting.initCash;
  let safe = 0;
  for (let trade = 0; trade < count; trade += 1) {
    const amount = entryAmount(setting, available);
    path.entryBar[trade] = (entry[trade] >>> 1) + fills.delay;
    path.exitBar[trade] = exitBar[trade];
    path.side[trade] = entry[trade] & 1;
    path.amount[trade] = amount;
    path.quantity[trade] = amount / fills.prices[entry[trade]];
    path.idle[trade] = available - amount - amount * fee + safe;
    available += net[trade];
    if (locks && net[trade] > 0) {
      const locked = (net[trade] * setting.safeProfitPercent) / 100;
      available -= locked;
      safe += locked;
    }
    if (available <= 0 || (bust && trade === count - 1)) available = 0;
    path.cash[trade] = available + safe;
  }
  path.count = count;
}

/**
 * Computes the deepest fall of the equity from its running peak, which starts at initCash, in percent of the peak;
 * compare `maxDrawdownPct` of metrics.ts.
 */
export function pathDrawdownPct(path: Path, close: Float64Array, initCash: number): number {
  const { count, entryBar, exitBar, side, amount, quantity, idle, cash } = path;
  let peak = initCash;
  let trough = initCash;
  let worst = 0;
  for (let trade = 0; trade < count; trade += 1) {
    const end = exitBar[trade];
    const units = quantity[trade];
    const rest = idle[trade];
    const margin = amount[trade];
    const short = side[trade] === SHORT;
    for (let bar = entryBar[trade]; bar < end; bar += 1) {
      const worth = units * close[bar];
      const value = rest + (short ? margin + (margin - worth) : worth);
      if (value > peak) {
        worst = Math.max(worst, (peak - trough) / peak);
        peak = value;
        trough = value;
      } else if (value < trough) {
        trough = value;
      }
    }
    if (trade + 1 < count && entryBar[trade + 1] === end) continue; // there is no bar between the two trades
    const value = cash[trade];
    if (value > peak) {
      worst = Math.max(worst, (peak - trough) / peak);
      peak = value;
      trough = value;
    } else if (value < trough) {
      trough = value;
    }
  }
  return Math.max(worst, (peak - trough) / peak) * 100;
}

/** Writes the equity at the last bar of each day. */
export function writeDayEquity(path: Path, close: Float64Array, initCash: number, { lastBars, equity }: Days): void {
  const { count, entryBar, exitBar, side, amount, quantity, idle, cash } = path;
  const days = lastBars.length;
  let before = initCash;
  let day = 0;
  for (let trade = 0; trade < count; trade += 1) {
    const start = entryBar[trade];
    const end = exitBar[trade];
    for (; day < days && lastBars[day] < start; day += 1) equity[day] = before;
    for (; day < days && lastBars[day] < end; day += 1) {
      const worth = quantity[trade] * close[lastBars[day]];
      const margin = amount[trade];
      equity[day] = idle[trade] + (side[trade] === SHORT ? margin + (margin - worth) : worth);
    }
    before = cash[trade];
  }
  for (; day < days; day += 1) equity[day] = before;
}
