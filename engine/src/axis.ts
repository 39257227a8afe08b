// One parameter and the values to try for it. A range is kept as it was written and counted out in decimal, so that
// 0.1 in steps of 0.1 is 0.1, 0.2, 0.3 and never 0.30000000000000004.

/** Text: sources, rule names, `off`. */
export type AxisValue = number | string;

/** start, start + step, ... up to stop_incl, computed in decimal. */
export interface Range {
  readonly mode: 'range';
  readonly start: number;
  readonly stop_incl: number;
  readonly step: number;
}

/** The values to try for one parameter, in the order of the grid. */
export type Axis = { readonly mode: 'explicit'; readonly values: readonly AxisValue[] } | Range;

export const MAX_AXIS_VALUES = 1_000_000;

/** An axis with one value. */
export function single(value: AxisValue): Axis {
  return { mode: 'explicit', values: [value] };
}

/** All values of an axis, in its order. Those of a range are the decimal numbers one would write, correctly rounded. */
export function axisValues(axis: Axis): readonly AxisValue[] {
  if (axis.mode === 'explicit') return axis.values;
  const length = axisLength(axis);
  const { first, step, scale } = inUnits(axis);
  const values: number[] = [];
  for (let position = 0; position < length; position += 1) values.push((first + step * position) / scale);
  return values;
}

/**
 * Returns the values that decide whether all values of an axis obey a rule, in its order, without making the others. It
 * holds for rules that demand bounds, whole numbers or a number that is not 0, and for no other.
 */
export function decidingValues(axis: Axis): readonly AxisValue[] {
  if (axis.mode === 'explicit') return axis.values;
  const length = axisLength(axis);
  const { first, step, scale } = inUnits(axis);
  const zero = -first / step;
  const positions = new Set([0, 1, ...(Number.isInteger(zero) ? [zero] : []), length - 1]);
  const inside = [...positions].filter((position) => position >= 0 && position < length).sort((a, b) => a - b);
  return inside.map((position) => (first + step * position) / scale);
}

/** How many values an axis has, without making them. */
export function axisLength(axis: Axis): number {
  if (axis.mode === 'explicit') return axis.values.length;
  const { first, step, scale } = inUnits(axis);
  // Binary division is off by one value at most; the decimal values decide.
  const about = Math.floor((axis.stop_incl - axis.start) / axis.step);
  const last = [about + 1, about, about - 1].find((position) => (first + step * position) / scale <= axis.stop_incl);
  return Math.max(0, (last ?? -1) + 1);
}

/** Up to so many units of their last decimal place numbers are distinct as float64 and exact to the digit. */
const MAX_UNITS = 1e15;
/** Powers of ten are exact up to here. */
const MAX_PLACES = 22;

/** Whether the values of a range are exact: at most 15 digits from the first of its largest value to its last place. */
export function isExact({ start, stop_incl, step }: Range): boolean {
  const places = Math.max(decimals(start), decimals(step));
  const largest = Math.max(Math.abs(start), Math.abs(stop_incl), Math.abs(step));
  return places <= MAX_PLACES && largest * 10 ** places <= MAX_UNITS;
}

/** A range as whole numbers of its last decimal place. Dividing such a number by the scale once rounds correctly. */
function inUnits({ start, step }: Range): { first: number; step: number; scale: number } {
  const scale = 10 ** Math.max(decimals(start), decimals(step));
  return { first: Math.round(start * scale), step: Math.round(step * scale), scale };
}

/** Decimal places of the shortest text that reads as this number. */
function decimals(value: number): number {
  const [mantissa, exponent = '0'] = String(value).split('e');
  const fraction = mantissa.split('.')[1] ?? '';
  return Math.max(0, fraction.length - Number(exponent));
}

export interface GridAxis {
  /** Its name in the rules of the strategy, unique among the axes. */
  readonly key: string;
  /** Null: a parameter of the template's own rules. */
  readonly indicator_id: string | null;
  readonly kind: 'source' | 'param' | 'signal';
  readonly name: string;
  readonly values: readonly AxisValue[];
}

/** The position of a variant on each axis of the grid. */
export type Digits = Int32Array;
