// The ends of the trades of one base variant under every risk setting. Without exit rules all settings have the same
// trades and only end them earlier. So each level is searched once, as a column with the end that it makes of each
// trade, and a setting takes the earliest end of its levels. Settings are walked in order, last kind fastest, and the
// ends under the outer kinds are kept.

import type { Grid } from '../grid/grid.ts';
import type { Risk } from '../simulate/setting.ts';
import { writeReturns } from './balance.ts';
import { LONG, type Fills } from './fills.ts';
import type { Runs } from './runs.ts';
import { findStop, isEarlier, keyAtClose, NEVER, type Ends, type Market, type Position, type Stop } from './stops.ts';

/** Kinds of stops, outermost first, as in the grid. */
export const KINDS = ['sl', 'tp', 'trail', 'maxBars'] as const satisfies readonly (keyof Risk)[];

/** Bytes of one row of `Ends`. */
export const BYTES_PER_END = 4 + 8;

/** Values of each kind; null where the kind is off. */
export type Levels = Readonly<Record<keyof Risk, readonly (number | null)[]>>;

export interface EndsOfBase {
  /** Begins with the trades of another base. */
  readonly startBase: (runs: Runs) => void;
  /** Returns the ends under one value of each kind, given by its position; they are valid until the next call. */
  readonly endsAt: (digits: Int32Array) => Ends;
}

/** Returns the stop levels of a grid. */
export function levelsOf({ risks }: Grid): Levels {
  const numbers = (kind: keyof Risk): readonly (number | null)[] =>
    risks[kind].map((value) => (typeof value === 'number' ? value : null));
  return { sl: numbers('sl'), tp: numbers('tp'), trail: numbers('trail'), maxBars: numbers('maxBars') };
}

/** Computes the bytes a bar of the levels that are worth keeping, and of the columns that are always there. */
export function endsDemand(levels: Levels): { readonly kept: number; readonly always: number } {
  const used = KINDS.filter((kind) => levels[kind].some((amount) => amount !== null));
  const kept = KINDS.flatMap((kind, at) => (isRevisited(levels, at) ? levels[kind] : []));
  return {
    kept: BYTES_PER_END * kept.filter((amount) => amount !== null).length,
    always: BYTES_PER_END + BYTES_PER_REACH + used.length * 2 * BYTES_PER_END,
  };
}

/**
 * Returns whether a walk over the settings comes back to a level of a kind. It passes each level of the outermost kind
 * with several values only once.
 */
function isRevisited(levels: Levels, kind: number): boolean {
  return KINDS.slice(0, kind).some((outer) => levels[outer].length > 1);
}

/** Opens the ends of one base at a time. `bytes` is the budget for kept levels; others are searched at each use. */
export function openEnds(market: Market, levels: Levels, bytes: number): EndsOfBase {
  const { bars } = market.fills;
  const signalEnds = openColumns(bars);
  const reach = openReach(bars);
  const combined = KINDS.map(() => openColumns(0));
  const last = new Int32Array(KINDS.length).fill(-1);
  let runs: Runs | null = null;
  let kept: (Ends | null)[][] = [];
  let free = 0; // columns of the pool that may still be taken for this base
  const pool: Ends[] = [];
  const spare: (Ends | null)[] = KINDS.map(() => null);

  const columnOf = (kind: number, digit: number, amount: number, trades: Runs): Ends => {
    const known = kept[kind][digit] ?? null;
    if (known !== null) return known;
    const keep = free > 0 && isRevisited(levels, kind);
    const column = keep ? (pool[free - 1] ??= openColumns(bars)) : (spare[kind] ??= openColumns(bars));
    if (keep) {
      free -= 1;
      kept[kind][digit] = column;
    }
    fillColumn(market, { kind: KINDS[kind], amount }, { trades, reach }, column);
    return column;
  };

  return {
    startBase(trades) {
      runs = trades;
      kept = KINDS.map(() => []);
      free = Math.floor(bytes / (BYTES_PER_END * (bars + 2)));
      last.fill(-1);
      writeSignalEnds(market.fills, trades, signalEnds);
      writeReach(market, trades, reach);
    },
    endsAt(digits) {
      if (runs === null) throw new TypeError('no base has been started');
      let ends = signalEnds;
      let changed = false;
      for (let kind = 0; kind < KINDS.length; kind += 1) {
        changed ||= digits[kind] !== last[kind];
        last[kind] = digits[kind];
        const amount = levels[KINDS[kind]][digits[kind]];
        if (amount === null) continue;
        if (combined[kind].ret.length === 0) combined[kind] = openColumns(bars);
        if (changed) writeEarlier(ends, columnOf(kind, digits[kind], amount, runs), runs.count, combined[kind]);
        ends = combined[kind];
      }
      return ends;
    },
  };
}

