// The rows of the table that compares: parameters that differ, then figures with the best of each.

import { placeText, type NamedAxis } from '../words/axes.ts';
import { NONE, numberOf, signed, type MetricJson } from '../words/format.ts';
import { METRICS, type MetricId } from '../words/metrics.ts';

export interface Cell {
  readonly text: string;
  /** Whether it is the best of its row, or of a parameter, other than that of the base. */
  readonly isMarked: boolean;
  /** Against the base; empty: it is the base, or they are equal. */
  readonly difference: string;
  readonly tone: 'gain' | 'loss' | '';
}

export interface Row {
  readonly name: string;
  readonly meaning: string;
  /** In the order of the variants; null: it could not be read. */
  readonly cells: readonly (Cell | null)[];
  /** Whether all that were read have the same. */
  readonly isSame: boolean;
}

interface Place {
  readonly axes: readonly NamedAxis[];
  readonly variant_index: number;
}

/** Returns a row for each axis of any of the variants, by its label; a variant without the axis has a dash. */
export function parameterRows(places: readonly (Place | null)[], base: number): readonly Row[] {
  const labels = new Map<string, string>();
  for (const place of places) for (const axis of place?.axes ?? []) labels.set(axis.label, axis.key);
  return [...labels].map(([label, key]) => {
    const texts = places.map((place) => place && textOf(place, label));
    const cells = texts.map((text): Cell | null =>
      text === null ? null : { text, isMarked: text !== texts[base], difference: '', tone: '' },
    );
    return { name: label, meaning: key, cells, isSame: isOne(texts) };
  });
}

function textOf({ axes, variant_index }: Place, label: string): string {
  const axis = axes.find((one) => one.label === label);
  return axis === undefined ? NONE : placeText(axis, variant_index);
}

export type Metrics = Readonly<Record<string, MetricJson>>;

/** Returns a row for each figure; infinities are better than any number, and what is not known is never the best. */
export function figureRows(
  all: readonly (Metrics | null)[],
  base: number,
  ids: readonly MetricId[] = Object.keys(METRICS) as MetricId[],
): readonly Row[] {
  return ids.map((id) => {
    const { name, unit, long, format, better } = METRICS[id];
    const values = all.map((metrics) => metrics && numberOf(metrics[id]));
    const known = values.filter((value): value is number => value !== null && !Number.isNaN(value));
    const best = better === 1 ? Math.max(...known) : Math.min(...known);
    const isSame = isOne(values);
    const cells = values.map((value, at): Cell | null => {
      if (value === null) return null;
      const text = format(all[at]?.[id]);
      const { difference, tone } = differenceOf(value, values[base] ?? NaN, { better, digits: digitsOf(format(1)) });
      return {
        text: unit !== '' && /\d/.test(text) ? `${text}${unit}` : text,
        isMarked: better !== 0 && known.length > 1 && !isSame && value === best,
        difference,
        tone,
      };
    });
    return { name, meaning: long, cells, isSame };
  });
}

const digitsOf = (text: string): number => (text.split('.')[1] ?? '').length;

interface Kind {
  readonly better: 1 | -1 | 0;
  readonly digits: number;
}

/** Writes how much a value is above or below that of the base. */
export function differenceOf(value: number, base: number, { better, digits }: Kind): Pick<Cell, 'difference' | 'tone'> {
  const by = value - base;
  // Between infinities, and from what is not known, there is no difference that could be told.
  if (!Number.isFinite(by) || by === 0) return { difference: '', tone: '' };
  const tone = better === 0 ? '' : by * better > 0 ? 'gain' : 'loss';
  return { difference: signed(by, digits), tone };
}

/** Returns whether all that were read are one value. */
function isOne(values: readonly (number | string | null)[]): boolean {
  return new Set(values.filter((value) => value !== null)).size <= 1;
}
