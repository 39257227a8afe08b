// The gate of the rule language: a text comes out as a typed expression, or with everything that is wrong with it.

import { isCondition, typeOf } from './arithmetic.ts';
import { exprOf } from './check.ts';
import type { ConditionExpr } from './expression.ts';
import { complain, EnoughProblems, type Check, type Scope } from './operands.ts';
import { problemAt, type RuleProblem } from './problem.ts';
import { parse, RuleSyntaxError, type Syntax } from './syntax.ts';

export type { Scope } from './operands.ts';

/** Problems by column; a text with a syntax error has that one only. */
export type Reading = { readonly expr: ConditionExpr } | { readonly problems: readonly RuleProblem[] };

const MAX_LENGTH = 10_000;

/** A condition on every bar. */
export function readRule(text: string, scope: Scope): Reading {
  return read({ text, scope, constraint: false, problems: [] });
}

/** A condition on parameters alone, decided before there are bars. */
export function readConstraint(text: string, scope: Scope): Reading {
  return read({ text, scope, constraint: true, problems: [] });
}

function read(check: Check): Reading {
  const { text, problems } = check;
  if (text.length > MAX_LENGTH) {
    const end = { start: MAX_LENGTH, end: MAX_LENGTH + 1 };
    return { problems: [problemAt(end, `a rule has at most ${MAX_LENGTH} characters, this one ${text.length}`)] };
  }
  const syntax = syntaxOf(text);
  if ('problems' in syntax) return syntax;
  const expr = exprWithin(check, syntax);
  if (expr !== null && problems.length === 0) return { expr };
  return { problems: problems.sort((a, b) => a.column - b.column) };
}

function syntaxOf(text: string): Syntax | { readonly problems: readonly RuleProblem[] } {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof RuleSyntaxError) return { problems: [error.problem] };
    throw error;
  }
}

function exprWithin(check: Check, syntax: Syntax): ConditionExpr | null {
  try {
    return wholeOf(check, syntax);
  } catch (error) {
    if (error instanceof EnoughProblems) return null;
    throw error;
  }
}

function wholeOf(check: Check, syntax: Syntax): ConditionExpr | null {
  const expr = exprOf(check, syntax);
  if (expr === null || isCondition(expr)) return expr;
  const [what, example] = check.constraint ? ['constraint', 'fast < slow'] : ['rule', 'close > open'];
  return complain(check, syntax.span, `a ${what} is a condition, this is a ${typeOf(expr)}; write it as in ${example}`);
}
