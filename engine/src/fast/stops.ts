// Where stops end a trade. Each level is looked up by itself; of several the first one counts, and a key that sorts like
// the order of a bar says which is first: a gap beyond take-profit, the stops, take-profit, then what a close decides.

import type { Risk } from '../simulate/setting.ts';
import { LONG, returnAt, type Fills } from './fills.ts';
import { firstAtOrBelow, firstAtOrAbove, type StopPrices } from './stop-prices.ts';

/** Of each trade an end: its key, and what the trade then returns. Keys are 4 * bar + one of the moments below. */
export interface Ends {
  readonly key: Int32Array;
  readonly ret: Float64Array;
}

const TAKE_GAP = 0;
const STOP = 1;
const TAKE = 2;
export const AT_CLOSE = 3;

/** Later than any end. */
const NEVER = 0x7fffffff;

export interface Market {
  readonly stopPrices: StopPrices;
  readonly fills: Fills;
}

/** A position: the bar that decided its entry, its side, the bar at whose close it ends anyway. */
export interface Position {
  entry: number;
  side: number;
  exit: number;
}

/** An end of one position; written by the functions below. */
export interface End {
  key: number;
  ret: number;
}

export type StopKind = keyof Risk;

/** The return of a position whose exit is decided at the close of a bar. */
export function returnAtClose({ prices, factor, base, extra }: Fills, { entry, side }: Position, bar: number): number {
  const ratio = prices[2 * bar + 1 - side] / prices[2 * entry + side];
  return ratio * factor[side] + base[side] + extra[side];
}

/** Looks for the end that one stop makes before the position ends anyway; `percent` is of maxBars a number of bars. */
export function findStop(market: Market, kind: StopKind, amount: number, position: Position, end: End): void {
  end.key = NEVER;
  switch (kind) {
    case 'sl':
      return stopLoss(market, amount / 100, position, end);
    case 'tp':
      return takeProfit(market, amount / 100, position, end);
    case 'trail':
      return trailing(market, amount / 100, position, end);
    case 'maxBars':
      return timeLimit(market, amount, position, end);
  }
}

/** The bars that stops look at: from the one after the decision of the entry to that of the exit. */
function searchEnd({ fills }: Market, { exit }: Position): number {
  return Math.min(exit + 1, fills.bars);
}

function stopLoss(market: Market, fraction: number, position: Position, end: End): void {
  const { entry, side } = position;
  const level = entryFillOf(market, position) * (side === LONG ? 1 - fraction : 1 + fraction);
  const last = searchEnd(market, position);
  const first = side === LONG ? firstAtOrBelow : firstAtOrAbove;
  const bar = first(market.stopPrices, level, entry + 1, last);
  if (bar < last) writeStopEnd(market, position, { bar, level, gap: STOP, reached: STOP, below: side === LONG }, end);
}

function takeProfit(market: Market, fraction: number, position: Position, end: End): void {
  const { entry, side } = position;
  const level = entryFillOf(market, position) * (side === LONG ? 1 + fraction : 1 - fraction);
  const last = searchEnd(market, position);
  const first = side === LONG ? firstAtOrAbove : firstAtOrBelow;
  const bar = first(market.stopPrices, level, entry + 1, last);
  if (bar < last)
    writeStopEnd(market, position, { bar, level, gap: TAKE_GAP, reached: TAKE, below: side !== LONG }, end);
}

function trailing(market: Market, fraction: number, position: Position, end: End): void {
  const { bottom, top, blockBottom, blockTop, low, high } = market.stopPrices;
  const { entry, side } = position;
  const last = searchEnd(market, position);
  let peak = entryFillOf(market, position);
  let bar = entry + 1;
  if (side === LONG) {
    let level = peak * (1 - fraction);
    while (bar < last) {
      if ((bar & 31) === 0 && blockBottom[bar >>> 5] > level && blockTop[bar >>> 5] <= peak) {
        bar += 32;
        continue;
      }
      if (bottom[bar] <= level)
        return writeStopEnd(market, position, { bar, level, gap: STOP, reached: STOP, below: true }, end);
      if (high[bar] > peak) {
        peak = high[bar];
        level = peak * (1 - fraction);
      }
      bar += 1;
    }
    return;
  }
  let level = peak * (1 + fraction);
  while (bar < last) {
    if ((bar & 31) === 0 && blockTop[bar >>> 5] < level && blockBottom[bar >>> 5] >= peak) {
      bar += 32;
      continue;
    }
    if (top[bar] >= level)
      return writeStopEnd(market, position, { bar, level, gap: STOP, reached: STOP, below: false }, end);
    if (low[bar] < peak) {
      peak = low[bar];
      level = peak * (1 + fraction);
    }
    bar += 1;
  }
}

function timeLimit({ fills }: Market, bars: number, position: Position, end: End): void {
  const bar = position.entry + bars;
  if (bar >= position.exit || bar >= fills.bars) return;
  end.key = 4 * bar + AT_CLOSE;
  end.ret = returnAtClose(fills, position, bar);
}

interface Hit {
  readonly bar: number;
  readonly level: number;
  /** What the moment is if the bar opens beyond the level, and if it only reaches it. */
  readonly gap: number;
  readonly reached: number;
  /** The level is reached from above. */
  readonly below: boolean;
}

function writeStopEnd({ stopPrices, fills }: Market, position: Position, hit: Hit, end: End): void {
  const { bar, level } = hit;
  if (!stopPrices.intrabar) {
    end.key = 4 * bar + AT_CLOSE;
    end.ret = returnAtClose(fills, position, bar);
    return;
  }
  const open = stopPrices.open[bar];
  const gap = hit.below ? open <= level : open >= level;
  end.key = 4 * bar + (gap ? hit.gap : hit.reached);
  end.ret = returnAt(fills, position.side, fills.prices[2 * position.entry + position.side], gap ? open : level);
}

function entryFillOf({ fills }: Market, { entry, side }: Position): number {
  return fills.prices[2 * entry + side];
}

/**
 * Of two ends the earlier one. Two stops at one moment: the nearer level counts, which is the one that returns more, as
 * rounding keeps order.
 */
export function isEarlier(key: number, ret: number, thanKey: number, thanRet: number): boolean {
  return key < thanKey || (key === thanKey && ret > thanRet);
}

/** The bar at which the position of an end is gone. */
export function exitBarOf(key: number, { delay, bars }: Fills): number {
  const bar = key >>> 2;
  return (key & 3) === AT_CLOSE ? Math.min(bar + delay, bars - 1) : bar;
}
