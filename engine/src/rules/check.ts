// From what is written to what it means: every name is looked up and every operand's type demanded. A part with a problem
// becomes null and nothing is said about what it stands in, so that each problem is told once.

import { SOURCES } from '../bars/candles.ts';
import { INDICATOR_NAMES, indicatorByShortName } from '../indicators/catalogue.ts';
import { asSeries, combined, isNumber, typeOf } from './arithmetic.ts';
import type { CompareOp, ConditionExpr, Expr } from './expression.ts';
import { functionCall, functionUsage } from './functions.ts';
import { indicatorCall, indicatorUsage } from './indicator-call.ts';
import { nearest } from './nearest.ts';
import { barsOf, complain, conditionOf, openOf, seriesOf, valueOf, type Check, type Operand } from './operands.ts';
import { quoted, type Span } from './problem.ts';
import type { CallSyntax, Syntax } from './syntax.ts';
import { CLOCKS, FUNCTIONS, isFunction, WORDS } from './words.ts';

type Of<Kind> = Extract<Syntax, { readonly kind: Kind }>;

export function exprOf(check: Check, node: Syntax): Expr | null {
  switch (node.kind) {
    case 'number':
      return { kind: 'number', value: node.value };
    case 'name':
      return nameOf(check, node.name, node.span);
    case 'call':
      return callOf(check, node);
    case 'output':
      return outputOf(check, node);
    case 'lag':
      return lagOf(check, node);
    case 'minus': {
      const of = valueOf(check, operandOf(check, node.of));
      return of === null ? null : combined('-', { kind: 'number', value: 0 }, of);
    }
    case 'not': {
      const of = conditionOf(check, operandOf(check, node.of));
      return of === null ? null : { kind: 'not', of };
    }
    case 'binary':
      return binaryOf(check, node);
  }
}

function operandOf(check: Check, node: Syntax): Operand {
  return { expr: exprOf(check, node), span: node.span };
}

function nameOf(check: Check, name: string, span: Span): Expr | null {
  const { bindings, params } = check.scope;
  const bound = bindings?.get(name);
  if (bound !== undefined) return allowed(check, name, span, bound);
  if (params.has(name)) return { kind: 'param', name };
  const column = SOURCES.find((known) => known === name);
  if (column !== undefined) return allowed(check, name, span, { kind: 'column', column });
  const unit = CLOCKS.find((known) => known === name);
  if (unit !== undefined) return allowed(check, name, span, { kind: 'clock', unit });
  if (isFunction(name)) return complain(check, span, `${name} is a function: write ${functionUsage(name)}`);
  const row = indicatorByShortName(name);
  if (row !== undefined) return complain(check, span, `${name} is an indicator: write ${indicatorUsage(name, row)}`);
  const known = [...(bindings?.keys() ?? []), ...params, ...SOURCES, ...CLOCKS, ...callable()];
  return complain(check, span, unknown(name, known) ?? `there is no ${quoted(name)}; parameters stand in params`);
}

function callOf(check: Check, call: CallSyntax & Syntax): Expr | null {
  const { name, nameSpan, args, span } = call;
  const row = indicatorByShortName(name);
  if (check.constraint && row !== undefined) return inConstraint(check, name, nameSpan);
  const operands = args.map(({ value, span: whole }) => ({ expr: exprOf(check, value), span: whole }));
  if (isFunction(name)) return functionCall(check, name, call, operands);
  if (row !== undefined) return indicatorCall(check, row, call, operands);
  const unit = CLOCKS.find((known) => known === name);
  if (unit !== undefined && args.length === 0) return allowed(check, name, span, { kind: 'clock', unit });
  const { params, bindings } = check.scope;
  if (unit !== undefined || params.has(name) || bindings?.has(name) || SOURCES.some((known) => known === name)) {
    return complain(check, nameSpan, `${quoted(name)} takes no arguments`);
  }
  const message = unknown(name, callable()) ?? `there is no function or indicator ${quoted(name)}`;
  return complain(check, nameSpan, message);
}

/** A name of the language or the scope, which a constraint may not use where it is one a bar. */
function allowed(check: Check, name: string, span: Span, expr: Expr): Expr | null {
  return check.constraint && !isNumber(expr) ? inConstraint(check, name, span, typeOf(expr)) : expr;
}

function inConstraint(check: Check, name: string, span: Span, type = 'series'): null {
  return complain(check, span, `${name} is a ${type}; a constraint reads parameters only`);
}

function outputOf(check: Check, { of: call, output, outputSpan }: Of<'output'>): Expr | null {
  const expr = exprOf(check, call);
  if (expr === null) return null;
  if (expr.kind !== 'indicator' || call.kind !== 'call') {
    const hint = call.kind === 'lag' ? '; an output comes before the lag' : '';
    return complain(check, outputSpan, `only the call of an indicator has outputs${hint}`);
  }
  const { outputs } = expr.indicator;
  if (outputs.includes(output)) return { ...expr, output };
  return complain(check, outputSpan, `${call.name} has no output ${quoted(output)}; it has ${outputs.join(', ')}`);
}

function lagOf(check: Check, node: Of<'lag'>): Expr | null {
  const of = seriesOf(check, operandOf(check, node.of));
  const operand = operandOf(check, node.bars);
  if (operand.expr?.kind === 'number' && operand.expr.value < 0) {
    return complain(check, operand.span, 'the future cannot be read');
  }
  const bars = barsOf(check, operand, 0);
  return of === null || bars === null ? null : { kind: 'lag', of, bars };
}

function binaryOf(check: Check, node: Of<'binary'>): Expr | null {
  const { op, span } = node;
  const [a, b] = [operandOf(check, node.left), operandOf(check, node.right)];
  switch (op) {
    case 'and':
    case 'or': {
      const [left, right] = [conditionOf(check, a), conditionOf(check, b)];
      return left === null || right === null ? null : { kind: op, left, right };
    }
    case '+':
    case '-':
    case '*':
    case '/': {
      const [left, right] = [valueOf(check, a), valueOf(check, b)];
      if (left === null || right === null) return null;
      const expr = combined(op, left, right);
      const valueless = expr.kind === 'number' && !Number.isFinite(expr.value);
      return valueless ? complain(check, span, 'this has no finite value') : expr;
    }
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '==':
    case '!=':
      return comparisonOf(check, op, a, b);
  }
}

function comparisonOf(check: Check, op: CompareOp, a: Operand, b: Operand): ConditionExpr | null {
  const [left, right] = [valueOf(check, a), valueOf(check, b)];
  if (left === null || right === null) return null;
  if (isNumber(left) && isNumber(right)) return { kind: 'compare_numbers', op, left, right };
  return openOf(check, { kind: 'compare', op, left: asSeries(left), right: asSeries(right) }, [a, b]);
}

/** What somebody may have meant by a name nobody knows. */
function unknown(name: string, known: readonly string[]): string | null {
  const meant = nearest(name, known);
  return meant === undefined ? null : `there is no ${quoted(name)}; did you mean ${meant}?`;
}

function callable(): readonly string[] {
  return [...Object.keys(FUNCTIONS), ...INDICATOR_NAMES, ...WORDS];
}
