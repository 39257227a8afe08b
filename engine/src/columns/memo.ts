// What variants share is computed once: a node remembers its values by the combination of the axes it depends on. The
// memory for that is bounded and handed out by worth: small values first, since a condition is a sixty-fourth of the
// series behind it, and nothing to nodes that are never met again.

import type { Digits, GridAxis } from '../axis.ts';
import { COLUMN_OVERHEAD } from './arena.ts';

/** One thing to compute: for each combination of its axes one value. */
export interface Node<T> {
  /** Positions of the axes it depends on, ascending, without those of one value. */
  readonly axes: readonly number[];
  /** The value for a variant; valid until the node is asked for another combination. */
  readonly at: (digits: Digits) => T;
}

export interface Recipe<T> {
  readonly axes: readonly number[];
  /** Bytes of one value for each bar. */
  readonly width: number;
  readonly open: () => T;
  /** Computes into a value that `open` made. */
  readonly fill: (digits: Digits, out: T) => void;
  /** False: no value but the last is worth its memory. */
  readonly keep?: boolean;
}

export interface Memory {
  readonly remember: <T>(recipe: Recipe<T>) => Node<T>;
  /** Divides so many bytes among the nodes made so far, whose values are of so many bars. */
  readonly divide: (bytes: number, bars: number) => void;
  readonly demand: () => Demand;
  /** Bytes that the values of all nodes take at most, after `share`. */
  readonly mostBytes: (bars: number) => number;
}

/** Bytes for each bar. */
export interface Demand {
  /** Of the values that are worth keeping and that so many variants meet, drawn from a grid of `total`. */
  readonly kept: (variants: number, total: number) => number;
  /** The same of all values: so much is computed once, and again where it is not kept and met again. */
  readonly met: (variants: number, total: number) => number;
  /** Of one value of each node, which it always has. */
  readonly always: number;
}

const FLOAT = 8;

interface Share {
  readonly axes: readonly number[];
  readonly width: number;
  readonly keep: boolean;
  limit: number;
}

export function openMemory(axes: readonly GridAxis[]): Memory {
  const shares: Share[] = [];
  return {
    remember(recipe) {
      const { axes: own, width, keep = true } = recipe;
      const share: Share = { axes: own, width, keep, limit: 0 };
      shares.push(share);
      return nodeOf(recipe, axes, share);
    },
    divide(bytes, bars) {
      let left = bytes;
      for (const share of worthKeeping(shares, axes)) {
        share.limit = Math.min(combinationsOf(share.axes, axes), Math.floor(left / (share.width * bars)));
        left -= share.limit * share.width * bars;
      }
    },
    demand: () => ({
      kept: (variants, total) => bytesMet(worthKeeping(shares, axes), axes, { variants, total }),
      met: (variants, total) => bytesMet(shares, axes, { variants, total }),
      always: shares.reduce((sum, { width }) => sum + width, 0),
    }),
    mostBytes: (bars) =>
      shares.reduce((sum, { limit, width }) => {
        const columns = Math.max(1, width / FLOAT);
        return sum + (limit + 1) * (Math.ceil(width * bars) + columns * COLUMN_OVERHEAD);
      }, 0),
  };
}

/**
 * The grid is walked in order, last axis fastest. A node that depends on the outermost axes only meets each of its
 * combinations in one run, so its last value is all it needs.
 */
function worthKeeping(shares: readonly Share[], axes: readonly GridAxis[]): readonly Share[] {
  const outermost = axes.flatMap(({ values }, at) => (values.length > 1 ? [at] : []));
  return shares
    .filter(({ axes: own, keep }) => keep && own.some((axis, at) => axis !== outermost[at]))
    .sort((a, b) => a.width - b.width || combinationsOf(a.axes, axes) - combinationsOf(b.axes, axes));
}

interface Drawn {
  readonly variants: number;
  readonly total: number;
}

/** Bytes for each bar of the values that are met. */
function bytesMet(shares: readonly Share[], axes: readonly GridAxis[], { variants, total }: Drawn): number {
  return shares.reduce((sum, one) => sum + expectedMet(variants, total, combinationsOf(one.axes, axes)) * one.width, 0);
}

/** How many combinations are met: of each there are `total / combinations` variants, and all of them may be left out. */
function expectedMet(variants: number, total: number, combinations: number): number {
  return Math.min(variants, combinations * (1 - (1 - variants / total) ** (total / combinations)));
}

function combinationsOf(positions: readonly number[], axes: readonly GridAxis[]): number {
  return positions.reduce((product, at) => product * axes[at].values.length, 1);
}

function nodeOf<T>({ axes, open, fill }: Recipe<T>, grid: readonly GridAxis[], share: Share): Node<T> {
  const lengths = axes.map((at) => grid[at].values.length);
  const kept = openValues<T>(lengths.reduce((product, length) => product * length, 1));
  let spare: T | null = null; // for values that are not kept
  let size = 0;
  let lastKey = -1;
  let last: T | null = null;
  return {
    axes,
    at(digits) {
      let key = 0;
      for (let at = 0; at < axes.length; at += 1) key = key * lengths[at] + digits[axes[at]];
      if (key === lastKey && last !== null) return last;
      let value = kept.get(key);
      if (value === undefined) {
        // The first that fit stay: in a cycle longer than the memory, forgetting the oldest would forget each value just
        // before it is asked for again.
        const keep = size < share.limit;
        value = keep ? open() : (spare ??= open());
        fill(digits, value);
        if (keep) kept.set(key, value);
        size += Number(keep);
      }
      lastKey = key;
      last = value;
      return value;
    },
  };
}

/** From here on a list with a place for each combination would take memory that counts. */
const MAX_PLACES = 2 ** 14;

/** Values by combination: every variant asks for some, and a list answers in a tenth of the time of a map. */
function openValues<T>(combinations: number) {
  if (combinations > MAX_PLACES) return new Map<number, T>();
  const list: (T | undefined)[] = Array.from({ length: combinations });
  return {
    get: (key: number): T | undefined => list[key],
    set(key: number, value: T): void {
      list[key] = value;
    },
  };
}

/** Makes what is not there yet. */
export function getOrMake<K, V>(made: Map<K, V>, key: K, make: () => V): V {
  const known = made.get(key);
  if (known !== undefined) return known;
  const value = make();
  made.set(key, value);
  return value;
}

/** What all threads together keep of series and signal columns; what does not fit is computed again. */
export const MEMO_BYTES = 256 * 2 ** 20;
