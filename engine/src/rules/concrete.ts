// The indicators of one variant: the expressions of its rules with values in the place of parameters.

import type { AxisValue } from '../axis.ts';
import { ARITHMETIC } from './arithmetic.ts';
import type { NumberExpr, Rules, SeriesExpr } from './expression.ts';
import { walk } from './reads.ts';

type Values = Readonly<Record<string, AxisValue>>;

/** Plain JSON, each indicator once, in one order whatever the order of the rules. */
export function indicatorsOf(rules: Rules, values: Values): readonly unknown[] {
  const found = new Map<string, unknown>();
  for (const rule of Object.values(rules)) {
    if (rule === null) continue;
    walk(rule, (part) => {
      if (part.kind !== 'indicator') return;
      const { output: _, ...indicator } = concrete(part, values);
      found.set(JSON.stringify(indicator), indicator);
    });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, indicator]) => indicator);
}

function concrete(expr: SeriesExpr, values: Values): Readonly<Record<string, unknown>> {
  const of = (inner: SeriesExpr): unknown => concrete(inner, values);
  const number = (inner: NumberExpr): number => concreteNumber(inner, (name) => values[name]);
  switch (expr.kind) {
    case 'column':
    case 'clock':
      return expr;
    case 'constant':
      return { value: number(expr.of) };
    case 'indicator': {
      const { indicator, input, params, output } = expr;
      return {
        indicator_id: indicator.id,
        input: input === null ? null : of(input),
        params: params.map(number),
        output,
      };
    }
    case 'lag':
      return { kind: expr.kind, of: of(expr.of), bars: number(expr.bars) };
    case 'series_op':
      return { kind: expr.kind, op: expr.op, left: of(expr.left), right: of(expr.right) };
    case 'series_abs':
      return { kind: expr.kind, of: of(expr.of) };
    case 'extreme':
      return { kind: expr.op, of: of(expr.of), window: number(expr.window) };
    case 'choose_series':
      return concrete(expr.cases[values[expr.axis]], values);
  }
}

/** The value of a number; `valueOf` has those of parameters. */
export function concreteNumber(expr: NumberExpr, valueOf: (name: string) => AxisValue): number {
  switch (expr.kind) {
    case 'number':
      return expr.value;
    case 'param':
      return Number(valueOf(expr.name));
    case 'number_abs':
      return Math.abs(concreteNumber(expr.of, valueOf));
    case 'number_op':
      return ARITHMETIC[expr.op](concreteNumber(expr.left, valueOf), concreteNumber(expr.right, valueOf));
  }
}
