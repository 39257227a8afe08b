// Trades as runs of ones. The bits of a side say where the signal is LONG or SHORT; their edges are found by word
// operations, and what lies between two edges costs nothing. A bar here is the one whose close decides.

import type { Bits } from '../rules/bits.ts';
import type { Direction } from '../simulate.ts';
import { LONG, SHORT } from './fills.ts';

/** Where each side is: in the places that both bitsets have in common. */
export interface SideBits {
  longOuter: Bits;
  longInner: Bits;
  shortOuter: Bits;
  shortInner: Bits;
}

/** Trades in time order, as columns; only the first `count` rows count. */
export interface Runs {
  count: number;
  /** The bar that decides the entry. */
  readonly entry: Int32Array;
  readonly side: Uint8Array;
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

/** Room for a trade on every second bar and one that is no trade. */
export function openRuns(bars: number): Runs {
  const rows = bars + 2;
  return { count: 0, entry: new Int32Array(rows), side: new Uint8Array(rows), exit: new Int32Array(rows) };
}

export function openEdges(bars: number): Edges {
  return { count: 0, bar: new Int32Array(bars + 2), state: new Uint8Array(bars + 2) };
}

/** The trades of a position that follows the signal. `shorts`: there is a short rule at all. */
export function followSignal(bits: SideBits, direction: Direction, shorts: boolean, bars: number, runs: Runs): void {
  let count = 0;
  if (direction === 'long-short') count = shorts ? bothSides(bits, bars, runs) : oneSide(bits, bars, runs);
  else if (direction === 'long-only') count = shorts ? oneOfTwo(bits, bars, runs) : oneSide(bits, bars, runs);
  else if (shorts) count = oneOfTwo(swapped(bits), bars, runs);
  if (direction !== 'long-short' || !shorts) runs.side.fill(direction === 'short-only' ? SHORT : LONG, 0, count);
  // Nothing is entered on the last bar.
  runs.count = count > 0 && runs.entry[count - 1] >= bars - 1 ? count - 1 : count;
}

function swapped({ longOuter, longInner, shortOuter, shortInner }: SideBits): SideBits {
  return { longOuter: shortOuter, longInner: shortInner, shortOuter: longOuter, shortInner: longInner };
}

/*
 * Below, an edge is written as the exit of the run before it and as the entry of the run that may begin with it; which of
 * both counts is an addition instead of a branch, because no processor can foresee it.
 */

function oneSide({ longOuter, longInner }: SideBits, bars: number, { entry, exit }: Runs): number {
  let count = 0;
  let open = 0;
  let carry = 0;
  for (let word = 0; word < longOuter.length; word += 1) {
    const bits = longOuter[word] & longInner[word];
    let edges = bits ^ ((bits << 1) | carry);
    carry = bits >>> 31;
    while (edges !== 0) {
      const bit = edges & -edges;
      const bar = (word << 5) + 31 - Math.clz32(bit);
      edges ^= bit;
      exit[count] = bar;
      count += open;
      entry[count] = bar;
      open ^= 1;
    }
  }
  exit[count] = bars;
  return count + open;
}

function oneOfTwo(
  { longOuter, longInner, shortOuter, shortInner }: SideBits,
  bars: number,
  { entry, exit }: Runs,
): number {
  let count = 0;
  let open = 0;
  let carry = 0;
  for (let word = 0; word < longOuter.length; word += 1) {
    const bits = longOuter[word] & longInner[word] & ~(shortOuter[word] & shortInner[word]);
    let edges = bits ^ ((bits << 1) | carry);
    carry = bits >>> 31;
    while (edges !== 0) {
      const bit = edges & -edges;
      const bar = (word << 5) + 31 - Math.clz32(bit);
      edges ^= bit;
      exit[count] = bar;
      count += open;
      entry[count] = bar;
      open ^= 1;
    }
  }
  exit[count] = bars;
  return count + open;
}

function bothSides(
  { longOuter, longInner, shortOuter, shortInner }: SideBits,
  bars: number,
  { entry, exit, side }: Runs,
): number {
  let count = 0;
  let open = 0;
  let longCarry = 0;
  let shortCarry = 0;
  for (let word = 0; word < longOuter.length; word += 1) {
    let long = longOuter[word] & longInner[word];
    let short = shortOuter[word] & shortInner[word];
    const both = long & short; // is neither
    long ^= both;
    short ^= both;
    let edges = (long ^ ((long << 1) | longCarry)) | (short ^ ((short << 1) | shortCarry));
    longCarry = long >>> 31;
    shortCarry = short >>> 31;
    while (edges !== 0) {
      const bit = edges & -edges;
      const bar = (word << 5) + 31 - Math.clz32(bit);
      edges ^= bit;
      exit[count] = bar;
      count += open;
      entry[count] = bar;
      const isShort = Number((short & bit) !== 0);
      side[count] = isShort;
      open = isShort | Number((long & bit) !== 0);
    }
  }
  exit[count] = bars;
  return count + open;
}

/** Every change of the signal. */
export function edgesOf({ longOuter, longInner, shortOuter, shortInner }: SideBits, bars: number, edges: Edges): void {
  const { bar, state } = edges;
  let count = 0;
  let longCarry = 0;
  let shortCarry = 0;
  for (let word = 0; word < longOuter.length; word += 1) {
    let long = longOuter[word] & longInner[word];
    let short = shortOuter[word] & shortInner[word];
    const both = long & short;
    long ^= both;
    short ^= both;
    let changes = (long ^ ((long << 1) | longCarry)) | (short ^ ((short << 1) | shortCarry));
    longCarry = long >>> 31;
    shortCarry = short >>> 31;
    while (changes !== 0) {
      const bit = changes & -changes;
      changes ^= bit;
      bar[count] = (word << 5) + 31 - Math.clz32(bit);
      state[count] = (long & bit) !== 0 ? LONG : (short & bit) !== 0 ? SHORT : NEUTRAL;
      count += 1;
    }
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
