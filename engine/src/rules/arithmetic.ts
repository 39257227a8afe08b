// Arithmetic on numbers, and the typed nodes it makes: what is known without candles and parameters is computed at once.

import type { ArithmeticOp, ConditionExpr, Expr, NumberExpr, SeriesExpr } from './expression.ts';

export type ExprType = 'number' | 'series' | 'condition';

const TYPES: Readonly<Record<Expr['kind'], ExprType>> = {
  number: 'number',
  param: 'number',
  number_op: 'number',
  number_abs: 'number',
  column: 'series',
  clock: 'series',
  constant: 'series',
  indicator: 'series',
  lag: 'series',
  series_op: 'series',
  series_abs: 'series',
  extreme: 'series',
  choose_series: 'series',
  compare: 'condition',
  compare_numbers: 'condition',
  cross: 'condition',
  and: 'condition',
  or: 'condition',
  not: 'condition',
  exists: 'condition',
  holds: 'condition',
  choose_condition: 'condition',
};

export function typeOf(expr: Expr): ExprType {
  return TYPES[expr.kind];
}

export function isNumber(expr: Expr): expr is NumberExpr {
  return typeOf(expr) === 'number';
}

export function isCondition(expr: Expr): expr is ConditionExpr {
  return typeOf(expr) === 'condition';
}

/** x / 0 has no value, whatever x is. */
export const ARITHMETIC: Readonly<Record<ArithmeticOp, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? NaN : a / b),
  min: Math.min,
  max: Math.max,
};

/** A number stays one for all bars. */
export function asSeries(expr: NumberExpr | SeriesExpr): SeriesExpr {
  return isNumber(expr) ? { kind: 'constant', of: expr } : expr;
}

export function combined(
  op: ArithmeticOp,
  left: NumberExpr | SeriesExpr,
  right: NumberExpr | SeriesExpr,
): NumberExpr | SeriesExpr {
  if (!isNumber(left) || !isNumber(right)) {
    return { kind: 'series_op', op, left: asSeries(left), right: asSeries(right) };
  }
  if (left.kind !== 'number' || right.kind !== 'number') return { kind: 'number_op', op, left, right };
  return { kind: 'number', value: ARITHMETIC[op](left.value, right.value) };
}

export function absolute(of: NumberExpr | SeriesExpr): NumberExpr | SeriesExpr {
  if (!isNumber(of)) return { kind: 'series_abs', of };
  return of.kind === 'number' ? { kind: 'number', value: Math.abs(of.value) } : { kind: 'number_abs', of };
}
