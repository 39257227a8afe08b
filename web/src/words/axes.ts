// The axes of a job under short names, and the values that a variant has on them: "SMA 198, RSI 30, stop 1%".

import type { Schemas } from '@backtest-jobs/client';
import { axisValue, count } from './format.ts';

type Request = Schemas['JobRequest'];
type Axis = Request['axes'][number];
export type AxisValue = NonNullable<Axis['values']>[number] | null;

/** One axis as the screen shows it. */
export interface NamedAxis {
  readonly key: string;
  /** "SMA window", "RSI long at", "stop". */
  readonly label: string;
  /** In a column or a title beside others: "SMA", "long at", "stop". */
  readonly short: string;
  readonly unit: '%' | '';
  /** Empty: the axis is so long that the API lists no values. */
  readonly values: readonly AxisValue[];
  readonly length: number;
  /** Variants between one value and the next. */
  readonly stride: number;
  /** Whether stops are its values: stage 1 has none of them. */
  readonly isRisk: boolean;
}

const RISKS: Readonly<Record<string, readonly [string, '%' | '']>> = {
  sl: ['stop', '%'],
  tp: ['target', '%'],
  trail: ['trail', '%'],
  max_bars: ['most bars', ''],
};

/** Returns all axes of a job, those of its stops last, with short names that tell them apart. */
export function namedAxes({ axes, risk_axes }: Pick<Request, 'axes' | 'risk_axes'>): readonly NamedAxis[] {
  const riskTotal = risk_axes.reduce((product, { length }) => product * length, 1);
  const several = new Set<string>();
  const seen = new Set<string>();
  for (const { key } of axes) {
    const family = familyOf(key);
    const name = `${family} ${nameOf(key)}`;
    if (seen.has(name)) several.add(family);
    seen.add(name);
  }
  const base = axes.map((axis): NamedAxis => {
    const { key, values, length, stride } = axis;
    const labels = labelsOf(key, several);
    return { key, ...labels, unit: '', values: values ?? [], length, stride: stride * riskTotal, isRisk: false };
  });
  const risks = risk_axes.map(({ key, values, length, stride }): NamedAxis => {
    const [label, unit] = RISKS[key] ?? [key, ''];
    return {
      key,
      label,
      short: label,
      unit,
      values: (values ?? []).map((one) => (one === 'off' ? null : one)),
      length,
      stride,
      isRisk: true,
    };
  });
  return [...base, ...risks];
}

/** Names the indicator of an axis: `momentum.rsi.window` is RSI; an axis of rules has none. */
function familyOf(key: string): string {
  const parts = key.split('.');
  return parts.length < 3 ? '' : (parts.at(-2) ?? '').replaceAll('_', ' ').toUpperCase();
}

const nameOf = (key: string): string => key.split('.').at(-1) ?? key;

const PARAMETERS: Readonly<Record<string, string>> = {
  long_threshold: 'long at',
  short_threshold: 'short at',
};

function labelsOf(key: string, several: ReadonlySet<string>): Pick<NamedAxis, 'label' | 'short'> {
  const parts = key.split('.');
  if (parts.length < 3) return { label: key, short: key };
  const family = familyOf(key);
  const name = PARAMETERS[nameOf(key)] ?? nameOf(key).replaceAll('_', ' ');
  // Two of one indicator are told apart by all of their key.
  if (several.has(family)) return { label: key, short: key };
  const isWindow = nameOf(key) === 'window';
  return { label: `${family} ${name}`, short: isWindow ? family : name };
}

/** Returns the axes on which variants differ. */
export const variedAxes = (axes: readonly NamedAxis[]): readonly NamedAxis[] => axes.filter(({ length }) => length > 1);

/** Returns the value that a variant has on an axis, by its index. */
export function valueAt(axis: NamedAxis, variantIndex: number): AxisValue {
  return axis.values[placeAt(axis, variantIndex)] ?? null;
}

/** Returns the place of a variant's value on an axis. */
export function placeAt({ length, stride }: Pick<NamedAxis, 'length' | 'stride'>, variantIndex: number): number {
  return Math.floor(variantIndex / stride) % length;
}

/** Writes one value with the unit of its axis. */
export function valueText({ unit }: Pick<NamedAxis, 'unit'>, value: AxisValue): string {
  const text = axisValue(value);
  return typeof value === 'number' ? `${text}${unit}` : text;
}

/** Writes the value that a variant has on an axis; by its place where the axis is too long for its values to be listed. */
export function placeText(axis: NamedAxis, variantIndex: number): string {
  if (axis.values.length > 0 || axis.isRisk) return valueText(axis, valueAt(axis, variantIndex));
  return `value ${count(placeAt(axis, variantIndex) + 1)} of ${count(axis.length)}`;
}

/** Writes the parameters of a variant as short as they can be said: what all variants share is left out, and stops that are off. */
export function variantText(axes: readonly NamedAxis[], variantIndex: number): string {
  const words = variedAxes(axes).flatMap((axis) => {
    const isOff = axis.isRisk && valueAt(axis, variantIndex) === null;
    return isOff ? [] : [`${axis.short} ${placeText(axis, variantIndex)}`];
  });
  return words.length === 0 ? 'the only variant' : words.join(' · ');
}
