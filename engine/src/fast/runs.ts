// Trades as runs of ones. The bits of a side say where the signal is LONG or SHORT; their edges are found by word
// operations, and what lies between two edges costs nothing. A bar here is the one whose close decides.

import type { Arena } from '../columns/arena.ts';
import type { Bits } from '../columns/bits.ts';
import type { Direction } from '../spec.ts';
import { LONG, SHORT } from './fills.ts';
import { scanBoth, scanOne, scanOneOfTwo, type BitPair, type Scan } from './scan.ts';

export interface Signal {
  readonly long: BitPair;
  readonly short: BitPair;
  readonly direction: Direction;
  /** There is a short rule at all. */
  readonly hasShortRule: boolean;
  readonly bars: number;
}

/** Trades in time order, as columns; only the first `count` rows count. */
export interface Runs {
  count: number;
  /** 2 * the bar that decides the entry + the side: also where its fill stands in `Fills`. */
  readonly entry: Int32Array;
  /** The bar that decides the exit; one past the last bar where nothing does. */
  readonly exit: Int32Array;
}

/** Changes of the signal. */
export interface Edges {
  count: number;
  readonly bar: Int32Array;
  /** LONG, SHORT or NEUTRAL from this bar on. */
  readonly state: Uint8Array;
}

export const NEUTRAL = 2;

/** Room for a trade on every bar, and for one that is none. */
export function openRuns(bars: number, arena: Arena): Runs {
  return { count: 0, entry: arena.ints(bars + 2), exit: arena.ints(bars + 2) };
}

export function openEdges(bars: number): Edges {
  return { count: 0, bar: new Int32Array(bars + 2), state: new Uint8Array(bars + 2) };
}

/** The trades of a position that follows the signal. */
export function findRuns(signal: Signal, scan: Scan, runs: Runs): void {
  const { long, short, direction, hasShortRule, bars } = signal;
  let count = 0;
  if (direction === 'short-only') count = runsOfOne(scan, scanOneOfTwo(short, long, scan), SHORT, bars, runs);
  else if (!hasShortRule) count = runsOfOne(scan, scanOne(long, scan), LONG, bars, runs);
  else if (direction === 'long-only') count = runsOfOne(scan, scanOneOfTwo(long, short, scan), LONG, bars, runs);
  else count = runsOfBoth(scan, scanBoth(long, short, scan), bars, runs);
  // Nothing is entered on the last bar.
  runs.count = count > 0 && runs.entry[count - 1] >>> 1 >= bars - 1 ? count - 1 : count;
}

/*
 * Below, an edge is written as the exit of the run before it and as the entry of the run that may begin with it; which of
 * both counts is an addition. To the next word too it is arithmetic: how many edges a word has no processor can foresee,
 * and a wrong guess for each word takes longer than all the rest.
 */

function runsOfOne(scan: Scan, words: number, side: number, bars: number, { entry, exit }: Runs): number {
  const { word, edges } = scan;
  let count = 0;
  let open = 0;
  let at = 0;
  let left = edges[0];
  while (at < words) {
    const next = edges[at + 1];
    const bar = (word[at] << 5) + 31 - Math.clz32(left & (0 - left));
    left &= left - 1;
    exit[count] = bar;
    count += open;
    entry[count] = (bar << 1) | side;
    open ^= 1;
    const more = (left | (0 - left)) >> 31; // -1 or 0
    at += 1 + more;
    left |= next & ~more;
  }
  exit[count] = bars;
  return count + open;
}

function runsOfBoth(scan: Scan, words: number, bars: number, { entry, exit }: Runs): number {
  const { word, edges, long, short } = scan;
  let count = 0;
  let state = 0; // 1 long, 2 short
  let at = 0;
  let left = edges[0];
  while (at < words) {
    const next = edges[at + 1];
    const bit = 31 - Math.clz32(left & (0 - left));
    const bar = (word[at] << 5) + bit;
    left &= left - 1;
    exit[count] = bar;
    count += (state + 1) >> 1;
    state = ((long[at] >>> bit) & 1) | (((short[at] >>> bit) & 1) << 1);
    entry[count] = (bar << 1) | (state >> 1);
    const more = (left | (0 - left)) >> 31;
    at += 1 + more;
    left |= next & ~more;
  }
  exit[count] = bars;
  return count + ((state + 1) >> 1);
}

/** Every change of the signal. */
export function findEdges({ long, short, bars }: Signal, scan: Scan, edges: Edges): void {
  const words = scanBoth(long, short, scan);
  const { bar, state } = edges;
  let count = 0;
  for (let at = 0; at < words; at += 1) {
    const longs = scan.long[at];
    const shorts = scan.short[at];
    let changes = scan.edges[at];
    do {
      const bit = changes & (0 - changes);
      changes ^= bit;
      bar[count] = (scan.word[at] << 5) + 31 - Math.clz32(bit);
      state[count] = (longs & bit) !== 0 ? LONG : (shorts & bit) !== 0 ? SHORT : NEUTRAL;
      count += 1;
    } while (changes !== 0);
  }
  edges.count = count > 0 && bar[count - 1] >= bars ? count - 1 : count;
}

/** The first bar from `from` on whose bit is set, `end` if there is none before it. */
export function nextBit(bits: Bits, from: number, end: number): number {
  if (from >= end) return end;
  let word = from >>> 5;
  let found = bits[word] & (-1 << (from & 31));
  const lastWord = (end - 1) >>> 5;
  while (found === 0) {
    if (word === lastWord) return end;
    word += 1;
    found = bits[word];
  }
  return Math.min(end, (word << 5) + 31 - Math.clz32(found & -found));
}
