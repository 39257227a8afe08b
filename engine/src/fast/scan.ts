// A scan finds the words of a signal in which it changes. Most words of a rare condition are 0, and its summary skips
// them. The loops are short and have no branch that depends on the bits, because a processor cannot predict one.

import type { Bits } from '../columns/bits.ts';

/**
 * One side of the signal: true where both bitsets are. A summary has a bit for each word, 1 where the word is not 0.
 */
export interface BitPair {
  outer: Bits;
  inner: Bits;
  outerSummary: Bits;
  innerSummary: Bits;
}

/** The words that have edges, in order, as columns that the next scan overwrites. */
export interface Scan {
  /** Number of words that have edges. */
  count: number;
  /** Positions of the words that the scan reads. */
  readonly visits: Int32Array;
  /** Position of each word that has edges. */
  readonly word: Int32Array;
  /** Bits that are 1 where the signal differs from the bar before. */
  readonly edges: Int32Array;
  /** Bits that are 1 where the signal is LONG; written by `scanBoth` alone. */
  readonly long: Int32Array;
  /** Bits that are 1 where the signal is SHORT, and never where it is LONG; written by `scanBoth` alone. */
  readonly short: Int32Array;
}

/** Opens the columns of scans over `words` words. */
export function openScan(words: number): Scan {
  const column = (): Int32Array => new Int32Array(words + 33); // a whole last group, and a sentinel
  return { count: 0, visits: column(), word: column(), edges: column(), long: column(), short: column() };
}

/** Finds the edges of one side, whatever the other side is. */
export function scanOne(side: BitPair, scan: Scan): void {
  const { outer, inner } = side;
  const { visits, word, edges } = scan;
  const visited = findVisits(side, null, outer.length, visits);
  let count = 0;
  let carry = 0;
  for (let visit = 0; visit < visited; visit += 1) {
    const at = visits[visit];
    const bits = outer[at] & inner[at];
    const changes = bits ^ ((bits << 1) | carry);
    carry = bits >>> 31;
    word[count] = at;
    edges[count] = changes;
    count += Number(changes !== 0);
  }
  scan.count = count;
}

/** Finds the edges of one side; a bar on which the other side is true as well is NEUTRAL. */
export function scanOneOfTwo(side: BitPair, other: BitPair, scan: Scan): void {
  const { outer, inner } = side;
  const { outer: otherOuter, inner: otherInner } = other;
  const { visits, word, edges } = scan;
  const visited = findVisits(side, null, outer.length, visits);
  let count = 0;
  let carry = 0;
  for (let visit = 0; visit < visited; visit += 1) {
    const at = visits[visit];
    const bits = outer[at] & inner[at] & ~(otherOuter[at] & otherInner[at]);
    const changes = bits ^ ((bits << 1) | carry);
    carry = bits >>> 31;
    word[count] = at;
    edges[count] = changes;
    count += Number(changes !== 0);
  }
  scan.count = count;
}

/** Finds the edges of both sides; a bar on which both are true is NEUTRAL. */
export function scanBoth(long: BitPair, short: BitPair, scan: Scan): void {
  const { outer: longOuter, inner: longInner } = long;
  const { outer: shortOuter, inner: shortInner } = short;
  const { visits, word, edges, long: longs, short: shorts } = scan;
  const visited = findVisits(long, short, longOuter.length, visits);
  let count = 0;
  let longCarry = 0;
  let shortCarry = 0;
  for (let visit = 0; visit < visited; visit += 1) {
    const at = visits[visit];
    let longBits = longOuter[at] & longInner[at];
    let shortBits = shortOuter[at] & shortInner[at];
    const both = longBits & shortBits;
    longBits ^= both;
    shortBits ^= both;
    const changes = (longBits ^ ((longBits << 1) | longCarry)) | (shortBits ^ ((shortBits << 1) | shortCarry));
    longCarry = longBits >>> 31;
    shortCarry = shortBits >>> 31;
    word[count] = at;
    edges[count] = changes;
    longs[count] = longBits;
    shorts[count] = shortBits;
    count += Number(changes !== 0);
  }
  scan.count = count;
}

/**
 * Finds the words that can have an edge: those that are not 0, and the word after each of them. Returns their number.
 */
function findVisits(side: BitPair, other: BitPair | null, words: number, visits: Int32Array): number {
  const { outerSummary, innerSummary } = side;
  const { outerSummary: otherOuter, innerSummary: otherInner } = other ?? side;
  let count = 0;
  let carry = 0;
  for (let group = 0; group < outerSummary.length; group += 1) {
    const filled = (outerSummary[group] & innerSummary[group]) | (otherOuter[group] & otherInner[group]);
    let left = filled | (filled << 1) | carry;
    carry = filled >>> 31;
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
