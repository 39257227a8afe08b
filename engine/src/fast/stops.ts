// Stops end a trade early. Each stop is searched alone and the earliest end counts. The key of an end sorts like the
// order of events within a bar: a gap beyond the take-profit, the stops, the take-profit, the trailing level that the
// bar raises, then the decisions at the close.

import type { Risk } from '../simulate/setting.ts';
import { LONG, returnAt, type Fills } from './fills.ts';
import { firstAtOrBelow, firstAtOrAbove, type StopPrices } from './stop-prices.ts';

/** Ends of trades, as columns. */
export interface Ends {
  /** Keys: `8 * bar` plus one of the moments below. */
  readonly key: Int32Array;
  /** Returns of trades that end so. */
  readonly ret: Float64Array;
}

/** Moments of a bar, in their order. */
const TAKE_GAP = 0;
const STOP = 1;
const TAKE = 2;
const RAISED_TRAIL = 3;
const CLOSE = 4;
const MOMENTS = 8;

/** Returns the key of an end that the close of a bar decides. */
export function keyAtClose(bar: number): number {
  return MOMENTS * bar + CLOSE;
}

/** Returns whether an end comes before the extreme of its bar: at the open, or at a stop on the way to it. */
export function isBeforeRuin(key: number): boolean {
  return key % MOMENTS <= STOP;
}

/** Returns the bar that decides an end. */
export function barOf(key: number): number {
  return key >>> 3;
}

/** A key that is later than any end. */
export const NEVER = 0x7fffffff;

/** The prices of the target bars, for trades and for stops. */
export interface Market {
  readonly stopPrices: StopPrices;
  readonly fills: Fills;
}

/** A position before stops. */
export interface Position {
  /** Bar that decides its entry. */
  entry: number;
  side: number;
  /** Bar at whose close it ends if no stop ends it earlier. */
  exit: number;
}

/** The end of one position, in memory that the functions below overwrite. */
export interface End {
  key: number;
  ret: number;
}

/** One stop of a risk setting. */
export interface Stop {
  readonly kind: keyof Risk;
  /** Percent, or the number of bars of `maxBars`. */
  readonly amount: number;
}

/** Computes the return of a position whose exit is decided at the close of a bar. */
export function returnAtClose({ prices, factor, base, extra }: Fills, { entry, side }: Position, bar: number): number {
  const ratio = prices[2 * bar + 1 - side] / prices[2 * entry + side];
  return ratio * factor[side] + base[side] + extra[side];
}

