// A condition over the bars of the target slice is a bitset: bar `bar` is bit `bar & 31` of word `bar >> 5`, and bits
// after the last bar are 0. One word holds 32 bars, so combining conditions costs a thirty-second of a pass over the
// bars.

import { kernelsOver } from './arena.ts';

export type Bits = Uint32Array;

const FLOAT = 8;

/** A range of a column: `bars` bars, the first of them at position `first`. */
export interface BarSpan {
  readonly first: number;
  readonly bars: number;
}

/** Counts the words that hold `bars` bits. */
export function wordsOf(bars: number): number {
  return (bars + 31) >>> 5;
}

/** Makes a bitset that is 1 on each of `bars` bars. */
export function allBits(bars: number): Bits {
  const bits = new Uint32Array(wordsOf(bars)).fill(0xffffffff);
  if ((bars & 31) !== 0) bits[bits.length - 1] = 2 ** (bars & 31) - 1;
  return bits;
}

/** Writes a and b. */
export function and(a: Bits, b: Bits, out: Bits): void {
  const kernels = kernelsOver(out, a, b);
  if (kernels !== null) {
    kernels.and(a.byteOffset, b.byteOffset, out.byteLength, out.byteOffset);
    return;
  }
  for (let word = 0; word < out.length; word += 1) out[word] = a[word] & b[word];
}

/** Writes a and not b. */
export function andNot(a: Bits, b: Bits, out: Bits): void {
  for (let word = 0; word < out.length; word += 1) out[word] = a[word] & ~b[word];
}

/** Writes a or b where both are defined, else 0. */
export function orWhere(a: Bits, b: Bits, defined: Bits, out: Bits): void {
  for (let word = 0; word < out.length; word += 1) out[word] = (a[word] | b[word]) & defined[word];
}

/** Writes for each bar of the span whether a < b. */
export function less(a: Float64Array, b: Float64Array, { first, bars }: BarSpan, out: Bits): void {
  const kernels = kernelsOver(out, a, b);
  if (kernels !== null) {
    kernels.less(a.byteOffset + FLOAT * first, b.byteOffset + FLOAT * first, bars, out.byteOffset);
    return;
  }
  for (let word = 0; word < out.length; word += 1) {
    const start = word << 5;
    const end = Math.min(start + 32, bars);
    let bits = 0;
    for (let bar = start; bar < end; bar += 1) bits |= Number(a[first + bar] < b[first + bar]) << (bar & 31);
    out[word] = bits;
  }
}

/** Writes for each bar of the span whether a <= b. */
export function lessOrEqual(a: Float64Array, b: Float64Array, { first, bars }: BarSpan, out: Bits): void {
  const kernels = kernelsOver(out, a, b);
  if (kernels !== null) {
    kernels.lessOrEqual(a.byteOffset + FLOAT * first, b.byteOffset + FLOAT * first, bars, out.byteOffset);
    return;
  }
  for (let word = 0; word < out.length; word += 1) {
    const start = word << 5;
    const end = Math.min(start + 32, bars);
    let bits = 0;
    for (let bar = start; bar < end; bar += 1) bits |= Number(a[first + bar] <= b[first + bar]) << (bar & 31);
    out[word] = bits;
  }
}

/** Writes for each bar of the span whether a = b. */
export function equal(a: Float64Array, b: Float64Array, { first, bars }: BarSpan, out: Bits): void {
  for (let word = 0; word < out.length; word += 1) {
    const start = word << 5;
    const end = Math.min(start + 32, bars);
    let bits = 0;
    for (let bar = start; bar < end; bar += 1) bits |= Number(a[first + bar] === b[first + bar]) << (bar & 31);
    out[word] = bits;
  }
}

/** Writes for each bar of the span whether a > b and, on the bar before, a <= b; 0 on the first bar of the columns. */
export function crossAbove(a: Float64Array, b: Float64Array, { first, bars }: BarSpan, out: Bits): void {
  for (let word = 0; word < out.length; word += 1) {
    const start = word << 5;
    const end = Math.min(start + 32, bars);
    let bits = 0;
    for (let bar = start; bar < end; bar += 1) {
      const at = first + bar;
      bits |= Number(at > 0 && a[at] > b[at] && a[at - 1] <= b[at - 1]) << (bar & 31);
    }
    out[word] = bits;
  }
}

/** Writes for each bar of the span whether x is a number on it and, with `back` 1, on the bar before it too. */
export function notNaN(x: Float64Array, { first, bars }: BarSpan, back: 0 | 1, out: Bits): void {
  for (let word = 0; word < out.length; word += 1) {
    const start = word << 5;
    const end = Math.min(start + 32, bars);
    let bits = 0;
    for (let bar = start; bar < end; bar += 1) {
      const at = first + bar;
      bits |= Number(at >= back && x[at] === x[at] && x[at - back] === x[at - back]) << (bar & 31);
    }
    out[word] = bits;
  }
}

/** Writes the signal of two sides: 1 where only `long` is set, -1 where only `short` is, else 0. */
export function signalOf(long: Bits, short: Bits, signal: Int8Array): void {
  for (let word = 0; word < long.length; word += 1) {
    const start = word << 5;
    const end = Math.min(start + 32, signal.length);
    const longs = long[word];
    const shorts = short[word];
    if (longs === shorts) signal.fill(0, start, end);
    else
      for (let bar = start; bar < end; bar += 1)
        signal[bar] = ((longs >>> (bar & 31)) & 1) - ((shorts >>> (bar & 31)) & 1);
  }
}

/** Writes a bitset as one byte a bar. */
export function bytesOf(bits: Bits, bytes: Uint8Array): void {
  for (let bar = 0; bar < bytes.length; bar += 1) bytes[bar] = (bits[bar >>> 5] >>> (bar & 31)) & 1;
}
