// What a variant made in each calendar month, from the equity of every bar: a thinned plot cannot tell it exactly.

import { isoTime } from './trade-rows.ts';

export interface MonthReturn {
  /** UTC, such as 2024-01. */
  readonly month: string;
  /** From the last close before the month to its last close, in percent. */
  readonly return_pct: number;
  /** The same of buy and hold, from the first close on. */
  readonly benchmark_pct: number;
}

/** Columns of the bars: opens in epoch milliseconds, and the equity and the close at each close. */
export interface MonthColumns {
  readonly time: Float64Array;
  readonly equity: Float64Array;
  readonly close: Float64Array;
}

/**
 * Returns the months that have bars, in order; a bar belongs to the month in which it opens. The growth factors of all
 * months multiply to that of the whole range. After ruin, with no money left, a month returns 0.
 */
export function monthReturns({ time, equity, close }: MonthColumns, initCash: number): readonly MonthReturn[] {
  const months: MonthReturn[] = [];
  let before = { equity: initCash, close: close[0] };
  for (let bar = 0; bar < time.length; bar += 1) {
    const next = startOfNextMonth(time[bar]);
    while (bar + 1 < time.length && time[bar + 1] < next) bar += 1;
    const at = { equity: equity[bar], close: close[bar] };
    const month = isoTime(time[bar]).slice(0, 7);
    months.push({ month, return_pct: growth(before.equity, at.equity), benchmark_pct: growth(before.close, at.close) });
    before = at;
  }
  return months;
}

function startOfNextMonth(ms: number): number {
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

function growth(from: number, to: number): number {
  return from === 0 ? 0 : (to / from - 1) * 100;
}
