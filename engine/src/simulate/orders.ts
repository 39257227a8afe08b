// What waits to be filled: to leave the position, to enter one, or both, one after the other. Where every bar has a market
// an order waits at most from a close to the next open. On carried bars it waits longer, and what later bars decide
// replaces it: there is one target, and at the next real bar it is filled if it differs from the position.

import { enter, exit, type Account, type Orders } from './account.ts';
import { NO_EXIT } from './trades.ts';

/** Returns the side that is held once all orders are filled. */
export function heldAfter({ side, orders: { reason, entry } }: Account): number {
  if (entry !== 0) return entry;
  return reason === NO_EXIT ? side : 0;
}

/** Orders the position closed. A stop that is hit while an exit waits takes its place. */
export function orderExit({ orders }: Account, bar: number, reason: number): void {
  orders.pending = true;
  orders.reason = reason;
  orders.exitBar = bar;
}

/** Orders an entry, except back to the side that an earlier bar ordered to leave: then there is nothing to fill. */
export function orderEntry(account: Account, bar: number, side: number): void {
  const { orders } = account;
  if (orders.reason !== NO_EXIT && orders.exitBar < bar && account.side === side) {
    orders.reason = NO_EXIT;
    orders.pending = false;
    account.netted = true;
    return;
  }
  orders.pending = true;
  orders.entry = side;
  orders.entryBar = bar;
}

/** Takes back an entry that waits. */
export function cancel(orders: Orders): void {
  orders.entry = 0;
  orders.pending = orders.reason !== NO_EXIT;
}

/** Fills all orders at a price of a real bar, and counts those that had to wait for it. */
export function fill(account: Account, bar: number, price: number): void {
  const { orders } = account;
  const atOpen = account.setting.fill === 'next_open';
  const onTime = atOpen ? bar - 1 : bar;
  const { reason, exitBar, entry, entryBar } = orders;
  orders.pending = false;
  orders.reason = NO_EXIT;
  orders.entry = 0;
  if (reason !== NO_EXIT && account.side !== 0) {
    if (exitBar < onTime) account.waitedFills += 1;
    exit(account, bar, price, reason, atOpen);
  }
  // An entry at the last close would be closed by force at the same price: it is not made.
  if (entry === 0 || account.bust || (!atOpen && bar === account.close.length - 1)) return;
  if (entryBar < onTime) account.waitedFills += 1;
  enter(account, entryBar, { bar, price, side: entry });
}
