// The one error of a range without bars, whoever finds out: the gate, a source of candles, or the roll-up.

import type { Problem } from '../problems.ts';

/**
 * Makes the problem.
 * @param range that was asked for, in epoch milliseconds
 * @param offered a clause about the candles that there are
 */
export function noCandles(range: { readonly start: number; readonly end: number }, offered: string): Problem {
  const [start, end] = [range.start, range.end].map((time) => new Date(time).toISOString());
  const message = `no market data for requested range ${start} to ${end}: ${offered}`;
  return { path: 'time_range', code: 'no_candles', message };
}
