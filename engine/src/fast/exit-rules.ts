// Trades under exit rules: a position is held until its rule, a stop, an opposite edge or the end, so where it ends says
// which edge enters next, and every risk setting has trades of its own. From edge to edge it hops over the bars between.

import type { Bits } from '../columns/bits.ts';
import type { Risk } from '../simulate/setting.ts';
import type { Direction } from '../spec.ts';
import { KINDS } from './ends.ts';
import { LONG, SHORT } from './fills.ts';
import { NEUTRAL, nextBit, type Edges, type Runs } from './runs.ts';
import {
  AT_CLOSE,
  isEarlier,
  findStop,
  returnAtClose,
  type End,
  type Ends,
  type Market,
  type Position,
} from './stops.ts';

/** Where the exit rule of each side holds; null: the side follows the signal. */
export interface ExitBits {
  long: Bits | null;
  short: Bits | null;
}

interface Held {
  readonly edges: Edges;
  readonly exits: ExitBits;
  readonly direction: Direction;
}

/** Writes the trades and their ends. */
export function hop(market: Market, held: Held, risk: Risk, runs: Runs, ends: Ends): void {
  const { edges, exits, direction } = held;
  const { bar, state, count } = edges;
  const { bars, delay } = market.fills;
  const position: Position = { entry: 0, side: 0, exit: 0 };
  const end: End = { key: 0, ret: 0 };
  const opposite = [0, 0]; // the next edge to the other side, of a long and of a short; both only move forward
  let trades = 0;
  let edge = 0;
  while (edge < count && bar[edge] < bars - 1) {
    const side = state[edge];
    if (side === NEUTRAL || direction === (side === LONG ? 'short-only' : 'long-only')) {
      edge += 1;
      continue;
    }
    const rule = side === LONG ? exits.long : exits.short;
    let exit = edge + 1 < count ? bar[edge + 1] : bars;
    if (rule !== null) {
      let other = Math.max(opposite[side], edge + 1);
      while (other < count && state[other] !== (side === LONG ? SHORT : LONG)) other += 1;
      opposite[side] = other;
      // The rule is read from the bar after the one that fills the entry.
      exit = nextBit(rule, bar[edge] + delay + 1, other < count ? bar[other] : bars);
    }
    position.entry = bar[edge];
    position.side = side;
    position.exit = exit;
    endOf(market, risk, position, end);
    runs.entry[trades] = 2 * position.entry + side;
    ends.key[trades] = end.key;
    ends.ret[trades] = end.ret;
    trades += 1;
    // An edge on the bar that ends the position enters again, whatever ended it.
    edge += 1;
    while (edge < count && bar[edge] < end.key >>> 2) edge += 1;
  }
  runs.count = trades;
}

const stop: End = { key: 0, ret: 0 };

/** The earliest of all that may end a position. */
function endOf(market: Market, risk: Risk, position: Position, end: End): void {
  end.key = 4 * position.exit + AT_CLOSE;
  end.ret = returnAtClose(market.fills, position, position.exit);
  for (const kind of KINDS) {
    const amount = risk[kind];
    if (amount === null) continue;
    findStop(market, kind, amount, position, stop);
    if (!isEarlier(stop.key, stop.ret, end.key, end.ret)) continue;
    end.key = stop.key;
    end.ret = stop.ret;
  }
}
