// Calls of the language's own functions.

import { absolute, combined, isNumber } from './arithmetic.ts';
import type { Expr } from './expression.ts';
import { barsOf, complain, liftedOf, openOf, seriesOf, valueOf, type Check, type Operand } from './operands.ts';
import type { CallSyntax } from './syntax.ts';
import { FUNCTIONS, type FunctionName } from './words.ts';

export function functionUsage(name: FunctionName): string {
  return `${name}(${FUNCTIONS[name].join(', ')})`;
}

/** `operands` are the arguments of the call. */
export function functionCall(
  check: Check,
  name: FunctionName,
  { nameSpan, args }: CallSyntax,
  operands: readonly Operand[],
): Expr | null {
  const takes = FUNCTIONS[name];
  const usage = `write ${functionUsage(name)}`;
  const named = args.find((arg) => arg.name !== null);
  if (named !== undefined) return complain(check, named.span, `${name} names no arguments: ${usage}`);
  if (args.length !== takes.length) {
    return complain(check, nameSpan, `${name} takes ${takes.length}, got ${args.length}: ${usage}`);
  }
  switch (name) {
    case 'cross_above':
    case 'cross_below':
      return cross(check, name, operands);
    case 'highest':
    case 'lowest': {
      const [of, window] = [seriesOf(check, operands[0]), barsOf(check, operands[1], 1)];
      return of === null || window === null ? null : { kind: 'extreme', op: name, of, window };
    }
    case 'abs': {
      const of = valueOf(check, operands[0]);
      return of === null ? null : absolute(of);
    }
    case 'min':
    case 'max': {
      const [left, right] = [valueOf(check, operands[0]), valueOf(check, operands[1])];
      return left === null || right === null ? null : combined(name, left, right);
    }
    case 'exists': {
      const of = seriesOf(check, operands[0]);
      return of === null ? null : { kind: 'exists', of };
    }
  }
}

function cross(check: Check, op: 'cross_above' | 'cross_below', [a, b]: readonly Operand[]): Expr | null {
  if (a.expr !== null && b.expr !== null && isNumber(a.expr) && isNumber(b.expr)) {
    return complain(check, a.span, 'one of the two must be a series, these are numbers');
  }
  const [left, right] = [liftedOf(check, a), liftedOf(check, b)];
  return left === null || right === null ? null : openOf(check, { kind: 'cross', op, left, right }, [a, b]);
}
