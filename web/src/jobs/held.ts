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
  // What comes behind the last known row is the next page, which moves nothing.
  const lastKnown = now.findLastIndex((row) => known.has(idOf(row)));
  // Nothing of what was held is left: there is nothing to move.
  if (lastKnown === -1) return { rows: now, waiting: 0 };
  const fresh = now.slice(0, lastKnown).filter((row) => !known.has(idOf(row))).length;
  const kept = before.flatMap((row) => byId.get(idOf(row)) ?? []);
  return { rows: [...kept, ...now.slice(lastKnown + 1)], waiting: fresh };
}

/** Holds the rows of the list `name` while `isHeld`; another list is not held to the rows of the one before. */
export function useHeldRows<T>(name: string, now: readonly T[], isHeld: boolean, idOf: (row: T) => string): Held<T> {
  const before = useRef({ name, rows: now });
  const isSame = before.current.name === name;
  const held = isHeld && isSame ? holdRows(now, before.current.rows, idOf) : { rows: now, waiting: 0 };
  before.current = { name, rows: held.rows };
  return held;
}