/** Writes the end that a stop makes of a position; its key is NEVER if the position ends before it. */
export function findStop(market: Market, { kind, amount }: Stop, position: Position, end: End): void {
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

/** Returns the end of the bars that stops search, which begin after the decision to enter and include that to exit. */
function searchEnd({ fills }: Market, { exit }: Position): number {
  return Math.min(exit + 1, fills.bars);
}

function stopLoss(market: Market, fraction: number, position: Position, end: End): void {
  const { entry, side } = position;
  const level = entryFillOf(market.fills, position) * (side === LONG ? 1 - fraction : 1 + fraction);
  const until = searchEnd(market, position);
  const first = side === LONG ? firstAtOrBelow : firstAtOrAbove;
  const bar = first(market.stopPrices, level, entry + 1, until);
  if (bar < until) writeStopEnd(market, position, { bar, level, gap: STOP, reached: STOP, below: side === LONG }, end);
}

function takeProfit(market: Market, fraction: number, position: Position, end: End): void {
  const { entry, side } = position;
  const level = entryFillOf(market.fills, position) * (side === LONG ? 1 + fraction : 1 - fraction);
  const until = searchEnd(market, position);
  const first = side === LONG ? firstAtOrAbove : firstAtOrBelow;
  const bar = first(market.stopPrices, level, entry + 1, until);
  if (bar < until)
    writeStopEnd(market, position, { bar, level, gap: TAKE_GAP, reached: TAKE, below: side !== LONG }, end);
}

function trailing(market: Market, fraction: number, position: Position, end: End): void {
  if (position.side === LONG) trailLong(market, fraction, position, end);
  else trailShort(market, fraction, position, end);
}

/** Walks with the peak of a long position, block by block where a block neither raises the peak nor reaches the level. */
function trailLong(market: Market, fraction: number, position: Position, end: End): void {
  const { bottom, blockBottom, blockTop, low, high, close, intrabar } = market.stopPrices;
  const until = searchEnd(market, position);
  let peak = entryFillOf(market.fills, position);
  let level = peak * (1 - fraction);
  let bar = position.entry + 1;
  while (bar < until) {
    if ((bar & 31) === 0 && blockBottom[bar >>> 5] > level && blockTop[bar >>> 5] <= peak) {
      bar += 32;
      continue;
    }
    if (bottom[bar] <= level)
      return writeStopEnd(market, position, { bar, level, gap: STOP, reached: STOP, below: true }, end);
    if (high[bar] > peak) {
      peak = high[bar];
      level = peak * (1 - fraction);
      if (intrabar && low[bar] <= level && close[bar] <= level)
        return writeRaisedEnd(market, position, { bar, level }, end);
    }
    bar += 1;
  }
}

/** Walks with the lowest price of a short position, as trailLong does with the highest of a long one. */
function trailShort(market: Market, fraction: number, position: Position, end: End): void {
  const { top, blockBottom, blockTop, low, high, close, intrabar } = market.stopPrices;
  const until = searchEnd(market, position);
  let peak = entryFillOf(market.fills, position);
  let level = peak * (1 + fraction);
  let bar = position.entry + 1;
  while (bar < until) {
    if ((bar & 31) === 0 && blockTop[bar >>> 5] < level && blockBottom[bar >>> 5] >= peak) {
      bar += 32;
      continue;
    }
    if (top[bar] >= level)
      return writeStopEnd(market, position, { bar, level, gap: STOP, reached: STOP, below: false }, end);
    if (low[bar] < peak) {
      peak = low[bar];
      level = peak * (1 + fraction);
      if (intrabar && high[bar] >= level && close[bar] >= level)
        return writeRaisedEnd(market, position, { bar, level }, end);
    }
    bar += 1;
  }
}

function timeLimit({ fills }: Market, bars: number, position: Position, end: End): void {
  const due = position.entry + bars;
  if (due >= position.exit || due >= fills.bars) return;
  const bar = waitEnd(fills, due);
  end.key = keyAtClose(bar);
  end.ret = returnAtClose(fills, position, bar);
}

/** A level, and the first bar that reaches it. */
interface Hit {
  readonly bar: number;
  readonly level: number;
  /** Moment of the end if the bar opens beyond the level. */
  readonly gap: number;
  /** Moment of the end if the bar reaches the level after its open. */
  readonly reached: number;
  /** Whether the level is reached from above. */
  readonly below: boolean;
}

function writeStopEnd({ stopPrices, fills }: Market, position: Position, hit: Hit, end: End): void {
  const { bar, level } = hit;
  if (!stopPrices.intrabar) {
    end.key = keyAtClose(waitEnd(fills, bar));
    end.ret = returnAtClose(fills, position, bar);
    return;
  }
  const open = stopPrices.open[bar];
  const gap = hit.below ? open <= level : open >= level;
  end.key = MOMENTS * bar + (gap ? hit.gap : hit.reached);
  end.ret = returnAt(fills, position.side, fills.prices[2 * position.entry + position.side], gap ? open : level);
}

/** Writes the end at a trailing level that the bar itself raises and closes beyond. */
function writeRaisedEnd(
  { fills }: Market,
  position: Position,
  { bar, level }: Pick<Hit, 'bar' | 'level'>,
  end: End,
): void {
  end.key = MOMENTS * bar + RAISED_TRAIL;
  end.ret = returnAt(fills, position.side, entryFillOf(fills, position), level);
}

/** Returns the bar on which a decision counts: itself, or the last bar of its wait for a market. */
function waitEnd({ waits }: Fills, bar: number): number {
  return waits === null ? bar : waits[bar];
}

function entryFillOf({ prices }: Fills, { entry, side }: Position): number {
  return prices[2 * entry + side];
}

/**
 * Returns whether one end comes before another. Of two stops at one moment the nearer level comes first; it is the one
 * with the higher return, since rounding keeps order.
 */
export function isEarlier(key: number, ret: number, thanKey: number, thanRet: number): boolean {
  return key < thanKey || (key === thanKey && ret > thanRet);
}

/** Returns the key of an end that fills on a bar, whatever moment of it. */
export function keyOfFill(bar: number): number {
  return MOMENTS * bar;
}

/** Returns the bar on which an end closes its position. */
export function exitBarOf(key: number, { delay, bars }: Fills): number {
  const bar = barOf(key);
  return key % MOMENTS === CLOSE ? Math.min(bar + delay, bars - 1) : bar;
}
