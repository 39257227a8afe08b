// A node computes one thing once for all variants that share it: it keeps its values by the combination of the axes it
// depends on. The memory for kept values is bounded. Small values get it first, because a condition takes a
// sixty-fourth of the bytes of a series; a node whose combinations never come back gets none.

import type { Digits, GridAxis } from '../axis.ts';
import { COLUMN_OVERHEAD } from './arena.ts';

/** One thing to compute, with one value for each combination of its axes. */
export interface Node<T> {
  /** Positions of the axes that its value depends on, ascending; axes with a single value are left out. */
  readonly axes: readonly number[];
  /** Returns the value for a variant; it is valid until the next call with another combination. */
  readonly at: (digits: Digits) => T;
}

/** The computation behind a node. */
export interface Recipe<T> {
  readonly axes: readonly number[];
  /** Bytes a bar that one value takes. */
  readonly width: number;
  /** Allocates a value. */
  readonly open: () => T;
  /** Computes into a value that `open` allocated. */
  readonly fill: (digits: Digits, out: T) => void;
  /** Whether values other than the last are worth their memory; true by default. */
  readonly keep?: boolean;
}

export interface Memory {
  /** Makes a node. */
  readonly remember: <T>(recipe: Recipe<T>) => Node<T>;
  /** Divides `bytes` among the nodes made before; each of their values covers `bars` bars. */
  readonly divide: (bytes: number, bars: number) => void;
  /** Computes the bytes a bar that the nodes made before can use. */
  readonly demand: () => Demand;
  /** Computes the bytes that the values of all nodes take at most, once `divide` has been called. */
  readonly mostBytes: (bars: number) => number;
}

/** Memory that nodes can use, in bytes a bar. */
export interface Demand {
  /** Computes the bytes of the values worth keeping that `variants` variants, drawn from a grid of `total`, need. */
  readonly kept: (variants: number, total: number) => number;
  /**
   * Computes the bytes of all values that these variants need; values that are not kept are computed more than once.
   */
  readonly met: (variants: number, total: number) => number;
  /** Bytes of the last value of each node, which every node holds. */
  readonly always: number;
}

const FLOAT = 8;

/** The part of the memory that one node gets. */
interface Share {
  readonly axes: readonly number[];
  readonly width: number;
  readonly keep: boolean;
  /** Number of values that the node may keep. */
  limit: number;
}

/** Opens a memory for nodes over the axes of one grid. */
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
 * Selects the nodes that meet a combination again, those with the smallest values first. The grid is walked in order,
 * last axis fastest, so a node that depends on the outermost axes alone meets each of its combinations once and needs
 * only its last value.
 */
function worthKeeping(shares: readonly Share[], axes: readonly GridAxis[]): readonly Share[] {
  const outermost = axes.flatMap(({ values }, axis) => (values.length > 1 ? [axis] : []));
  return shares
    .filter(({ axes: own, keep }) => keep && own.some((axis, position) => axis !== outermost[position]))
    .sort((a, b) => a.width - b.width || combinationsOf(a.axes, axes) - combinationsOf(b.axes, axes));
}

/** Variants drawn from a grid of `total`. */
interface Drawn {
  readonly variants: number;
  readonly total: number;
}

/** Sums the bytes a bar of the values that the drawn variants need. */
function bytesMet(shares: readonly Share[], axes: readonly GridAxis[], { variants, total }: Drawn): number {
  return shares.reduce(
    (sum, share) => sum + expectedMet(variants, total, combinationsOf(share.axes, axes)) * share.width,
    0,
  );
}

/**
 * Computes how many combinations the drawn variants are expected to have. A combination has `total / combinations`
 * variants, and it is missed if none of them is drawn.
 */
function expectedMet(variants: number, total: number, combinations: number): number {
  return Math.min(variants, combinations * (1 - (1 - variants / total) ** (total / combinations)));
}

function combinationsOf(positions: readonly number[], axes: readonly GridAxis[]): number {
  return positions.reduce((product, axis) => product * axes[axis].values.length, 1);
}

function nodeOf<T>({ axes, open, fill }: Recipe<T>, grid: readonly GridAxis[], share: Share): Node<T> {
  const lengths = axes.map((axis) => grid[axis].values.length);
  const kept = openValues<T>(lengths.reduce((product, length) => product * length, 1));
  let spare: T | null = null; // holds a value that is not kept
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
        // The first values that fit stay. In a cycle longer than the memory, dropping the oldest value would drop each
        // one just before it is needed again.
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

/** The most combinations for which a list, with a place for each of them, is small enough not to be budgeted. */
const MAX_PLACES = 2 ** 14;

/**
 * Opens the kept values by combination. A list is read in a tenth of the time of a map, and every variant reads some.
 */
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

/** Returns the value of a key, and makes it at the first call. */
export function getOrMake<K, V>(values: Map<K, V>, key: K, make: () => V): V {
  const known = values.get(key);
  if (known !== undefined) return known;
  const value = make();
  values.set(key, value);
  return value;
}

/** Bytes of series and bitsets that all threads together keep; values that do not fit are computed again. */
export const MEMO_BYTES = 256 * 2 ** 20;
