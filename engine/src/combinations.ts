// The combinations of a few axes, numbered by mixed radix, last axis fastest, without ever being listed. Some make no
// sense together (macd with fast >= slow); they keep their numbers and are marked, one byte each, in the only table here.

import type { AxisValue } from './axis.ts';

export interface Combinations<T extends AxisValue = AxisValue> {
  /** Values of each axis, outermost first. */
  readonly axes: readonly (readonly T[])[];
  readonly total: number;
  /** How many make sense. */
  readonly valid: number;
  /** null: all of them. */
  readonly marks: Marks | null;
}

interface Marks {
  /** 1 where the combination makes sense. */
  readonly valid: Uint8Array;
  /** Valid ones before each block of BLOCK. */
  readonly before: Float64Array;
}

const BLOCK = 1024;

export function combinations<T extends AxisValue>(axes: readonly (readonly T[])[]): Combinations<T> {
  const total = axes.reduce((product, values) => product * values.length, 1);
  return { axes, total, valid: total, marks: null };
}

/** `excludes` says why values make no sense together, or null. */
export function constrained<T extends AxisValue>(
  axes: readonly (readonly T[])[],
  excludes: (values: readonly T[]) => string | null,
): Combinations<T> {
  const all = combinations(axes);
  const marks = { valid: new Uint8Array(all.total), before: new Float64Array(Math.ceil(all.total / BLOCK)) };
  const positions = axes.map(() => 0);
  const values = axes.map(([first]) => first);
  let valid = 0;
  for (let ordinal = 0; ordinal < all.total; ordinal += 1) {
    if (ordinal % BLOCK === 0) marks.before[ordinal / BLOCK] = valid;
    if (excludes(values) === null) {
      marks.valid[ordinal] = 1;
      valid += 1;
    }
    advance(axes, positions, values);
  }
  return { ...all, valid, marks: valid === all.total ? null : marks };
}

/** To the next combination, like an odometer. */
function advance<T>(axes: readonly (readonly T[])[], positions: number[], values: T[]): void {
  for (let axis = axes.length - 1; axis >= 0; axis -= 1) {
    const next = positions[axis] + 1 < axes[axis].length ? positions[axis] + 1 : 0;
    positions[axis] = next;
    values[axis] = axes[axis][next];
    if (next > 0) return;
  }
}

/** The value of each axis in a combination. */
export function valuesAt<T extends AxisValue>({ axes }: Combinations<T>, ordinal: number): T[] {
  const values: T[] = [];
  let rest = ordinal;
  for (let axis = axes.length - 1; axis >= 0; axis -= 1) {
    const { length } = axes[axis];
    const position = rest % length;
    values[axis] = axes[axis][position];
    rest = (rest - position) / length;
  }
  return values;
}

export function isValid({ marks }: Combinations, ordinal: number): boolean {
  return marks === null || marks.valid[ordinal] === 1;
}

/** How many combinations before this one make sense. */
export function validBefore({ marks }: Combinations, ordinal: number): number {
  if (marks === null) return ordinal;
  const block = Math.floor(ordinal / BLOCK);
  let count = marks.before[block];
  for (let at = block * BLOCK; at < ordinal; at += 1) count += marks.valid[at];
  return count;
}
