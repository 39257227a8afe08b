// Finds the trades under exit rules. A position is held until its rule, a stop, an opposite edge or the end of the
// bars, so its end decides which edge enters next, and every risk setting has trades of its own. The search goes from
// edge to edge and skips the bars between them.

import type { Bits } from '../columns/bits.ts';
import type { Risk } from '../simulate/setting.ts';
import type { Direction } from '../spec.ts';
import { KINDS } from './ends.ts';
import { LONG, SHORT } from './fills.ts';
import { NEUTRAL, nextBit, type Edges, type Runs } from './runs.ts';
import {
  barOf,
  findStop,
  isEarlier,
  keyAtClose,
  returnAtClose,
  type End,
  type Ends,
  type Market,
  type Position,
  type Stop,
} from './stops.ts';

/** Bits of the exit rule of each side; null where the side follows the signal. */
export interface ExitBits {
  long: Bits | null;
  short: Bits | null;
}

/** What the trades of a base are made of, and the columns they are written to. */
interface Columns {
  readonly edges: Edges;
  readonly exits: ExitBits;
  readonly runs: Runs;
  readonly ends: Ends;
}

/** Opens the search for the trades under a risk setting; it writes their runs and their ends. */
export function openExitRules(market: Market, direction: Direction, columns: Columns): (risk: Risk) => void {
  const { edges, exits, runs, ends } = columns;
  const { bar, state } = edges;
  const { bars, delay } = market.fills;
  const position: Position = { entry: 0, side: 0, exit: 0 };
  const end: End = { key: 0, ret: 0 };
  const findEnd = openEndSearch(market);
  const opposite = [0, 0]; // by side, the next edge to the other side; a pass moves both forward only

  return (risk) => {
    const stops = stopsOf(risk);
    const { count } = edges;
    opposite.fill(0);
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
      findEnd(stops, position, end);
      runs.entry[trades] = 2 * position.entry + side;
      ends.key[trades] = end.key;
      ends.ret[trades] = end.ret;
      trades += 1;
      // An edge on the bar that ends the position enters again, whatever ended it.
      edge += 1;
      while (edge < count && bar[edge] < barOf(end.key)) edge += 1;
    }
    runs.count = trades;
  };
}

/** Returns the stops of a risk setting that are on. */
function stopsOf(risk: Risk): readonly Stop[] {
  return KINDS.flatMap((kind) => {
    const amount = risk[kind];
    return amount === null ? [] : [{ kind, amount }];
  });
}

/** Opens the search for the earliest end of a position. */
function openEndSearch(market: Market) {
  const stopEnd: End = { key: 0, ret: 0 };
  return (stops: readonly Stop[], position: Position, end: End): void => {
    end.key = keyAtClose(position.exit);
    end.ret = returnAtClose(market.fills, position, position.exit);
    for (const stop of stops) {
      findStop(market, stop, position, stopEnd);
      if (!isEarlier(stopEnd.key, stopEnd.ret, end.key, end.ret)) continue;
      end.key = stopEnd.key;
      end.ret = stopEnd.ret;
    }
  };
}
