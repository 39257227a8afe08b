// The words of a signal in which it changes. Rare conditions leave most words 0: those are passed over by their summary.
// What follows is short loops without a branch that depends on the bits: a processor cannot foresee those.

import type { Bits } from '../columns/bits.ts';

/** Where a side is: what two bitsets have in common, and which words of each are not 0. */
export interface BitPair {
  outer: Bits;
  inner: Bits;
  outerSummary: Bits;
  innerSummary: Bits;
}

/** Words with edges, in order, as columns; room to be used again. */
export interface Scan {
  /** Which words were looked at. */
  readonly visits: Int32Array;
  readonly word: Int32Array;
  /** Set where the signal differs from the bar before. */
  readonly edges: Int32Array;
  /** Set where it is LONG and where SHORT, never both. */
  readonly long: Int32Array;
  readonly short: Int32Array;
}

export function openScan(words: number): Scan {
  const column = (): Int32Array => new Int32Array(words + 33);
  return { visits: column(), word: column(), edges: column(), long: column(), short: column() };
}

/** Finds the edges of one side, whatever the other; answers the number of words. */
export function scanOne(side: BitPair, scan: Scan): number {
  const { outer, inner } = side;
  const { visits, word, edges } = scan;
  const visited = findVisits(side, null, outer.length, visits);
  let count = 0;
  let carry = 0;
  for (let at = 0; at < visited; at += 1) {
    const now = visits[at];
    const bits = outer[now] & inner[now];
    const changes = bits ^ ((bits << 1) | carry);
    carry = bits >>> 31;
    word[count] = now;
    edges[count] = changes;
    count += Number(changes !== 0);
  }
  return count;
}

/** Finds the edges of one side where the other is not. */
export function scanOneOfTwo(side: BitPair, other: BitPair, scan: Scan): number {
  const { outer, inner } = side;
  const { outer: notOuter, inner: notInner } = other;
  const { visits, word, edges } = scan;
  const visited = findVisits(side, null, outer.length, visits);
  let count = 0;
  let carry = 0;
  for (let at = 0; at < visited; at += 1) {
    const now = visits[at];
    const bits = outer[now] & inner[now] & ~(notOuter[now] & notInner[now]);
    const changes = bits ^ ((bits << 1) | carry);
    carry = bits >>> 31;
    word[count] = now;
    edges[count] = changes;
    count += Number(changes !== 0);
  }
  return count;
}

/** Finds the edges of both sides; a bar that is both is neither. */
export function scanBoth(longs: BitPair, shorts: BitPair, scan: Scan): number {
  const { outer: longOuter, inner: longInner } = longs;
  const { outer: shortOuter, inner: shortInner } = shorts;
  const { visits, word, edges, long, short } = scan;
  const visited = findVisits(longs, shorts, longOuter.length, visits);
  let count = 0;
  let longCarry = 0;
  let shortCarry = 0;
  for (let at = 0; at < visited; at += 1) {
    const now = visits[at];
    let ups = longOuter[now] & longInner[now];
    let downs = shortOuter[now] & shortInner[now];
    const both = ups & downs;
    ups ^= both;
    downs ^= both;
    const changes = (ups ^ ((ups << 1) | longCarry)) | (downs ^ ((downs << 1) | shortCarry));
    longCarry = ups >>> 31;
    shortCarry = downs >>> 31;
    word[count] = now;
    edges[count] = changes;
    long[count] = ups;
    short[count] = downs;
    count += Number(changes !== 0);
  }
  return count;
}

/** The words that can have an edge: those that are not 0, and the one after each of them. Answers their number. */
function findVisits(side: BitPair, other: BitPair | null, words: number, visits: Int32Array): number {
  const { outerSummary, innerSummary } = side;
  const { outerSummary: otherOuter, innerSummary: otherInner } = other ?? side;
  let count = 0;
  let carry = 0;
  for (let group = 0; group < outerSummary.length; group += 1) {
    const some = (outerSummary[group] & innerSummary[group]) | (otherOuter[group] & otherInner[group]);
    let left = some | (some << 1) | carry;
    carry = some >>> 31;
    const first = group << 5;
    if (left === -1) {
      for (let word = 0; word < 32; word += 1) visits[count + word] = first + word;
      count += 32;
      continue;
    }
    while (left !== 0) {
      visits[count] = first + 31 - Math.clz32(left & (0 - left));
      left &= left - 1;
      count += 1;
    }
  }
  return count > 0 && visits[count - 1] >= words ? count - 1 : count;
}
