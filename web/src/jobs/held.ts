// Rows never move under the pointer: while a list is held, it keeps the rows and the order it had, and new ones wait.

import { useRef } from 'react';

interface Held<T> {
  readonly rows: readonly T[];
  /** Rows that have come since and wait. */
  readonly waiting: number;
}

/** Returns the rows of `now` in the order they had when the list was taken hold of. */
export function holdRows<T>(now: readonly T[], before: readonly T[], idOf: (row: T) => string): Held<T> {
  const byId = new Map(now.map((row) => [idOf(row), row]));
  const known = new Set(before.map(idOf));
  const firstKnown = now.findIndex((row) => known.has(idOf(row)));
  // What comes behind the last known row is the next page, which moves nothing.
  const lastKnown = now.findLastIndex((row) => known.has(idOf(row)));
  const fresh = firstKnown === -1 ? now.length : now.slice(0, lastKnown).filter((row) => !known.has(idOf(row))).length;
  const kept = before.flatMap((row) => byId.get(idOf(row)) ?? []);
  return { rows: [...kept, ...now.slice(lastKnown + 1).filter(() => lastKnown !== -1)], waiting: fresh };
}

/** Holds the rows of a list while `isHeld`. */
export function useHeldRows<T>(now: readonly T[], isHeld: boolean, idOf: (row: T) => string): Held<T> {
  const before = useRef(now);
  const held = isHeld ? holdRows(now, before.current, idOf) : { rows: now, waiting: 0 };
  before.current = held.rows;
  return held;
}
