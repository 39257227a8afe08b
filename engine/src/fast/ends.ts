// The ends of one base variant's trades under every risk setting. Without exit rules the trades of a base are the same
// under all of them and only end earlier, so what a level does to each trade is looked up once, and a setting is the
// earliest of its levels. Settings are walked in order, so what the outer levels make of the trades is kept.

import type { Grid } from '../grid/grid.ts';
import type { Risk } from '../simulate/setting.ts';
import { returnsOf } from './balance.ts';
import { LONG, type Fills } from './fills.ts';
import type { Runs } from './runs.ts';
import { AT_CLOSE, isEarlier, findStop, type Ends, type Market, type Position } from './stops.ts';

/** Outermost first, as in the grid. */
export const KINDS = ['sl', 'tp', 'trail', 'maxBars'] as const satisfies readonly (keyof Risk)[];

/** Bytes of ends for each bar. */
export const BYTES_PER_END = 4 + 8;

/** The values of each kind, null where it is off. */
export type Levels = Readonly<Record<keyof Risk, readonly (number | null)[]>>;

export interface EndsOfBase {
  /** Takes up the trades of another base. */
  readonly startBase: (runs: Runs) => void;
  /** Positions in the values of each kind. Valid until it is asked again. */
  readonly endsAt: (digits: Int32Array) => Ends;
}

export function levelsOf({ risks }: Grid): Levels {
  const numbers = (kind: keyof Risk): readonly (number | null)[] =>
    risks[kind].map((value) => (typeof value === 'number' ? value : null));
  return { sl: numbers('sl'), tp: numbers('tp'), trail: numbers('trail'), maxBars: numbers('maxBars') };
}

/** Bytes for each bar: of the levels that are worth keeping, and of what is always there. */
export function endsDemand(levels: Levels): { readonly kept: number; readonly always: number } {
  const used = KINDS.filter((kind) => levels[kind].some((amount) => amount !== null));
  const kept = KINDS.flatMap((kind, at) => (isRevisited(levels, at) ? levels[kind] : []));
  return {
    kept: BYTES_PER_END * kept.filter((amount) => amount !== null).length,
    always: BYTES_PER_END + BYTES_PER_REACH + used.length * 2 * BYTES_PER_END,
  };
}

/** The outermost kind that has several values meets each of them in one run only. */
function isRevisited(levels: Levels, at: number): boolean {
  return KINDS.slice(0, at).some((kind) => levels[kind].length > 1);
}

/** `bytes`: room for the levels of a base; what does not fit is looked up again. */
export function openEnds(market: Market, levels: Levels, bytes: number): EndsOfBase {
  const { bars } = market.fills;
  const base = openColumns(bars);
  const reach = openReach(bars);
  const combined = KINDS.map(() => openColumns(0));
  const last = new Int32Array(KINDS.length).fill(-1);
  let runs: Runs | null = null;
  let columns: (Ends | null)[][] = [];
  let room = 0;
  const pool: Ends[] = [];
  const spare: (Ends | null)[] = KINDS.map(() => null);

  const columnOf = (kind: number, digit: number, amount: number, trades: Runs): Ends => {
    const kept = columns[kind][digit] ?? null;
    if (kept !== null) return kept;
    const keep = room > 0 && isRevisited(levels, kind);
    const column = keep ? (pool[room - 1] ??= openColumns(bars)) : (spare[kind] ??= openColumns(bars));
    if (keep) {
      room -= 1;
      columns[kind][digit] = column;
    }
    fillColumn(market, KINDS[kind], amount, { trades, reach }, column);
    return column;
  };

  return {
    startBase(trades) {
      runs = trades;
      columns = KINDS.map(() => []);
      room = Math.floor(bytes / (BYTES_PER_END * (bars + 2)));
      last.fill(-1);
      writeSignalEnds(market.fills, trades, base);
      writeReach(market, trades, reach);
    },
    endsAt(digits) {
      if (runs === null) throw new TypeError('no base has been started');
      let ends = base;
      let stale = false;
      for (let at = 0; at < KINDS.length; at += 1) {
        stale ||= digits[at] !== last[at];
        last[at] = digits[at];
        const amount = levels[KINDS[at]][digits[at]];
        if (amount === null) continue;
        if (combined[at].ret.length === 0) combined[at] = openColumns(bars);
        if (stale) writeEarlier(ends, columnOf(at, digits[at], amount, runs), runs.count, combined[at]);
        ends = combined[at];
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

/** How far the market goes while a trade may be open. */
interface Reach {
  readonly bottom: Float64Array;
  readonly top: Float64Array;
}

function openReach(bars: number): Reach {
  return { bottom: new Float64Array(bars + 2), top: new Float64Array(bars + 2) };
}

function writeSignalEnds(fills: Fills, runs: Runs, { key, ret }: Ends): void {
  for (let run = 0; run < runs.count; run += 1) key[run] = 4 * runs.exit[run] + AT_CLOSE;
  returnsOf(runs, fills, ret);
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

/** What one level does to each trade; most trades never come near it, and are not searched. */
function fillColumn(
  market: Market,
  kind: keyof Risk,
  amount: number,
  { trades: { entry, exit, count }, reach: { bottom, top } }: Trades,
  { key, ret }: Ends,
): void {
  const { prices } = market.fills;
  const position: Position = { entry: 0, side: 0, exit: 0 };
  const end = { key: 0, ret: 0 };
  const never = 0x7fffffff;
  const less = 1 - amount / 100;
  const more = 1 + amount / 100;
  for (let run = 0; run < count; run += 1) {
    const fill = prices[entry[run]];
    const long = (entry[run] & 1) === LONG;
    let near = true;
    if (kind === 'sl') near = long ? bottom[run] <= fill * less : top[run] >= fill * more;
    else if (kind === 'tp') near = long ? top[run] >= fill * more : bottom[run] <= fill * less;
    else if (kind === 'trail') {
      // The level of a trailing stop is never nearer than that of the farthest price.
      near = long ? bottom[run] <= Math.max(fill, top[run]) * less : top[run] >= Math.min(fill, bottom[run]) * more;
    }
    key[run] = never;
    if (!near) continue;
    position.entry = entry[run] >>> 1;
    position.side = entry[run] & 1;
    position.exit = exit[run];
    findStop(market, kind, amount, position, end);
    key[run] = end.key;
    ret[run] = end.ret;
  }
}

function writeEarlier(a: Ends, b: Ends, count: number, out: Ends): void {
  for (let run = 0; run < count; run += 1) {
    const other = isEarlier(b.key[run], b.ret[run], a.key[run], a.ret[run]);
    out.key[run] = other ? b.key[run] : a.key[run];
    out.ret[run] = other ? b.ret[run] : a.ret[run];
  }
}
