// The paths behind a report, one value per target close, for plots.

import type { Candles } from '../bars/candles.ts';
import { barEnd } from '../bars/timeframe.ts';
import type { MeasureContext } from '../simulate/metrics.ts';
import type { Simulation } from '../simulate/setting.ts';

/** Columns of equal length. */
export interface Series {
  /** Close of the bar, epoch milliseconds. */
  readonly time: Float64Array;
  /** Quote. */
  readonly equity: Float64Array;
  /** Positive percent below the running peak, which starts at the initial cash. */
  readonly drawdown: Float64Array;
  /** Quote: the initial cash in buy and hold from the first close on, without costs. */
  readonly benchmark: Float64Array;
  /** Held into the next bar: 1 long, -1 short, 0 flat. */
  readonly position: Float64Array;
}

/** The paths of a simulation over the target bars, at every close. */
export function series(simulation: Simulation, target: Candles, { initCash, ...buckets }: MeasureContext): Series {
  const { close, time } = target;
  const { trades, equity } = simulation;
  const position = new Float64Array(close.length);
  for (let trade = 0; trade < trades.count; trade += 1) {
    position.fill(trades.side[trade], trades.entryBar[trade], trades.exitBar[trade]);
  }
  return {
    time: time.map((opened) => barEnd(opened, buckets)),
    equity: equity.slice(),
    drawdown: drawdown(equity, initCash),
    benchmark: close.map((price) => (initCash * price) / close[0]),
    position,
  };
}

/** Positive percent from the running peak at each bar. */
export function drawdown(equity: Float64Array, initCash: number): Float64Array {
  const falls = new Float64Array(equity.length); // filled in a loop: `map` takes four times as long
  let peak = initCash;
  for (let bar = 0; bar < equity.length; bar += 1) {
    const value = equity[bar];
    if (value > peak) peak = value;
    falls[bar] = ((peak - value) / peak) * 100;
  }
  return falls;
}

/**
 * At most `points` rows (at least 4): the first, the last, and from each stretch between them the rows with the lowest
 * and the highest equity, so that no spike is lost. All columns keep the same rows.
 */
export function decimate(full: Series, points: number): Series {
  const bars = full.equity.length;
  const stretches = Math.floor((points - 2) / 2);
  if (!(stretches >= 1)) throw new RangeError(`points is ${points}, must be at least 4`);
  if (bars <= points) return full;
  const rows = new Set([0]);
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const from = 1 + Math.floor(((bars - 2) * stretch) / stretches);
    const to = 1 + Math.floor(((bars - 2) * (stretch + 1)) / stretches);
    for (const row of extremes(full.equity, from, to)) rows.add(row);
  }
  rows.add(bars - 1);
  const pick = (column: Float64Array): Float64Array => Float64Array.from(rows, (row) => column[row]);
  return {
    time: pick(full.time),
    equity: pick(full.equity),
    drawdown: pick(full.drawdown),
    benchmark: pick(full.benchmark),
    position: pick(full.position),
  };
}

/** Where [from, to) is lowest and highest, in time order. */
function extremes(values: Float64Array, from: number, to: number): [number, number] {
  let lowest = from;
  let highest = from;
  for (let row = from; row < to; row += 1) {
    if (values[row] < values[lowest]) lowest = row;
    if (values[row] > values[highest]) highest = row;
  }
  return lowest < highest ? [lowest, highest] : [highest, lowest];
}