function openColumns(bars: number): Ends {
  const rows = bars === 0 ? 0 : bars + 2;
  return { key: new Int32Array(rows), ret: new Float64Array(rows) };
}

const BYTES_PER_REACH = 8 + 8;

/** Lowest and highest stop price of each trade while it is open. */
interface Reach {
  readonly bottom: Float64Array;
  readonly top: Float64Array;
}

function openReach(bars: number): Reach {
  return { bottom: new Float64Array(bars + 2), top: new Float64Array(bars + 2) };
}

/** Writes the ends of trades that no stop ends. */
function writeSignalEnds(fills: Fills, runs: Runs, { key, ret }: Ends): void {
  for (let run = 0; run < runs.count; run += 1) key[run] = keyAtClose(runs.exit[run]);
  writeReturns(runs, fills, ret);
}

function writeReach({ stopPrices, fills }: Market, { entry, exit, count }: Runs, reach: Reach): void {
  const { bottom, top } = stopPrices;
  for (let run = 0; run < count; run += 1) {
    const last = Math.min(exit[run], fills.bars - 1);
    let lowest = Infinity;
    let highest = -Infinity;
    for (let bar = (entry[run] >>> 1) + 1; bar <= last; bar += 1) {
      if (bottom[bar] < lowest) lowest = bottom[bar];
      if (top[bar] > highest) highest = top[bar];
    }
    reach.bottom[run] = lowest;
    reach.top[run] = highest;
  }
}

interface Trades {
  readonly trades: Runs;
  readonly reach: Reach;
}

/** Writes the end that one stop makes of each trade. Most trades never come near its level and are not searched. */
function fillColumn(
  market: Market,
  stop: Stop,
  { trades: { entry, exit, count }, reach: { bottom, top } }: Trades,
  { key, ret }: Ends,
): void {
  const { prices } = market.fills;
  const { kind, amount } = stop;
  const position: Position = { entry: 0, side: 0, exit: 0 };
  const end = { key: 0, ret: 0 };
  const below = 1 - amount / 100;
  const above = 1 + amount / 100;
  for (let run = 0; run < count; run += 1) {
    const fill = prices[entry[run]];
    const long = (entry[run] & 1) === LONG;
    let near = true;
    if (kind === 'sl') near = long ? bottom[run] <= fill * below : top[run] >= fill * above;
    else if (kind === 'tp') near = long ? top[run] >= fill * above : bottom[run] <= fill * below;
    else if (kind === 'trail') {
      // The level of a trailing stop is never nearer than that of the farthest price.
      near = long ? bottom[run] <= Math.max(fill, top[run]) * below : top[run] >= Math.min(fill, bottom[run]) * above;
    }
    key[run] = NEVER;
    if (!near) continue;
    position.entry = entry[run] >>> 1;
    position.side = entry[run] & 1;
    position.exit = exit[run];
    findStop(market, stop, position, end);
    key[run] = end.key;
    ret[run] = end.ret;
  }
}

function writeEarlier(a: Ends, b: Ends, count: number, out: Ends): void {
  for (let run = 0; run < count; run += 1) {
    const takesB = isEarlier(b.key[run], b.ret[run], a.key[run], a.ret[run]);
    out.key[run] = takesB ? b.key[run] : a.key[run];
    out.ret[run] = takesB ? b.ret[run] : a.ret[run];
  }
}
