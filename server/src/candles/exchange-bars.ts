// The bars that an exchange gives: judged one by one, because one bad bar must not keep out the others for ever.

import type { Candles } from '@backtest-jobs/engine';
import type { Bad } from './files/bad-rows.ts';
import { minuteOf } from './files/grid.ts';
import { sharedCandles } from './source.ts';

/** Counts a bar that opened late or has no sound numbers; returns whether it goes into the store. */
export function judge(
  row: readonly number[],
  step: number,
  { moved, bad }: { readonly moved: Bad; readonly bad: Bad },
): boolean {
  const [time = Number.NaN, ...values] = row;
  const place = minuteOf(time);
  const volume = values[4] ?? Number.NaN;
  const sound = values.slice(0, 4).every((price) => price > 0 && price < Infinity) && volume >= 0 && volume < Infinity;
  if (!sound || place % step !== 0 || (values[1] ?? 0) < (values[2] ?? 0))
    bad.add('', `the bar of ${openOf(row)}: ${values.join(', ')}`);
  else if (place !== time) moved.add('', `opened ${openOf(row)}`);
  return sound && place % step === 0 && (values[1] ?? 0) >= (values[2] ?? 0);
}

/** Writes when a bar opened. */
export function openOf([time = Number.NaN]: readonly number[] = []): string {
  return Number.isNaN(time) ? 'no time' : new Date(time).toISOString();
}

/** Makes columns of bars. */
export function candlesOf(rows: readonly number[][]): Candles {
  const candles = sharedCandles(rows.length);
  const columns = [candles.time, candles.open, candles.high, candles.low, candles.close, candles.volume];
  for (const [i, row] of rows.entries()) for (const [c, column] of columns.entries()) column[i] = row[c] ?? Number.NaN;
  return candles;
}
