// An axis as its editor has it: a range of three numbers, or a list of values. What somebody wrote that is no number
// stays as it is: the engine says what is wrong with it.

import { axisLength, axisValues, type Axis } from '@backtest-jobs/engine/internal';
import { isObject, type Plain } from './plain.ts';

export type AxisModel =
  | {
      readonly kind: 'range';
      readonly start: Plain | undefined;
      readonly stop_incl: Plain | undefined;
      readonly step: Plain | undefined;
    }
  | { readonly kind: 'list'; readonly values: readonly Plain[] };

/** Values that a list of a long range may have. */
const MOST_CHIPS = 60;

/** Reads an axis of a spec; a bare value is a list of one. */
export function readAxis(value: Plain | undefined): AxisModel {
  if (value === undefined) return { kind: 'list', values: [] };
  if (!isObject(value)) return { kind: 'list', values: Array.isArray(value) ? (value as readonly Plain[]) : [value] };
  const { mode, start, stop_incl, step, values } = value;
  if (mode === 'range') return { kind: 'range', start, stop_incl, step };
  return { kind: 'list', values: Array.isArray(values) ? (values as readonly Plain[]) : [] };
}

export function writeAxis(model: AxisModel): Plain {
  if (model.kind === 'list') return { mode: 'explicit', values: model.values };
  const { start, stop_incl, step } = model;
  return {
    mode: 'range',
    ...(start !== undefined && { start }),
    ...(stop_incl !== undefined && { stop_incl }),
    ...(step !== undefined && { step }),
  };
}

/** Reads what somebody typed: a number where it is one. */
export function readValue(text: string): Plain | undefined {
  const trimmed = text.trim().replaceAll(',', '').replace('−', '-');
  if (trimmed === '') return undefined;
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : trimmed;
}

/** Returns the axis as the engine has it; null where it is not one yet. */
function asAxis(model: AxisModel): Axis | null {
  if (model.kind === 'list') {
    const { values } = model;
    return values.every((one) => typeof one === 'number' || typeof one === 'string')
      ? { mode: 'explicit', values }
      : null;
  }
  const { start, stop_incl, step } = model;
  if (typeof start !== 'number' || typeof stop_incl !== 'number' || typeof step !== 'number') return null;
  return step > 0 && start <= stop_incl ? { mode: 'range', start, stop_incl, step } : null;
}

/** Counts the values of an axis; null where what stands in it gives none. */
export function lengthOf(model: AxisModel): number | null {
  const axis = asAxis(model);
  return axis === null ? null : axisLength(axis);
}

/** Lists the values of an axis; none where there are too many to be shown one by one. */
export function valuesOf(model: AxisModel): readonly (number | string)[] {
  const axis = asAxis(model);
  return axis === null || axisLength(axis) > 1_000_000 ? [] : axisValues(axis);
}

/** Turns a range into a list, which is only offered while it is short enough to be read. */
export function toList(model: AxisModel): AxisModel {
  const values = valuesOf(model);
  return model.kind === 'list' || !canBeList(model) ? model : { kind: 'list', values };
}

export function canBeList(model: AxisModel): boolean {
  const length = lengthOf(model);
  return length !== null && length <= MOST_CHIPS;
}

/** Turns a list into the range from its least to its largest number, in steps of the smallest gap. */
export function toRange(model: AxisModel): AxisModel {
  if (model.kind === 'range') return model;
  const numbers = model.values.filter((one) => typeof one === 'number').sort((a, b) => a - b);
  const [least = 10] = numbers;
  const most = numbers.at(-1) ?? least;
  const gaps = numbers.slice(1).map((one, position) => Number((one - (numbers[position] ?? 0)).toPrecision(12)));
  const gap = gaps.length === 0 ? 1 : Math.min(...gaps);
  return { kind: 'range', start: least, stop_incl: most > least ? most : least + 4 * gap, step: gap };
}

/** Adds values to a list: numbers and words with commas or spaces between them; those that it has already stay one. */
export function withValues(model: AxisModel, text: string): AxisModel {
  if (model.kind === 'range') return model;
  const added = text
    .split(/[\s,;]+/)
    .map(readValue)
    .filter((one) => one !== undefined);
  return { kind: 'list', values: sorted([...new Set([...model.values, ...added])]) };
}

export function withoutValue(model: AxisModel, value: Plain): AxisModel {
  return model.kind === 'range' ? model : { kind: 'list', values: model.values.filter((one) => one !== value) };
}

/** Sorts numbers behind words, `off` first of all. */
function sorted(values: readonly Plain[]): readonly Plain[] {
  const words = values.filter((one) => typeof one !== 'number');
  return [...words, ...values.filter((one) => typeof one === 'number').sort((a, b) => a - b)];
}
