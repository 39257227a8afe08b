// Specs that are made from the results of a job: closer around a variant, wider on an axis, judged on unseen bars.

import { placeAt } from '../../words/axes.ts';
import { readAxis, valuesOf, writeAxis, type AxisModel } from './axis-model.ts';
import { loosened } from './draft.ts';
import { at, put, type Path, type Plain, type PlainObject } from './plain.ts';

/** One axis of a job as `GET /backtests/jobs/{id}/request` tells it. */
interface JobAxis {
  readonly key: string;
  readonly indicator_id?: string | null;
  readonly kind?: 'source' | 'param' | 'signal';
  readonly name?: string;
  readonly length: number;
  readonly stride: number;
}

export interface JobGrid {
  readonly spec: PlainObject;
  readonly axes: readonly JobAxis[];
  readonly risk_axes: readonly JobAxis[];
  readonly risk_settings: number;
}

/** Bounds of the values of an axis; null: there are none. */
export type BoundsOf = (axis: JobAxis) => { readonly min: number; readonly max: number } | null;

/** Part of the span of an axis that stays on each side, and values that stay at least. */
const NEAR = 0.1;
const LEAST = 3;

/** Narrows every axis to a tenth of its span around a variant; of an axis of words its word stays. */
export function narrowed(job: JobGrid, variantIndex: number): PlainObject {
  return changed(job, (axis, model, values) => {
    if (values.length <= LEAST) return model;
    const place = placeOf(job, axis, variantIndex);
    const value = values[place];
    if (typeof value === 'string' && value !== 'off') return { kind: 'list', values: [value] };
    return part(model, values, around(values, place));
  });
}

/** Keeps of each axis in the box what lies in it: `20..40`, `off..2`. An end that it does not have is its own end. */
export function boxed(job: JobGrid, box: Readonly<Record<string, string>>): PlainObject {
  return changed(job, (axis, model, values) => {
    const text = box[axis.key];
    const [, from, to] = /^(.*?)\.\.(.*)$/.exec(text ?? '') ?? [];
    if (from === undefined || to === undefined || values.length === 0) return model;
    const ends = [nearestTo(values, from) ?? 0, nearestTo(values, to) ?? values.length - 1].sort((a, b) => a - b);
    return part(model, values, [ends[0] ?? 0, ends[1] ?? values.length - 1]);
  });
}

/** Lengthens an axis by half of its span: at the end where a variant lies, or at both where it lies at none. */
export function widened(job: JobGrid, key: string, variantIndex: number | null, boundsOf: BoundsOf): PlainObject {
  return changed(job, (axis, model, values) => {
    const numbers = values.filter((one) => typeof one === 'number');
    if (axis.key !== key || numbers.length < 2) return model;
    const place = variantIndex === null ? -1 : placeOf(job, axis, variantIndex);
    const isFirst = place >= 0 && values[place] === numbers[0];
    const isLast = place >= 0 && values[place] === numbers.at(-1);
    const { min, max } = boundsOf(axis) ?? { min: -Infinity, max: Infinity };
    const more = Math.max(1, Math.round((numbers.length - 1) / 2));
    const isWhole = numbers.every(Number.isInteger);
    const goOn = (from: readonly number[]): readonly number[] =>
      continued(from, more)
        .map((one) => (isWhole ? Math.round(one) : one))
        .filter((one) => one >= min && one <= max);
    const below = isLast && !isFirst ? [] : goOn(numbers.toReversed());
    const above = isFirst && !isLast ? [] : goOn(numbers);
    if (model.kind === 'range')
      return { ...model, start: below.at(-1) ?? model.start, stop_incl: above.at(-1) ?? model.stop_incl };
    const words = values.filter((one) => typeof one !== 'number');
    return { kind: 'list', values: [...words, ...new Set([...below.toReversed(), ...numbers, ...above])] };
  });
}

/** Holds bars out of a search, which judge what it finds. */
export function validated(spec: PlainObject, mode: 'holdout' | 'walk_forward'): PlainObject {
  const validation = mode === 'holdout' ? { mode, fraction: 0.3 } : { mode, folds: 5, train_fraction: 0.6 };
  return loosened({ ...spec, validation });
}

