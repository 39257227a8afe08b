// What is known of the values of a series without candles: the hours of a day, the limits of an indicator. A comparison
// that they decide says nothing, and is nearly always a slip.

import type { ArithmeticOp, CompareOp, CrossOp, NumberExpr, SeriesExpr } from './expression.ts';

/** Every value lies between the two, both included. */
export interface Interval {
  readonly min: number;
  readonly max: number;
  /** Whether all values are whole numbers. */
  readonly whole: boolean;
}

/** Where the values of each parameter lie; of a parameter that is missing nothing is known. */
export type Ranges = ReadonlyMap<string, Interval>;

const ANY: Interval = { min: -Infinity, max: Infinity, whole: false };
const CLOCKS = { hour: { min: 0, max: 23, whole: true }, dayofweek: { min: 0, max: 6, whole: true } } as const;

/** Where the values of a series lie, as far as clocks, limits of indicators and numbers say it. */
export function intervalOf(expr: SeriesExpr, ranges: Ranges): Interval {
  const of = (inner: SeriesExpr): Interval => intervalOf(inner, ranges);
  switch (expr.kind) {
    case 'clock':
      return CLOCKS[expr.unit];
    case 'constant':
      return numberInterval(expr.of, ranges);
    case 'indicator': {
      const limits = expr.indicator.limits[expr.output];
      return limits === undefined ? ANY : { min: limits[0], max: limits[1], whole: false };
    }
    case 'lag':
    case 'extreme':
      return of(expr.of);
    case 'series_abs':
      return absolute(of(expr.of));
    case 'series_op':
      return combined(expr.op, of(expr.left), of(expr.right));
    case 'column':
    case 'choose_series':
      return ANY;
  }
}

function numberInterval(expr: NumberExpr, ranges: Ranges): Interval {
  switch (expr.kind) {
    case 'number':
      return spanOf([expr.value]);
    case 'param':
      return ranges.get(expr.name) ?? ANY;
    case 'number_abs':
      return absolute(numberInterval(expr.of, ranges));
    case 'number_op':
      return combined(expr.op, numberInterval(expr.left, ranges), numberInterval(expr.right, ranges));
  }
}

/** The interval of some numbers. */
export function spanOf(values: readonly number[]): Interval {
  const [min, max] = [Math.min, Math.max].map((end) => values.reduce((a, b) => end(a, b)));
  return Number.isNaN(min) ? ANY : { min, max, whole: values.every(Number.isInteger) };
}

/** Tests whether a comparison is true wherever both sides have a value, or false; null: values decide. */
export function settledOutcome(op: CompareOp | CrossOp, left: Interval, right: Interval): boolean | null {
  switch (op) {
    case '<':
      return left.max < right.min ? true : left.min >= right.max ? false : null;
    case '<=':
      return left.max <= right.min ? true : left.min > right.max ? false : null;
    case '>':
      return settledOutcome('<', right, left);
    case '>=':
      return settledOutcome('<=', right, left);
    case '==':
      return meet(left, right) ? null : false;
    case '!=':
      return meet(left, right) ? null : true;
    // A series crosses where a comparison becomes true, so not where it is settled.
    case 'cross_above':
      return settledOutcome('>', left, right) === null ? null : false;
    case 'cross_below':
      return settledOutcome('<', left, right) === null ? null : false;
  }
}

/** Tests whether there may be a value that both have. */
function meet(a: Interval, b: Interval): boolean {
  const [min, max] = [Math.max(a.min, b.min), Math.min(a.max, b.max)];
  return a.whole || b.whole ? Math.ceil(min) <= Math.floor(max) : min <= max;
}

function absolute({ min, max, whole }: Interval): Interval {
  if (min >= 0) return { min, max, whole };
  return { min: max < 0 ? -max : 0, max: Math.max(-min, max), whole };
}

function combined(op: ArithmeticOp, a: Interval, b: Interval): Interval {
  const whole = a.whole && b.whole;
  switch (op) {
    case '+':
      return { min: a.min + b.min, max: a.max + b.max, whole };
    case '-':
      return { min: a.min - b.max, max: a.max - b.min, whole };
    case 'min':
      return { min: Math.min(a.min, b.min), max: Math.min(a.max, b.max), whole };
    case 'max':
      return { min: Math.max(a.min, b.min), max: Math.max(a.max, b.max), whole };
    case '*':
    case '/':
      return ANY;
  }
}
