// The definition of a trade: one pass over the target bars that turns a signal into trades and equity. Everything else
// that scores variants must agree with this file bit for bit. Within a bar: orders of the previous close fill at the
// open, then intrabar stops, then at the close risk exit, exit rule or signal exit, entry and, on the last bar, the
// forced close. That order alone says from which bar a stop is watched: a position opened at the close is past this bar's
// checks, a position opened at the open is not. A price that leaves nothing ends all trading: within the bar after the
// stops, or at the close after everything else. Nothing fills and no stop is judged on a carried bar: its orders wait for
// the next real one. Not modelled: funding, borrow, liquidation, lot size, pyramiding.

import type { TargetBars } from '../bars/carried.ts';
import { closeAccount, exit, openAccount, trailStop, type Account } from './account.ts';
import { cancel, fill, heldAfter, orderEntry, orderExit } from './orders.ts';
import { openBuffers, type Exits, type Buffers, type Setting, type Simulation } from './setting.ts';
import { EXIT_RULE, FORCED_CLOSE, MAX_BARS, NO_EXIT, SIGNAL_EXIT } from './trades.ts';
import { ruinAtClose, stopHit, stopWithin, untilHit, untilRuin } from './triggers.ts';

/**
 * Trades a signal (1 LONG, -1 SHORT, 0 NEUTRAL at each close) over the target bars. A pure function, except that the
 * result lives in `buffers`. Throws a RangeError if the columns, the signal, the exits and the buffers differ in length.
 */
export function simulate(
  target: TargetBars,
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
    target.carried ?? time,
  ]);
  const account = openAccount(target, setting, exits, buffers);
  const atOpen = setting.fill === 'next_open';
  const intrabar = setting.trigger === 'intrabar';
  const last = close.length - 1;
  const { carried } = account;
  const { orders } = account;
  let before = 0; // before the first target bar the signal is NEUTRAL

  for (let bar = 0; bar <= last; bar += 1) {
    if (!orders.pending) bar = skipQuiet(account, signal, bar, before);
    const real = carried === null || carried[bar] === 0;
    if (orders.pending && atOpen && real) fill(account, bar, open[bar]);
    if (intrabar && real) stopWithin(account, bar, open[bar], low[bar], high[bar]);
    const wanted = signal[bar];
    decide(account, bar, wanted, wanted !== before);
    if (orders.pending && !atOpen && real) fill(account, bar, close[bar]);
    if (real && bar < last) ruinAtClose(account, bar);
    if (bar === last && account.side !== 0) exit(account, bar, close[bar], FORCED_CLOSE, false);
    before = wanted;
  }
  return closeAccount(account);
}

/**
 * Orders what the close of a bar decides: the signal is `wanted`, and `edge` says that it differs from that of the bar
 * before. An entry needs an edge: after a stop the unchanged signal does not enter again. And it needs a position that is
 * not there or about to end: an edge to the side that an exit rule holds does nothing.
 */
function decide(account: Account, bar: number, wanted: number, edge: boolean): void {
  const { setting, carried } = account;
  const real = carried === null || carried[bar] === 0;
  const last = account.close.length - 1;
  // With next_open nothing decided on the last bar could fill: it only forces the position closed.
  if (!(setting.fill === 'next_open' && bar === last)) {
    const stop = real ? stopAtClose(account, bar) : NO_EXIT;
    if (stop !== NO_EXIT) orderExit(account, bar, stop);
    decideExit(account, bar, wanted, edge);
  }
  if (account.trails && real) trailStop(account, bar);
  if (!edge || bar === last || heldAfter(account) !== 0) return;
  if (wanted > 0 ? setting.direction !== 'short-only' : wanted < 0 && setting.direction !== 'long-only')
    orderEntry(account, bar, wanted);
}

function stopAtClose(account: Account, bar: number): number {
  if (account.side === 0 || account.intrabar) return NO_EXIT;
  return stopHit(account, account.close[bar], account.close[bar]);
}

/** Orders the exit of what is held once all orders are filled: an entry that waits is judged by the signal alone. */
function decideExit(account: Account, bar: number, wanted: number, edge: boolean): void {
  const { orders, exits } = account;
  const held = heldAfter(account);
  if (held === 0) return;
  const rule = held > 0 ? exits.long : exits.short;
  const left = rule === null ? wanted !== held : edge && wanted === -held;
  if (orders.entry !== 0) {
    if (left) cancel(orders);
  } else if (bar >= account.lastBar) orderExit(account, bar, MAX_BARS);
  else if (rule !== null && bar > account.entryBar && rule[bar] !== 0) orderExit(account, bar, EXIT_RULE);
  else if (left) orderExit(account, bar, SIGNAL_EXIT);
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
  next = untilRuin(account, bar, next);
  return account.stops ? untilHit(account, bar, next) : next;
}

function checkLengths(bars: number, columns: readonly { readonly length: number }[]): void {
  for (const { length } of columns) {
    if (length === bars) continue;
    throw new RangeError(`${bars} target bars meet a column, signal, exit rule or room of ${length}: must be equal`);
  }
}
