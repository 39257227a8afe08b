// Trades are runs of ones. The bits of a side say where the signal is LONG or SHORT; word operations find their edges,
// and the bars between two edges cost nothing. A bar here is the one whose close decides.

import type { Arena } from '../columns/arena.ts';
import type { Bits } from '../columns/bits.ts';
import type { Direction } from '../spec.ts';
import { LONG, SHORT } from './fills.ts';
import { scanBoth, scanOne, scanOneOfTwo, type BitPair, type Scan } from './scan.ts';

/** The signal of a variant, as bits. */
export interface Signal {
  readonly long: BitPair;
  readonly short: BitPair;
  readonly direction: Direction;
  readonly hasShortRule: boolean;
  readonly bars: number;
}

/** Trades in time order, as columns whose first `count` rows are valid. */
export interface Runs {
  count: number;
  /** Decisions to enter, as `2 * bar + side`, which is also the place of their fill in `Fills`. */
  readonly entry: Int32Array;
  /** Bar that decides the exit; the number of bars where none does. */
  readonly exit: Int32Array;
}

/** Changes of the signal, as columns. */
export interface Edges {
  count: number;
  readonly bar: Int32Array;
  /** LONG, SHORT or NEUTRAL from this bar to the next edge. */
  readonly state: Uint8Array;
}

export const NEUTRAL = 2;

/** Opens columns with capacity for one trade a bar, plus a sentinel. */
export function openRuns(bars: number, arena: Arena): Runs {
  return { count: 0, entry: arena.ints(bars + 2), exit: arena.ints(bars + 2) };
}

/** Opens columns with capacity for one edge a bar, plus a sentinel. */
export function openEdges(bars: number): Edges {
  return { count: 0, bar: new Int32Array(bars + 2), state: new Uint8Array(bars + 2) };
}

/** Writes the trades of a position that follows the signal. */
export function findRuns(signal: Signal, scan: Scan, runs: Runs): void {
  const { long, short, direction, hasShortRule, bars } = signal;
  if (direction === 'short-only') {
    scanOneOfTwo(short, long, scan);
    runs.count = runsOfOne(scan, SHORT, bars, runs);
  } else if (!hasShortRule) {
    scanOne(long, scan);
    runs.count = runsOfOne(scan, LONG, bars, runs);
  } else if (direction === 'long-only') {
    scanOneOfTwo(long, short, scan);
    runs.count = runsOfOne(scan, LONG, bars, runs);
  } else {
    scanBoth(long, short, scan);
    runs.count = runsOfBoth(scan, bars, runs);
  }
  // Nothing is entered on the last bar.
  if (runs.count > 0 && runs.entry[runs.count - 1] >>> 1 >= bars - 1) runs.count -= 1;
}

/*
 * The two loops below write an edge as the exit of the run before it and as the entry of the run that may begin with
 * it; an addition decides which of the two counts. The step to the next word is arithmetic as well: no processor can
 * predict how many edges a word has, and one wrong prediction a word takes longer than the rest of the loop.
 */

function runsOfOne(scan: Scan, side: number, bars: number, { entry, exit }: Runs): number {
  const { word, edges, count: words } = scan;
  let count = 0;
  let open = 0;
  let row = 0;
  let left = edges[0];
  while (row < words) {
    const next = edges[row + 1];
    const bar = (word[row] << 5) + 31 - Math.clz32(left & (0 - left));
    left &= left - 1;
    exit[count] = bar;
    count += open;
    entry[count] = (bar << 1) | side;
    open ^= 1;
    const stay = (left | (0 - left)) >> 31; // -1 while the word has more edges, else 0
    row += 1 + stay;
    left |= next & ~stay;
  }
  exit[count] = bars;
  return count + open;
}

function runsOfBoth(scan: Scan, bars: number, { entry, exit }: Runs): number {
  const { word, edges, long, short, count: words } = scan;
  let count = 0;
  let state = 0; // 1 long, 2 short
  let row = 0;
  let left = edges[0];
  while (row < words) {
    const next = edges[row + 1];
    const bit = 31 - Math.clz32(left & (0 - left));
    const bar = (word[row] << 5) + bit;
    left &= left - 1;
    exit[count] = bar;
    count += (state + 1) >> 1;
    state = ((long[row] >>> bit) & 1) | (((short[row] >>> bit) & 1) << 1);
    entry[count] = (bar << 1) | (state >> 1);
    const stay = (left | (0 - left)) >> 31; // -1 while the word has more edges, else 0
    row += 1 + stay;
    left |= next & ~stay;
  }
  exit[count] = bars;
  return count + ((state + 1) >> 1);
}

/**
 * Moves runs to the ends of their waits, in place. A run that lies within one wait vanishes; two runs of one side that meet
 * in a wait are one. Returns whether any two were joined: then a stop that ends the first before the wait makes them two.
 */
export function moveToWaits(runs: Runs, waits: Int32Array): boolean {
  const { entry, exit } = runs;
  const bars = waits.length - 1;
  let count = 0;
  let joined = false;
  for (let run = 0; run < runs.count; run += 1) {
    const side = entry[run] & 1;
    const from = waits[entry[run] >>> 1];
    const to = waits[exit[run]];
    if (from === to) continue;
    if (count > 0 && exit[count - 1] === from && (entry[count - 1] & 1) === side) {
      exit[count - 1] = to;
      joined = true;
      continue;
    }
    entry[count] = 2 * from + side;
    exit[count] = to;
    count += 1;
  }
  // Nothing is entered at the last close, or later.
  if (count > 0 && entry[count - 1] >>> 1 >= bars - 1) count -= 1;
  runs.count = count;
  return joined;
}

/** Writes every change of the signal. */
export function findEdges({ long, short, bars }: Signal, scan: Scan, edges: Edges): void {
  scanBoth(long, short, scan);
  const { bar, state } = edges;
  let count = 0;
  for (let row = 0; row < scan.count; row += 1) {
    const longs = scan.long[row];
    const shorts = scan.short[row];
    let changes = scan.edges[row];
    do {
      const bit = changes & (0 - changes);
      changes ^= bit;
      bar[count] = (scan.word[row] << 5) + 31 - Math.clz32(bit);
      state[count] = (longs & bit) !== 0 ? LONG : (shorts & bit) !== 0 ? SHORT : NEUTRAL;
      count += 1;
    } while (changes !== 0);
  }
  edges.count = count > 0 && bar[count - 1] >= bars ? count - 1 : count;
}

/** Returns the first bar in [from, end) whose bit is set, else `end`. */
export function nextBit(bits: Bits, from: number, end: number): number {
  if (from >= end) return end;
  let word = from >>> 5;
  let left = bits[word] & (-1 << (from & 31));
  const lastWord = (end - 1) >>> 5;
  while (left === 0) {
    if (word === lastWord) return end;
    word += 1;
    left = bits[word];
  }
  return Math.min(end, (word << 5) + 31 - Math.clz32(left & -left));
}
