// What ends a position before its signal does: levels that a bar reaches, in the order in which a bar reaches them.

import { exit, isRuinedAt, trailStop, type Account } from './account.ts';
import { NO_EXIT, RUIN, TP, TRAIL } from './trades.ts';

/** The first bar from `bar` to `end` on which a price may leave nothing, `end` if none does. */
export function untilRuin({ side, lows, highs, ruinLevel }: Account, bar: number, end: number): number {
  let next = bar;
  if (side > 0) while (next < end && lows[next] > ruinLevel) next += 1;
  else while (next < end && highs[next] < ruinLevel) next += 1;
  return next;
}

/** Ends the trade, and all trading, at a close that leaves nothing. */
export function ruinAtClose(account: Account, bar: number): void {
  const { side, intrabar, watchedFrom, close } = account;
  if (side === 0 || intrabar || bar < watchedFrom || !isRuinedAt(account, close[bar])) return;
  exit(account, bar, close[bar], RUIN, false);
}

/** The first bar from `bar` to `end` that reaches a level, `end` if none does. A trailing stop follows the bars before it. */
export function untilHit(account: Account, bar: number, end: number): number {
  const { side, opens, lows, highs, trails, takeLevel } = account;
  let floor = side > 0 ? account.stopLevel : takeLevel;
  let ceiling = side > 0 ? takeLevel : account.stopLevel;
  for (let next = bar; next < end; next += 1) {
    if (lows[next] <= floor || highs[next] >= ceiling) return next;
    if (opens[next] <= floor || opens[next] >= ceiling) return next; // nothing promises that the open lies within the bar
    if (!trails) continue;
    if (mayTrailWithin(account, next)) return next;
    trailStop(account, next);
    if (side > 0) floor = account.stopLevel;
    else ceiling = account.stopLevel;
  }
  return end;
}

/** The trailing level that the bar itself raises; NaN if its high (of a short its low) is no new best price. */
function raisedTrail({ side, peak, lows, highs, trail }: Account, bar: number): number {
  if (side > 0) return highs[bar] > peak ? highs[bar] * (1 - trail) : NaN;
  return lows[bar] < peak ? lows[bar] * (1 + trail) : NaN;
}

/** Whether the bar, after raising the trailing level, may have come back to it. */
function mayTrailWithin(account: Account, bar: number): boolean {
  const { intrabar, side, lows, highs } = account;
  if (!intrabar) return false;
  const level = raisedTrail(account, bar);
  return side > 0 ? lows[bar] <= level : highs[bar] >= level;
}

/**
 * Ends the trade at the trailing level that the bar itself has raised: if its close is beyond it, the level was hit after
 * the high. If only its low is, nobody knows which came first: the bar is ambiguous and the position is kept.
 */
function trailWithin(account: Account, bar: number): void {
  if (!account.trails || !mayTrailWithin(account, bar)) return;
  const level = raisedTrail(account, bar);
  const close = account.close[bar];
  const certain = account.side > 0 ? close <= level : close >= level;
  if (!certain) {
    account.ambiguousBars += 1;
    account.possibleTrails += 1;
    if (account.setting.ambiguous !== 'trail_hit') return;
  }
  exit(account, bar, level, TRAIL, false);
}

/**
 * Ends the trade at a level reached within the bar, or at the open if that is already beyond a level: the levels known
 * before the bar, then the one that it raises.
 */
export function stopWithin(account: Account, bar: number, open: number, low: number, high: number): void {
  if (account.side === 0) return;
  const gap = stopHit(account, open, open);
  if (gap !== NO_EXIT) {
    exit(account, bar, open, gap, true);
    return;
  }
  const hit = stopHit(account, low, high);
  const { side, stopLevel, takeLevel, setting } = account;
  const taken = side > 0 ? high >= takeLevel : low <= takeLevel;
  const ruin = hit === NO_EXIT || hit === TP ? isRuinedAt(account, side > 0 ? low : high) : false;
  if (taken && (ruin || hit !== TP)) account.ambiguousBars += 1;
  if (taken && (setting.ambiguous === 'tp_first' || (hit === TP && !ruin))) exit(account, bar, takeLevel, TP, false);
  else if (ruin) exit(account, bar, side > 0 ? low : high, RUIN, false);
  else if (hit !== NO_EXIT) exit(account, bar, stopLevel, hit, false);
  else trailWithin(account, bar);
}

/** The stop (SL or TRAIL) or TP if a price between `low` and `high` reaches its level, the stop if both do. */
export function stopHit(account: Account, low: number, high: number): number {
  const { side, stopLevel, takeLevel } = account;
  if (side > 0 ? low <= stopLevel : high >= stopLevel) return account.stopReason;
  if (side > 0 ? high >= takeLevel : low <= takeLevel) return TP;
  return NO_EXIT;
}
