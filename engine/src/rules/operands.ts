// What a checked text is checked against, and the demands on operands. A null operand has been complained about already.

import { asSeries, isCondition, isNumber, typeOf, type ExprType } from './arithmetic.ts';
import { intervalOf, settledOutcome, type Interval, type Ranges } from './bounds.ts';
import type { ConditionExpr, Expr, NumberExpr, SeriesExpr } from './expression.ts';
import { problemAt, quoted, type RuleProblem, type Span } from './problem.ts';

/** What names stand for besides the language's own. */
export interface Scope {
  readonly params: ReadonlySet<string>;
  /** Names of ready expressions. They come before parameters and series, but hide no function. */
  readonly bindings?: ReadonlyMap<string, Expr>;
  /**
   * Where the values of the parameters lie. With it, a comparison that is always or never true is a problem: at the gate, not
   * where a stored rule is read.
   */
  readonly ranges?: Ranges;
  /** Of the market, for parameters that annualise and are left out. */
  readonly periodsPerYear?: number;
}

export interface Check {
  readonly text: string;
  readonly scope: Scope;
  /** Only numbers and parameters: there are no bars yet. */
  readonly constraint: boolean;
  readonly problems: RuleProblem[];
}

/** An operand: what it turned out to be, and where it stands. */
export interface Operand {
  readonly expr: Expr | null;
  readonly span: Span;
}

/** Problems of one text that are reported; the others are found once these are gone. */
const MOST_PROBLEMS = 20;

/** Ends the check of a text that has problems enough. */
export class EnoughProblems extends Error {
  override readonly name = 'EnoughProblems';
}

export function complain(check: Check, span: Span, message: string): null {
  check.problems.push(problemAt(span, message));
  if (check.problems.length >= MOST_PROBLEMS) throw new EnoughProblems();
  return null;
}

/** A series, or a number where either will do. */
export function valueOf(check: Check, { expr, span }: Operand): NumberExpr | SeriesExpr | null {
  if (expr === null) return null;
  return isCondition(expr) ? complain(check, span, 'needs a series, this is a condition') : expr;
}

/** A series; a number is not taken for one. */
export function seriesOf(check: Check, { expr, span }: Operand): SeriesExpr | null {
  if (expr === null) return null;
  if (isNumber(expr) || isCondition(expr)) return complain(check, span, `needs a series, this is ${article(expr)}`);
  return expr;
}

export function liftedOf(check: Check, operand: Operand): SeriesExpr | null {
  const value = valueOf(check, operand);
  return value === null ? null : asSeries(value);
}

export function numberOf(check: Check, { expr, span }: Operand, name?: string): NumberExpr | null {
  if (expr === null) return null;
  const needs = name === undefined ? 'needs' : `${name} needs`;
  return isNumber(expr) ? expr : complain(check, span, `${needs} a number, this is ${article(expr)}`);
}

export function conditionOf(check: Check, { expr, span }: Operand): ConditionExpr | null {
  if (expr === null) return null;
  if (isCondition(expr)) return expr;
  return complain(check, span, `needs a condition, this is ${article(expr)}; compare it with something`);
}

/** A whole number of bars as far as it is known; with parameters in it, their values decide later. */
export function barsOf(check: Check, operand: Operand, least: number): NumberExpr | null {
  const bars = numberOf(check, operand);
  if (bars?.kind !== 'number') return bars;
  if (Number.isInteger(bars.value) && bars.value >= least) return bars;
  return complain(check, operand.span, `needs a whole number of at least ${least}, got ${bars.value}`);
}

/** A comparison that values decide; `a` and `b` are its operands. */
export function openOf<Comparison extends Extract<ConditionExpr, { kind: 'compare' | 'cross' }>>(
  check: Check,
  expr: Comparison,
  [a, b]: readonly [Operand, Operand],
): Comparison | null {
  const { ranges } = check.scope;
  if (ranges === undefined) return expr;
  const [left, right] = [intervalOf(expr.left, ranges), intervalOf(expr.right, ranges)];
  const outcome = settledOutcome(expr.op, left, right);
  if (outcome === null) return expr;
  const bounds = [boundsText(check, a, left), boundsText(check, b, right)].filter((text) => text !== null);
  const always = outcome ? 'always true where it has a value: write exists(...) if that is meant' : 'never true';
  const span = { start: Math.min(a.span.start, b.span.start), end: Math.max(a.span.end, b.span.end) };
  return complain(check, span, `${bounds.join(' and ')}, so this is ${always}`);
}

/** null: a number, which says its value itself, or a series without limits. */
function boundsText({ text }: Check, { expr, span }: Operand, { min, max }: Interval): string | null {
  if (expr?.kind === 'number' || (min === -Infinity && max === Infinity)) return null;
  const name = quoted(text.slice(span.start, span.end));
  if (max === Infinity) return `${name} is at least ${min}`;
  if (min === -Infinity) return `${name} is at most ${max}`;
  return min === max ? `${name} is ${min}` : `${name} is ${min} to ${max}`;
}

function article(expr: Expr): `a ${ExprType}` {
  return `a ${typeOf(expr)}`;
}
