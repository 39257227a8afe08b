// Where a variant stands in its grid: on which axes it is at an end, and which variants are one step away.

import type { AxisValue } from '../axis.ts';
import type { Grid } from '../grid/grid.ts';
import type { MetricJson } from '../simulate/metrics-json.ts';

export interface Edge {
  readonly axis: string;
  readonly value: number;
  readonly end: 'lowest' | 'highest';
}

/** A variant one step away from the best. Plain JSON. */
export interface Neighbour {
  /** By its key; `sl`, `tp`, `trail` and `max_bars` are those of stops. */
  readonly axis: string;
  /** What it has there instead. */
  readonly value: AxisValue;
  /** Primary metric; null: it does not trade, its history is too short, or constraints exclude it. */
  readonly score: MetricJson;
}

interface Point {
  readonly base: number;
  readonly risk: number;
}

/** A variant one step away, and the value that makes the difference. */
interface Step {
  readonly point: Point;
  readonly axis: string;
  readonly value: AxisValue;
  /** Whether the step is from number to number: a word has nothing that is next to it by value. */
  readonly byNumber: boolean;
}

interface Place {
  readonly axis: string;
  readonly values: readonly AxisValue[];
  readonly digit: number;
  /** The point whose digit on this axis is another one. */
  readonly withDigit: (digit: number) => Point;
}

/** Axes of at least three numbers on which the variant has the lowest or the highest: more might be found beyond. */
export function gridEdges(grid: Grid, variant: number): readonly Edge[] {
  return placesOf(grid, variant).flatMap(({ axis, values, digit }): Edge[] => {
    const numbers = values.filter((value) => typeof value === 'number');
    const value = values[digit];
    if (typeof value !== 'number' || numbers.length < 3) return [];
    if (numbers.every((other) => other >= value)) return [{ axis, value, end: 'lowest' }];
    return numbers.every((other) => other <= value) ? [{ axis, value, end: 'highest' }] : [];
  });
}

/**
 * One step up or down on each axis: by value where the variant has a number there, and where it has a word, to what stands
 * beside it. Constraints may exclude some of them.
 */
export function neighboursOf(grid: Grid, variant: number): readonly Step[] {
  return placesOf(grid, variant).flatMap(({ axis, values, digit, withDigit }) => {
    const byNumber = typeof values[digit] === 'number';
    const positions = Array.from(values.keys());
    const order = byNumber
      ? positions.filter((one) => typeof values[one] === 'number').sort((a, b) => Number(values[a]) - Number(values[b]))
      : positions;
    const place = order.indexOf(digit);
    return order
      .filter((_, other) => Math.abs(other - place) === 1)
      .map((other): Step => ({ axis, value: values[other], byNumber, point: withDigit(other) }));
  });
}

function placesOf({ axes, strides, risks, riskTotal }: Grid, variant: number): readonly Place[] {
  const risk = variant % riskTotal;
  const base = (variant - risk) / riskTotal;
  const places = axes.map(({ key, values }, axis): Place => {
    const digit = Math.floor(base / strides[axis]) % values.length;
    const withDigit = (other: number): Point => ({ base: base + (other - digit) * strides[axis], risk });
    return { axis: key, values, digit, withDigit };
  });
  let stride = riskTotal;
  for (const [name, values] of Object.entries(risks)) {
    stride /= values.length;
    const step = stride;
    const digit = Math.floor(risk / step) % values.length;
    const withDigit = (other: number): Point => ({ base, risk: risk + (other - digit) * step });
    places.push({ axis: name === 'maxBars' ? 'max_bars' : name, values, digit, withDigit });
  }
  return places;
}
