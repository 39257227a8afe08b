// How large one statement or one message may be. On a busy machine 1,000 trades took 80 ms to store and half a megabyte of
// bytes 30 ms, where a lease of 3 s gives a statement 600 ms.

/** Bytes of a portion of rows, of a surface or of a resume point. */
export const PORTION_BYTES = 2 ** 19;
/** Trades of a portion; of a row with more, the rest stands in a table of its own. */
export const PORTION_TRADES = 1000;
/** Base indexes of a portion of a shortlist. */
export const PORTION_INDEXES = 50_000;

/** The portions of a column or of bytes; at least one. */
export function portionsOf<T extends { readonly length: number; subarray(from: number, to: number): T }>(
  whole: T,
  size: number,
): T[] {
  const count = Math.max(1, Math.ceil(whole.length / size));
  return Array.from({ length: count }, (_, part) => whole.subarray(part * size, (part + 1) * size));
}
