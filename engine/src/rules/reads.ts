// What an expression reads: the parameters and text axes whose values decide it.

import type { Expr, IndicatorExpr } from './expression.ts';

/** Visits an expression and everything in it, outside first. */
export function walk(expr: Expr, visit: (part: Expr) => void, partsOf: (expr: Expr) => readonly Expr[] = parts): void {
  visit(expr);
  for (const part of partsOf(expr)) walk(part, visit, partsOf);
}

/** All parameters and text axes an expression names. */
export function paramsOf(expr: Expr): Set<string> {
  return named(expr, parts);
}

/** The same without those that only reach an indicator by a parameter that cannot move the output read. */
export function effectiveParams(expr: Expr): Set<string> {
  return named(expr, (part) => (part.kind === 'indicator' ? effectiveParts(part) : parts(part)));
}

function named(expr: Expr, partsOf: (expr: Expr) => readonly Expr[]): Set<string> {
  const names = new Set<string>();
  const visit = (part: Expr): void => {
    if (part.kind === 'param') names.add(part.name);
    if (part.kind === 'choose_series' || part.kind === 'choose_condition') names.add(part.axis);
  };
  walk(expr, visit, partsOf);
  return names;
}

function parts(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'number':
    case 'param':
    case 'column':
    case 'clock':
      return [];
    case 'number_abs':
    case 'series_abs':
    case 'constant':
    case 'not':
    case 'exists':
    case 'holds':
      return [expr.of];
    case 'number_op':
    case 'series_op':
    case 'compare':
    case 'compare_numbers':
    case 'cross':
    case 'and':
    case 'or':
      return [expr.left, expr.right];
    case 'lag':
      return [expr.of, expr.bars];
    case 'extreme':
      return [expr.of, expr.window];
    case 'indicator':
      return expr.input === null ? expr.params : [expr.input, ...expr.params];
    case 'choose_series':
    case 'choose_condition':
      return Object.values(expr.cases);
  }
}

function effectiveParts({ indicator, input, params, output }: IndicatorExpr): readonly Expr[] {
  const idle = indicator.unaffected[output] ?? [];
  const moving = params.filter((_, at) => !idle.includes(indicator.params[at].name));
  return input === null || idle.includes('source') ? moving : [input, ...moving];
}
