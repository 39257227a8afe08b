// The axes of the scores that stage 1 has, and which of them are looked at.

import type { Schemas } from '@backtest-jobs/client';
import { namedAxes, placeAt, variedAxes, type NamedAxis } from '../words/axes.ts';

type Summary = Schemas['SurfaceSummary'];

/** The axes of a map; without y it is a line. */
export interface Pair {
  readonly x: string;
  readonly y: string | null;
}

/** An axis in bins, as every answer about scores has it. */
export interface Bins {
  readonly key: string;
  readonly from: readonly (number | string)[];
  readonly to: readonly (number | string)[];
}

/** Returns the axes on which scores of stage 1 differ. */
export function scoredAxes(request: Pick<Schemas['JobRequest'], 'axes' | 'risk_axes'>): readonly NamedAxis[] {
  return variedAxes(namedAxes(request)).filter(({ isRisk }) => !isRisk);
}

/** A map of fewer values shows no neighbourhood. */
const FEW = 4;

/** Returns the two axes that explain the most; axes of few values come after all others. */
export function pairThatExplains(axes: readonly NamedAxis[], summary: Summary | undefined): Pair | null {
  const explained = new Map(summary?.axes.map((axis) => [axis.key, axis.explained ?? 0]));
  const order = [...axes].sort(
    (a, b) =>
      Number(a.length < FEW) - Number(b.length < FEW) || (explained.get(b.key) ?? 0) - (explained.get(a.key) ?? 0),
  );
  const [x, y] = order;
  return x === undefined ? null : { x: x.key, y: y?.key ?? null };
}

/** Returns the axes that an address asks for; what it has wrong is as if it were not there. */
export function pairOf(asked: { x: string; y: string }, axes: readonly NamedAxis[], usual: Pair): Pair {
  const known = (key: string): string | null => (axes.some((axis) => axis.key === key) ? key : null);
  const other = (than: string): string | null => [usual.x, usual.y].find((key) => key !== null && key !== than) ?? null;
  const [askedX, askedY] = [known(asked.x), known(asked.y)];
  const x = askedX ?? (askedY === usual.x ? (other(usual.x) ?? usual.x) : usual.x);
  return { x, y: askedY !== null && askedY !== x ? askedY : usual.y === x ? other(x) : (usual.y ?? null) };
}

/** Returns the values at which an address holds axes; those that are x or y, or have no such value, are left out. */
export function heldOf(
  hold: Readonly<Record<string, string>>,
  axes: readonly NamedAxis[],
  { x, y }: Pair,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(hold).filter(([key, value]) => {
      const axis = axes.find((one) => one.key === key);
      return axis && key !== x && key !== y && axis.values.some((one) => String(one) === value);
    }),
  );
}

/** Returns the bin of a place on an axis, as the server bins long axes. */
export function binAt(place: number, length: number, bins: number): number {
  return Math.floor((place * bins) / length);
}

/** Returns the bin of a variant on an axis. */
export function binOfVariant(axis: NamedAxis, variantIndex: number, bins: number): number {
  return binAt(placeAt(axis, variantIndex), axis.length, Math.min(bins, axis.length));
}

/** Tells whether a variant has the values at which axes are held. */
export function isHeld(
  axes: readonly NamedAxis[],
  hold: Readonly<Record<string, string>>,
  variantIndex: number,
): boolean {
  return axes.every((axis) => {
    const value = hold[axis.key];
    return value === undefined || String(axis.values[placeAt(axis, variantIndex)]) === value;
  });
}
