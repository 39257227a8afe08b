// The definition of a trade: one pass over the target bars that turns a signal into trades and equity. Everything else
// that scores variants must agree with this file bit for bit. Within a bar: orders of the previous close fill at the
// open, then intrabar stops, then at the close risk exit, signal exit, entry and, on the last bar, the forced close.
// That order alone says from which bar a stop is watched: a position opened at the close is past this bar's checks, a
// position opened at the open is not. Not modelled: funding, borrow, liquidation, lot size, pyramiding.

import { closeAccount, enter, exit, openAccount, stopHit, stopWithin } from './account.ts';
import type { Account } from './account.ts';
import type { Candles } from './candles.ts';
import type { Risk } from './grid.ts';
import type { Template } from './spec.ts';
import { NO_EXIT, FORCED_CLOSE, openTrades, SIGNAL_EXIT } from './trades.ts';
import type { Trades } from './trades.ts';

export type Direction = 'long-only' | 'short-only' | 'long-short';
export type Sizing =
  | 'all_in'
  | 'fixed_quote'
  | 'percent_of_equity'
  | 'strategy_compound'
  | 'strategy_compound_profit_lock';

/** How a signal is traded. Percents are human percents; `null` turns a stop off. */
export interface Setting {
  readonly direction: Direction;
  readonly sizing: Sizing;
  readonly initCash: number;
  readonly feePct: number;
  readonly slippagePct: number;
  readonly fixedQuote: number;
  readonly equityPercent: number;
  readonly safeProfitPercent: number;
  readonly fill: 'close' | 'next_open';
  readonly trigger: 'close' | 'intrabar';
  readonly sl: number | null;
  readonly tp: number | null;
  /** Which stop an intrabar bar that reaches both has hit. Default `sl_first`; `tp_first` gives the other bound. */
  readonly ambiguous?: 'sl_first' | 'tp_first';
}

export interface Simulation {
  readonly trades: Trades;
  /** Quote at each target close, after that bar's actions. */
  readonly equity: Float64Array;
  readonly finalEquity: number;
  /** An exit left nothing to trade with: no entry ever again. */
  readonly bust: boolean;
  /** The debt forgiven by going bust: sum of nets + writtenOff = finalEquity - initCash. */
  readonly writtenOff: number;
  /** Bars whose intrabar stop was decided by convention, because low and high reached both levels. */
  readonly ambiguousBars: number;
  readonly setting: Setting;
}

/** 1 where a side's exit rule holds at the close; null: the side follows its signal. */
export interface Exits {
  readonly long: Uint8Array | null;
  readonly short: Uint8Array | null;
}

export const NO_EXITS: Exits = { long: null, short: null };

/** Memory for one simulation at a time: what `simulate` returns is valid until its room is used again. */
export interface Room {
  readonly equity: Float64Array;
  readonly trades: Trades;
}

/**
 * Trades a signal (1 LONG, -1 SHORT, 0 NEUTRAL at each close) over the target bars. A pure function, except that the
 * result lives in `room`. Throws a RangeError if the columns, the signal and the room differ in length.
 */
export function simulate(
  target: Candles,
  signal: Int8Array,
  setting: Setting,
  _exits: Exits = NO_EXITS,
  room: Room = openRoom(target.time.length),
): Simulation {
  const { open, high, low, close } = target;
  checkLengths(target, signal, room);
  const account = openAccount(target, setting, room);
  const atOpen = setting.fill === 'next_open';
  const intrabar = setting.trigger === 'intrabar';
  const longs = setting.direction !== 'short-only';
  const shorts = setting.direction !== 'long-only';
  const last = close.length - 1;
  let before = 0; // before the first target bar the signal is NEUTRAL
  let exitOrder = NO_EXIT;
  let entryOrder = 0;

  for (let bar = 0; bar <= last; bar += 1) {
    if (exitOrder === NO_EXIT && entryOrder === 0) bar = skipQuiet(account, signal, bar, before);
    if (exitOrder !== NO_EXIT) exit(account, bar, open[bar], exitOrder, true);
    if (entryOrder !== 0) enter(account, bar - 1, bar, open[bar], entryOrder);
    exitOrder = NO_EXIT;
    entryOrder = 0;
    if (intrabar) stopWithin(account, bar, open[bar], low[bar], high[bar]);

    // At the close. With next_open nothing decided on the last bar could fill: it only forces the position closed.
    const price = close[bar];
    const wanted = signal[bar];
    if (account.side !== 0 && !(atOpen && bar === last)) {
      let reason = intrabar ? NO_EXIT : stopHit(account, price, price);
      if (reason === NO_EXIT && wanted !== account.side) reason = SIGNAL_EXIT;
      if (atOpen) exitOrder = reason;
      else if (reason !== NO_EXIT) exit(account, bar, price, reason, false);
    }
    // An entry needs an edge: after a stop the unchanged signal does not enter again. A position is held because of the
    // signal before, so an edge has just ended it: an entry never meets an open position.
    if (wanted !== before && bar < last && (wanted > 0 ? longs : wanted < 0 && shorts)) {
      if (atOpen) entryOrder = wanted;
      else enter(account, bar, bar, price, wanted);
    }
    if (bar === last && account.side !== 0) exit(account, bar, price, FORCED_CLOSE, false);
    before = wanted;
  }
  return closeAccount(account);
}

/** Memory for simulations of targets of `bars` bars. */
export function openRoom(bars: number): Room {
  return { equity: new Float64Array(bars), trades: openTrades() };
}

/** The setting of one variant: a template under one risk point. */
export function settingOf(template: Template, risk: Risk): Setting {
  const { execution } = template;
  return {
    direction: template.direction_mode,
    sizing: template.sizing_mode,
    initCash: execution.init_cash_quote,
    feePct: execution.fee_pct,
    slippagePct: execution.slippage_pct,
    fixedQuote: execution.fixed_quote,
    equityPercent: execution.equity_percent,
    safeProfitPercent: execution.safe_profit_percent,
    fill: execution.fill,
    trigger: template.risk_grid.trigger,
    sl: risk.sl,
    tp: risk.tp,
  };
}

/**
 * The first bar from `bar` on where anything can happen: the signal differs from the one before, a stop can trip, or it
 * is the last one. Only this makes the pass fast: most bars change nothing.
 */
function skipQuiet(account: Account, signal: Int8Array, bar: number, before: number): number {
  const { side, stopLevel, takeLevel, opens, lows, highs } = account;
  const last = signal.length - 1;
  let next = bar;
  if (side === 0 || !account.stops) {
    while (next < last && signal[next] === before) next += 1;
    return next;
  }
  const floor = side > 0 ? stopLevel : takeLevel;
  const ceiling = side > 0 ? takeLevel : stopLevel;
  while (next < last && signal[next] === before && lows[next] > floor && highs[next] < ceiling) {
    if (opens[next] <= floor || opens[next] >= ceiling) break; // nothing promises that the open lies within the bar
    next += 1;
  }
  return next;
}

function checkLengths({ time, open, high, low, close }: Candles, signal: Int8Array, room: Room): void {
  for (const column of [open, high, low, close, signal, room.equity]) {
    if (column.length !== time.length) {
      throw new RangeError(
        `${time.length} target bars meet a column, signal or room of ${column.length}: must be equal`,
      );
    }
  }
}
