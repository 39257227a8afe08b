// The definition of a trade: one pass over the target bars that turns a signal into trades and equity. Everything else
// that scores variants must agree with this file bit for bit. Within a bar: orders of the previous close fill at the
// open, then intrabar stops, then at the close risk exit, exit rule or signal exit, entry and, on the last bar, the
// forced close. That order alone says from which bar a stop is watched: a position opened at the close is past this bar's
// checks, a position opened at the open is not. Not modelled: funding, borrow, liquidation, lot size, pyramiding.

import type { Candles } from '../bars/candles.ts';
import {
  closeAccount,
  enter,
  exit,
  trailStop,
  openAccount,
  stopHit,
  stopWithin,
  untilHit,
  type Account,
} from './account.ts';
import { openBuffers, type Exits, type Buffers, type Setting, type Simulation } from './setting.ts';
import { EXIT_RULE, FORCED_CLOSE, MAX_BARS, NO_EXIT, SIGNAL_EXIT } from './trades.ts';

/**
 * Trades a signal (1 LONG, -1 SHORT, 0 NEUTRAL at each close) over the target bars. A pure function, except that the
 * result lives in `buffers`. Throws a RangeError if the columns, the signal, the exits and the buffers differ in length.
 */
export function simulate(
  target: Candles,
  signal: Int8Array,
  setting: Setting,
  exits: Exits | null = null,
  buffers: Buffers = openBuffers(target.time.length),
): Simulation {
  const { time, open, high, low, close } = target;
  checkLengths(time.length, [
    open,
    high,
    low,
    close,
    signal,
    buffers.equity,
    exits?.long ?? time,
    exits?.short ?? time,
  ]);
  const account = openAccount(target, setting, exits, buffers);
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
    const edge = wanted !== before;
    if (account.side !== 0 && !(atOpen && bar === last)) {
      const reason = exitReason(account, bar, wanted, edge);
      if (atOpen) exitOrder = reason;
      else if (reason !== NO_EXIT) exit(account, bar, price, reason, false);
    }
    if (account.trails) trailStop(account, bar);
    // An entry needs an edge: after a stop the unchanged signal does not enter again. And it needs a position that is not
    // there or about to end: an edge to the side that an exit rule holds does nothing.
    const free = account.side === 0 || exitOrder !== NO_EXIT;
    if (edge && free && bar < last && (wanted > 0 ? longs : wanted < 0 && shorts)) {
      if (atOpen) entryOrder = wanted;
      else enter(account, bar, bar, price, wanted);
    }
    if (bar === last && account.side !== 0) exit(account, bar, price, FORCED_CLOSE, false);
    before = wanted;
  }
  return closeAccount(account);
}

/** Why the position ends at the close of a bar: the first reason in the order of the rules, or none. */
function exitReason(account: Account, bar: number, wanted: number, edge: boolean): number {
  const { side, exitRule, close } = account;
  const stop = account.intrabar ? NO_EXIT : stopHit(account, close[bar], close[bar]);
  if (stop !== NO_EXIT) return stop;
  if (bar >= account.lastBar) return MAX_BARS;
  if (exitRule === null) return wanted === side ? NO_EXIT : SIGNAL_EXIT;
  if (bar > account.entryBar && exitRule[bar] !== 0) return EXIT_RULE;
  return edge && wanted === -side ? SIGNAL_EXIT : NO_EXIT;
}

/**
 * The first bar from `bar` on where anything can happen: the signal differs from the one before, the position's exit rule
 * holds or its time is over, a stop can trip, or it is the last one. Only this makes the pass fast: most bars change
 * nothing. One look at a column at a time, because each ends where the one before did.
 */
function skipQuiet(account: Account, signal: Int8Array, bar: number, before: number): number {
  const { side, exitRule } = account;
  const last = signal.length - 1;
  const end = side === 0 ? last : Math.min(last, account.lastBar);
  let next = bar;
  while (next < end && signal[next] === before) next += 1;
  if (side === 0) return next;
  if (exitRule !== null) {
    const change = next;
    next = bar; // which is later than the bar of the entry fill: that one is never skipped
    while (next < change && exitRule[next] === 0) next += 1;
  }
  return account.stops ? untilHit(account, bar, next) : next;
}

function checkLengths(bars: number, columns: readonly { readonly length: number }[]): void {
  for (const { length } of columns) {
    if (length === bars) continue;
    throw new RangeError(`${bars} target bars meet a column, signal, exit rule or room of ${length}: must be equal`);
  }
}
