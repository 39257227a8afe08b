// Brushes as the address has them: ranges `a..b` of values by axis, both ends included.

import { axisValue } from '../../words/format.ts';
import type { Bins } from '../axes.ts';

type Value = number | string;
export type Range = readonly [from: Value, to: Value];

/** First and last bin of a brush, both included. */
export interface BinRange {
  readonly from: number;
  readonly to: number;
}

/** Reads a range; undefined: it is none. */
export function rangeOf(text: string, isNumbers: boolean): Range | undefined {
  const [from, to, ...more] = text.split('..');
  if (from === undefined || to === undefined || more.length > 0 || from === '' || to === '') return undefined;
  if (!isNumbers) return [from, to];
  const [low, high] = [Number(from), Number(to)];
  return Number.isNaN(low + high) ? undefined : low <= high ? [low, high] : [high, low];
}

const isNumber = (value: Value): value is number => typeof value === 'number';

/** Returns the bins that a range touches; undefined: none. */
export function binsIn({ from, to }: Bins, [low, high]: Range): BinRange | undefined {
  const inside = from.flatMap((value, bin) => (touches([value, to[bin] ?? value], [low, high], from) ? [bin] : []));
  const [first, last] = [inside[0], inside.at(-1)];
  return first === undefined || last === undefined ? undefined : { from: first, to: last };
}

function touches([a, b]: Range, [low, high]: Range, words: readonly Value[]): boolean {
  if (isNumber(a) && isNumber(b) && isNumber(low) && isNumber(high)) {
    return Math.max(a, b) >= low && Math.min(a, b) <= high;
  }
  // Words count by their place.
  const at = words.findIndex((word) => String(word) === String(a));
  const [first, last] = [low, high].map((end) => words.findIndex((word) => String(word) === String(end)));
  return first !== undefined && last !== undefined && first >= 0 && last >= 0 && at >= first && at <= last;
}

/** Returns the range of values that bins cover. */
export function rangeOfBins({ from, to }: Bins, bins: BinRange): Range {
  const covered = [...from.slice(bins.from, bins.to + 1), ...to.slice(bins.from, bins.to + 1)];
  if (covered.length > 0 && covered.every(isNumber)) return [Math.min(...covered), Math.max(...covered)];
  return [from[bins.from] ?? '', to[bins.to] ?? ''];
}

export const rangeText = ([from, to]: Range): string => `${from}..${to}`;

/** Writes a brush for a reader: 12–20, or one value. */
export const rangeWords = ([from, to]: Range): string =>
  from === to ? axisValue(from) : `${axisValue(from)}–${axisValue(to)}`;

/** Returns the brushes of an address that axes have, by their keys. */
export function brushesOf(
  brush: Readonly<Record<string, string>>,
  isNumbersByKey: ReadonlyMap<string, boolean>,
): Readonly<Record<string, Range>> {
  return Object.fromEntries(
    Object.entries(brush).flatMap(([key, text]) => {
      const isNumbers = isNumbersByKey.get(key);
      const range = isNumbers === undefined ? undefined : rangeOf(text, isNumbers);
      return range === undefined ? [] : [[key, range] as const];
    }),
  );
}

/** Moves one end of a brush by a key; the other end is never passed. Null: the key means nothing. */
export function movedEnd(key: string, end: 'from' | 'to', range: BinRange, bins: number): BinRange | null {
  const now = range[end];
  const next = {
    ArrowUp: now + 1,
    ArrowRight: now + 1,
    ArrowDown: now - 1,
    ArrowLeft: now - 1,
    PageUp: now + 5,
    PageDown: now - 5,
    Home: 0,
    End: bins - 1,
  }[key];
  if (next === undefined) return null;
  const [least, most] = end === 'from' ? [0, range.to] : [range.from, bins - 1];
  return { ...range, [end]: Math.max(least, Math.min(most, next)) };
}

/** An axis in the order of the address. */
export interface Placed {
  readonly key: string;
  readonly isFlipped: boolean;
}

/** Returns the axes in the order of an address; those that it does not name follow. At most so many. */
export function orderOf(order: readonly string[], keys: readonly string[], most: number): readonly Placed[] {
  const asked = order.map((text) => ({ key: text.replace(/^-/, ''), isFlipped: text.startsWith('-') }));
  const known = asked.filter(({ key }, at) => keys.includes(key) && asked.findIndex((one) => one.key === key) === at);
  const rest = keys.filter((key) => known.every((one) => one.key !== key)).map((key) => ({ key, isFlipped: false }));
  return [...known, ...rest].slice(0, most);
}

/** Writes an order; the usual one is left out of the address. */
export function orderText(placed: readonly Placed[], keys: readonly string[]): readonly string[] {
  const isUsual = placed.every(({ key, isFlipped }, at) => key === keys[at] && !isFlipped);
  return isUsual ? [] : placed.map(({ key, isFlipped }) => (isFlipped ? `-${key}` : key));
}

/** Puts an axis at another place. */
export function movedTo(placed: readonly Placed[], from: number, to: number): readonly Placed[] {
  const one = placed[from];
  if (one === undefined) return placed;
  const rest = placed.toSpliced(from, 1);
  return rest.toSpliced(Math.max(0, Math.min(rest.length, to)), 0, one);
}

export const flipped = (placed: readonly Placed[], at: number): readonly Placed[] =>
  placed.map((one, place) => (place === at ? { ...one, isFlipped: !one.isFlipped } : one));
