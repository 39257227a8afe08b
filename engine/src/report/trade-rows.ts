// The trades of one simulation as a reader sees them: times, costs, and how far each went against and for the trader.

import type { Candles } from '../bars/candles.ts';
import { barEnd, type Buckets } from '../bars/timeframe.ts';
import type { Simulation } from '../simulate/setting.ts';
import { EXIT_REASONS, type ExitReason } from '../simulate/trades.ts';

/** Bars are positions in the target slice, times ISO 8601 UTC, money in quote, percents human percents. */
export interface TradeRow {
  /** 1 is the first trade. */
  readonly trade_id: number;
  readonly direction: 'long' | 'short';
  /** Close of the bar that decided the entry. */
  readonly signal_time: string;
  readonly entry_time: string;
  readonly entry_bar: number;
  readonly entry_fill: number;
  readonly exit_time: string;
  readonly exit_bar: number;
  readonly exit_fill: number;
  readonly qty: number;
  readonly entry_amount: number;
  readonly exit_amount: number;
  readonly entry_fee: number;
  readonly exit_fee: number;
  /** Before fees: gross - entry_fee - exit_fee = net. */
  readonly gross: number;
  readonly net: number;
  /** Moved to safety by the profit lock. */
  readonly locked: number;
  readonly return_pct: number;
  /** Worst price while held against the entry fill, <= 0. */
  readonly mae_pct: number;
  /** Best price while held against the entry fill, >= 0. */
  readonly mfe_pct: number;
  readonly exit_reason: ExitReason;
}

/** When a trade was filled, epoch milliseconds. */
export interface TradeTimes {
  readonly entry: number;
  readonly exit: number;
}

/** The trades of a simulation over the target bars, in time order; of more than `most`, the first and the last half of it. */
export function tradeRows(simulation: Simulation, target: Candles, buckets: Buckets, most = Infinity): TradeRow[] {
  const rows: TradeRow[] = [];
  const { count } = simulation.trades;
  const cut = count > most;
  const head = cut ? Math.ceil(most / 2) : count;
  const tail = cut ? count - Math.floor(most / 2) : count;
  for (let trade = 0; trade < head; trade += 1) rows.push(tradeRow(simulation, target, buckets, trade));
  for (let trade = tail; trade < count; trade += 1) rows.push(tradeRow(simulation, target, buckets, trade));
  return rows;
}

/**
 * Fills at an open have the time of the open, all others the close of their bar. That goes for an intrabar stop too: the
 * bar does not tell when its level was reached, only that it was by the close.
 */
export function tradeTimes(
  { trades, setting }: Simulation,
  { time }: Candles,
  buckets: Buckets,
  trade: number,
): TradeTimes {
  const [entry, exit] = [time[trades.entryBar[trade]], time[trades.exitBar[trade]]];
  return {
    entry: setting.fill === 'next_open' ? entry : barEnd(entry, buckets),
    exit: trades.exitAtOpen[trade] === 1 ? exit : barEnd(exit, buckets),
  };
}

function tradeRow(simulation: Simulation, target: Candles, buckets: Buckets, trade: number): TradeRow {
  const { trades, setting } = simulation;
  const times = tradeTimes(simulation, target, buckets, trade);
  const side = trades.side[trade];
  const amount = trades.amount[trade];
  const entryFill = trades.entryFill[trade];
  const exitFill = trades.exitFill[trade];
  const fee = setting.feePct / 100;
  const exitAmount = amount * (exitFill / entryFill);
  const [lowest, highest] = priceRange(simulation, target, trade);
  const toLowest = side * (lowest / entryFill - 1) * 100;
  const toHighest = side * (highest / entryFill - 1) * 100;
  return {
    trade_id: trade + 1,
    direction: side > 0 ? 'long' : 'short',
    signal_time: isoTime(barEnd(target.time[trades.signalBar[trade]], buckets)),
    entry_time: isoTime(times.entry),
    entry_bar: trades.entryBar[trade],
    entry_fill: entryFill,
    exit_time: isoTime(times.exit),
    exit_bar: trades.exitBar[trade],
    exit_fill: exitFill,
    qty: amount / entryFill,
    entry_amount: amount,
    exit_amount: exitAmount,
    entry_fee: amount * fee,
    exit_fee: exitAmount * fee,
    gross: side * (exitAmount - amount),
    net: trades.net[trade],
    locked: trades.locked[trade],
    return_pct: trades.ret[trade] * 100,
    mae_pct: Math.min(toLowest, toHighest),
    mfe_pct: Math.max(toLowest, toHighest),
    exit_reason: EXIT_REASONS[trades.reason[trade]],
  };
}

/**
 * The lowest and highest price a trade certainly saw: both fills, the bars held from start to end, and of a bar that an
 * intrabar stop cut short only the open, because its low or high may have come after the exit.
 */
function priceRange({ trades, setting }: Simulation, target: Candles, trade: number): [number, number] {
  const { open, high, low } = target;
  const entryFill = trades.entryFill[trade];
  const exitFill = trades.exitFill[trade];
  const exitBar = trades.exitBar[trade];
  const first = trades.entryBar[trade] + (setting.fill === 'next_open' ? 0 : 1); // a close fill meets the next bar
  const reason = EXIT_REASONS[trades.reason[trade]];
  const cutShort =
    setting.trigger === 'intrabar' && (reason === 'sl' || reason === 'tp' || reason === 'trail' || reason === 'ruin');
  const atOpen = trades.exitAtOpen[trade] === 1;
  let lowest = Math.min(entryFill, exitFill);
  let highest = Math.max(entryFill, exitFill);
  const last = atOpen || cutShort ? exitBar - 1 : exitBar;
  for (let bar = first; bar <= last; bar += 1) {
    lowest = Math.min(lowest, low[bar]);
    highest = Math.max(highest, high[bar]);
  }
  if (cutShort && first <= exitBar) {
    lowest = Math.min(lowest, open[exitBar]);
    highest = Math.max(highest, open[exitBar]);
  }
  return [lowest, highest];
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
