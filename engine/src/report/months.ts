// What a variant made in each calendar month, from the equity of every bar: a thinned plot cannot tell it exactly.

import type { MeasureContext } from '../simulate/metrics.ts';
import { isoTime } from './trade-rows.ts';

export interface MonthReturn {
  /** Such as 2024-01. */
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
 * Returns the months that have bars, in order; a bar belongs to the month of the market's day in which it opens, by default of the UTC
 * day. The growth factors of all months multiply to that of the whole range. After ruin, with no money left, a month returns 0.
 */
export function monthReturns(
  { time, equity, close }: MonthColumns,
  { initCash, clock }: Pick<MeasureContext, 'initCash' | 'clock'>,
): readonly MonthReturn[] {
  const dated = (bar: number): number => (clock ? clock.dateOf(time[bar]) : time[bar]);
  const months: MonthReturn[] = [];
  let before = { equity: initCash, close: close[0] };
  for (let bar = 0; bar < time.length; bar += 1) {
    const month = isoTime(dated(bar)).slice(0, 7);
    const next = startOfNextMonth(dated(bar));
    while (bar + 1 < time.length && dated(bar + 1) < next) bar += 1;
    const at = { equity: equity[bar], close: close[bar] };
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
