// The equity of bars from the trades alone, for metrics that need its path: a bar outside trades has the worth of the bar
// before, and of those inside most are never looked at. Every value that is compared is computed as account.ts does.

import { entryAmount } from '../simulate/account.ts';
import type { Days } from '../simulate/metrics.ts';
import type { Setting } from '../simulate/setting.ts';
import type { Balance } from './balance.ts';
import { SHORT, type Fills } from './fills.ts';
import type { Runs } from './runs.ts';

/** Trades on the bars where they fill, and the money around them; as columns. */
export interface Path {
  count: number;
  readonly entryBar: Int32Array;
  /** From here on the position is gone. */
  readonly exitBar: Int32Array;
  readonly side: Uint8Array;
  readonly amount: Float64Array;
  readonly quantity: Float64Array;
  /** Quote beside the position. */
  readonly idle: Float64Array;
  /** Quote after the trade. */
  readonly cash: Float64Array;
}

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

/** `exitBarOf`: the bar at which a run's position is gone. */
export function tracePath(
  path: Path,
  setting: Setting,
  { entry }: Runs,
  { count, net }: Balance,
  { fills, exitBar }: { readonly fills: Fills; readonly exitBar: Int32Array },
): void {
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
    if (available <= 0) available = 0;
    path.cash[trade] = available + safe;
  }
  path.count = count;
}

/** The deepest fall from the running peak, which starts at initCash; compare `maxDrawdownPct` of metrics.ts. */
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
    if (trade + 1 < count && entryBar[trade + 1] === end) continue; // no bar between them
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