/** Returns the spec with other axes; what `auto` found for the old ones is found anew. */
function changed(
  { spec, axes, risk_axes }: JobGrid,
  change: (axis: JobAxis, model: AxisModel, values: readonly (number | string)[]) => AxisModel,
): PlainObject {
  const next = [...axes, ...risk_axes].reduce((one, axis) => {
    const path = pathOf(spec, axis);
    const value = path === null ? undefined : at(spec, path);
    if (path === null || value === undefined) return one;
    const model = readAxis(value);
    const result = change(axis, model, valuesOf(model));
    return result === model ? one : put(one, path, writeAxis(result));
  }, spec);
  return loosened(next);
}

/** Finds where the spec of a job has an axis. */
function pathOf(spec: PlainObject, { key, indicator_id, kind, name = key }: JobAxis): Path | null {
  if (kind === undefined) return ['template', 'risk_grid', key];
  if (indicator_id === null || indicator_id === undefined) return ['template', 'params', name];
  if (kind === 'signal') return ['template', 'signal_grids', indicator_id, name];
  const grids = at(spec, ['template', 'indicator_grids']);
  const position = Array.isArray(grids)
    ? grids.findIndex((one: Plain) => at(one, ['indicator_id']) === indicator_id)
    : -1;
  if (position < 0) return null;
  const own = ['template', 'indicator_grids', position];
  return kind === 'source' ? [...own, 'source'] : [...own, 'params', name];
}

function placeOf({ axes, risk_settings }: JobGrid, axis: JobAxis, variantIndex: number): number {
  const isBase = axes.includes(axis);
  return placeAt(axis, isBase ? Math.floor(variantIndex / risk_settings) : variantIndex % risk_settings);
}

/** Returns the positions from and to, both included, of what lies near a position. */
function around(values: readonly (number | string)[], place: number): readonly [number, number] {
  const numbers = values.filter((one) => typeof one === 'number');
  const value = values[place];
  const reach = NEAR * (Math.max(...ends(numbers)) - Math.min(...ends(numbers)));
  let [from, to] = [place, place];
  if (typeof value === 'number') {
    const isNear = (position: number): boolean => {
      const one = values[position];
      return typeof one === 'number' && Math.abs(one - value) <= reach * (1 + 1e-9);
    };
    while (from > 0 && isNear(from - 1)) from -= 1;
    while (to < values.length - 1 && isNear(to + 1)) to += 1;
  }
  // At an end the other side gives what is missing.
  if (to - from + 1 < LEAST) [from, to] = [place - 1, place + 1];
  if (from < 0) [from, to] = [0, LEAST - 1];
  if (to > values.length - 1) [from, to] = [Math.max(0, values.length - LEAST), values.length - 1];
  return [from, to];
}

/** Returns first and last of a list, which may have a million. */
const ends = (numbers: readonly number[]): readonly number[] => [numbers[0] ?? 0, numbers.at(-1) ?? 0];

function part(
  model: AxisModel,
  values: readonly (number | string)[],
  [from, to]: readonly [number, number],
): AxisModel {
  if (model.kind === 'range') return { ...model, start: values[from], stop_incl: values[to] };
  return { kind: 'list', values: values.slice(from, to + 1) };
}

function nearestTo(values: readonly (number | string)[], text: string): number | null {
  const exact = values.findIndex((one) => String(one) === text);
  if (exact >= 0) return exact;
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(number)) return null;
  const distance = (position: number): number => Math.abs(Number(values[position]) - number);
  const numeric = values.flatMap((one, position) => (typeof one === 'number' ? [position] : []));
  return numeric.reduce<number | null>(
    (best, one) => (best === null || distance(one) < distance(best) ? one : best),
    null,
  );
}

/** Continues a series of numbers as it goes: by a factor where its last two ratios are one, else by its last step. */
function continued(numbers: readonly number[], count: number): readonly number[] {
  const [third = Number.NaN, second = 0, last = 0] =
    numbers.slice(-3).length === 3 ? numbers.slice(-3) : [Number.NaN, ...numbers.slice(-2)];
  const isGeometric = third * last > 0 && second !== third && Math.abs(last / second - second / third) < 1e-9;
  const next = (value: number): number =>
    Number((isGeometric ? value * (last / second) : value + (last - second)).toPrecision(12));
  const added: number[] = [];
  for (let one = next(last); added.length < count; one = next(one)) added.push(one);
  return added;
}
