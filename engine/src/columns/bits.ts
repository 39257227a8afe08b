// A condition over the bars of the target slice as a bitset: bit `bar & 31` of word `bar >> 5`. Bits beyond the last bar
// are 0. One word holds 32 bars, so what combines conditions costs a thirty-second of a look at every bar.

import { kernelsOver } from './arena.ts';

export type Bits = Uint32Array;

const FLOAT = 8;

export function wordsOf(bars: number): number {
  return (bars + 31) >>> 5;
}

/** All bits of `bars` bars set. */
export function allBits(bars: number): Bits {
  const bits = new Uint32Array(wordsOf(bars)).fill(0xffffffff);
  if ((bars & 31) !== 0) bits[bits.length - 1] = 2 ** (bars & 31) - 1;
  return bits;
}

export function and(a: Bits, b: Bits, out: Bits): void {
  const kernels = kernelsOver(out, a, b);
  if (kernels !== null) {
    kernels.and(a.byteOffset, b.byteOffset, out.byteLength, out.byteOffset);
    return;
  }
  for (let word = 0; word < out.length; word += 1) out[word] = a[word] & b[word];
}

/** a and not b. */
export function andNot(a: Bits, b: Bits, out: Bits): void {
  for (let word = 0; word < out.length; word += 1) out[word] = a[word] & ~b[word];
}

/** a or b, where both are defined. */
export function orWhere(a: Bits, b: Bits, defined: Bits, out: Bits): void {
  for (let word = 0; word < out.length; word += 1) out[word] = (a[word] | b[word]) & defined[word];
}

/** Bit of bar `from + bar`: a < b. `from` is the first target bar in the columns; here and below. */
export function less(a: Float64Array, b: Float64Array, from: number, bars: number, out: Bits): void {
  const kernels = kernelsOver(out, a, b);
  if (kernels !== null) {
    kernels.less(a.byteOffset + FLOAT * from, b.byteOffset + FLOAT * from, bars, out.byteOffset);
    return;
  }
  for (let word = 0; word < out.length; word += 1) {
    const start = word << 5;
    const end = Math.min(start + 32, bars);
    let bits = 0;
    for (let bar = start; bar < end; bar += 1) bits |= Number(a[from + bar] < b[from + bar]) << (bar & 31);
    out[word] = bits;
  }
}

/** a <= b. */
export function lessOrEqual(a: Float64Array, b: Float64Array, from: number, bars: number, out: Bits): void {
  const kernels = kernelsOver(out, a, b);
  if (kernels !== null) {
    kernels.lessOrEqual(a.byteOffset + FLOAT * from, b.byteOffset + FLOAT * from, bars, out.byteOffset);
    return;
  }
  for (let word = 0; word < out.length; word += 1) {
    const start = word << 5;
    const end = Math.min(start + 32, bars);
    let bits = 0;
    for (let bar = start; bar < end; bar += 1) bits |= Number(a[from + bar] <= b[from + bar]) << (bar & 31);
    out[word] = bits;
  }
}

/** a = b. */
export function equal(a: Float64Array, b: Float64Array, from: number, bars: number, out: Bits): void {
  for (let word = 0; word < out.length; word += 1) {
    const start = word << 5;
    const end = Math.min(start + 32, bars);
    let bits = 0;
    for (let bar = start; bar < end; bar += 1) bits |= Number(a[from + bar] === b[from + bar]) << (bar & 31);
    out[word] = bits;
  }
}

/** a > b, and on the bar before a <= b; false on the first bar of the columns. */
export function crossAbove(a: Float64Array, b: Float64Array, from: number, bars: number, out: Bits): void {
  for (let word = 0; word < out.length; word += 1) {
    const start = word << 5;
    const end = Math.min(start + 32, bars);
    let bits = 0;
    for (let bar = start; bar < end; bar += 1) {
      const at = from + bar;
      bits |= Number(at > 0 && a[at] > b[at] && a[at - 1] <= b[at - 1]) << (bar & 31);
    }
    out[word] = bits;
  }
}

/** Not NaN on the bar and, with `back` 1, on the bar before it too. */
export function notNaN(x: Float64Array, from: number, bars: number, back: 0 | 1, out: Bits): void {
  for (let word = 0; word < out.length; word += 1) {
    const start = word << 5;
    const end = Math.min(start + 32, bars);
    let bits = 0;
    for (let bar = start; bar < end; bar += 1) {
      const at = from + bar;
      bits |= Number(at >= back && x[at] === x[at] && x[at - back] === x[at - back]) << (bar & 31);
    }
    out[word] = bits;
  }
}

/** Sides to a signal: 1 where only `long` is set, -1 where only `short` is, else 0. */
export function signalOf(long: Bits, short: Bits, signal: Int8Array): void {
  for (let word = 0; word < long.length; word += 1) {
    const start = word << 5;
    const end = Math.min(start + 32, signal.length);
    const ups = long[word];
    const downs = short[word];
    if (ups === downs) signal.fill(0, start, end);
    else
      for (let bar = start; bar < end; bar += 1)
        signal[bar] = ((ups >>> (bar & 31)) & 1) - ((downs >>> (bar & 31)) & 1);
  }
}

/** One byte a bar. */
export function bytesOf(bits: Bits, bytes: Uint8Array): void {
  for (let bar = 0; bar < bytes.length; bar += 1) bytes[bar] = (bits[bar >>> 5] >>> (bar & 31)) & 1;
}
