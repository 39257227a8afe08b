// The text of a rule as a tree of what is written, by recursive descent; what names mean and whether things fit together
// is no matter here. From loosest to tightest: or, and, not, comparison, sum, product, minus, and what follows a value.

import type { ArithmeticOp, CompareOp } from './expression.ts';
import { problemAt, quoted, type RuleProblem, type Span } from './problem.ts';
import { tokensOf, type Token } from './tokens.ts';
import { WORDS } from './words.ts';

export type BinaryOp = 'and' | 'or' | CompareOp | Exclude<ArithmeticOp, 'min' | 'max'>;

export interface CallSyntax {
  readonly kind: 'call';
  readonly name: string;
  readonly nameSpan: Span;
  readonly args: readonly Argument[];
}

export type Syntax = Node &
  (
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'name'; readonly name: string }
    | CallSyntax
    | { readonly kind: 'output'; readonly of: Syntax; readonly output: string; readonly outputSpan: Span }
    | { readonly kind: 'lag'; readonly of: Syntax; readonly bars: Syntax }
    | { readonly kind: 'minus' | 'not'; readonly of: Syntax }
    | { readonly kind: 'binary'; readonly op: BinaryOp; readonly left: Syntax; readonly right: Syntax }
  );

export interface Argument {
  /** Of `window=14`; null for one by position. */
  readonly name: string | null;
  readonly value: Syntax;
  /** From its name to its last parenthesis. */
  readonly span: Span;
}

interface Node {
  /** Without parentheses around it. */
  readonly span: Span;
  /** Nodes on the longest way down, this one included: whoever recurses over the tree relies on its limit. */
  readonly height: number;
}

interface Cursor {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
}

/** Where a text stops being a rule. */
export class RuleSyntaxError extends Error {
  readonly problem: RuleProblem;

  constructor(problem: RuleProblem) {
    super(problem.message);
    this.name = 'RuleSyntaxError';
    this.problem = problem;
  }
}

const MAX_DEPTH = 100;
const COMPARISONS: readonly BinaryOp[] = ['<', '<=', '>', '>=', '==', '!='];

/** @throws {RuleSyntaxError} at the first token that does not fit. */
export function parse(text: string): Syntax {
  const cursor = { tokens: tokensOf(text), at: 0, depth: 0 };
  if (here(cursor).kind === 'end') return fail(here(cursor), 'the rule is empty');
  const whole = either(cursor);
  return here(cursor).kind === 'end' ? whole : misplaced(here(cursor));
}

function either(cursor: Cursor): Syntax {
  return chain(cursor, ['or'], (inner) => chain(inner, ['and'], negation));
}

function negation(cursor: Cursor): Syntax {
  const token = here(cursor);
  if (token.text !== 'not') return comparison(cursor);
  cursor.at += 1;
  return prefixed(token, 'not', nested(cursor, token, negation));
}

function comparison(cursor: Cursor): Syntax {
  const left = sum(cursor);
  const token = here(cursor);
  const op = taken(cursor, COMPARISONS);
  if (op === null) return left;
  const compared = binary(token, op, left, sum(cursor));
  const next = here(cursor);
  return taken(cursor, COMPARISONS) === null ? compared : fail(next, 'write and between two comparisons');
}

function sum(cursor: Cursor): Syntax {
  return chain(cursor, ['+', '-'], (inner) => chain(inner, ['*', '/'], signed));
}

function signed(cursor: Cursor): Syntax {
  const token = here(cursor);
  if (token.text !== '-') return followed(cursor);
  cursor.at += 1;
  return prefixed(token, 'minus', nested(cursor, token, signed));
}

/** A value and the lags and outputs after it. */
function followed(cursor: Cursor): Syntax {
  let of = primary(cursor);
  for (;;) {
    const token = here(cursor);
    if (token.text === '[') of = lag(cursor, of);
    else if (token.text === '.') of = output(cursor, of);
    else return of;
  }
}

function lag(cursor: Cursor, series: Syntax): Syntax {
  const open = here(cursor);
  cursor.at += 1;
  const bars = nested(cursor, open, either);
  const close = closed(cursor, open, ']');
  return grown(open, { kind: 'lag', of: series, bars, span: { start: series.span.start, end: close.end } }, [
    series,
    bars,
  ]);
}

function output(cursor: Cursor, operand: Syntax): Syntax {
  const dot = here(cursor);
  cursor.at += 1;
  const name = here(cursor);
  if (name.kind !== 'name') return fail(name, 'the name of an output is missing after the dot');
  cursor.at += 1;
  if (operand.kind === 'name' && here(cursor).text === '(') {
    return fail(
      { start: operand.span.start, end: name.end },
      `write ${quoted(name.text)}, without what stands before the dot`,
    );
  }
  const span = { start: operand.span.start, end: name.end };
  return grown(dot, { kind: 'output', of: operand, output: name.text, outputSpan: name, span }, [operand]);
}

function primary(cursor: Cursor): Syntax {
  const token = here(cursor);
  const next = cursor.tokens[cursor.at + 1];
  if (token.kind === 'number') {
    cursor.at += 1;
    return { kind: 'number', value: Number(token.text), span: token, height: 1 };
  }
  if (token.kind === 'name' && !WORDS.has(token.text)) {
    cursor.at += 1;
    return next.text === '(' ? call(cursor, token) : { kind: 'name', name: token.text, span: token, height: 1 };
  }
  if (token.text !== '(') return valueMissing(token);
  cursor.at += 1;
  const inside = nested(cursor, token, either);
  closed(cursor, token, ')');
  return inside;
}

function call(cursor: Cursor, name: Token): Syntax {
  const open = here(cursor);
  cursor.at += 1;
  const args: Argument[] = [];
  while (here(cursor).text !== ')') {
    args.push(nested(cursor, open, argument));
    if (here(cursor).text !== ',') break;
    cursor.at += 1;
    if (here(cursor).text === ')') return fail(here(cursor), 'an argument is missing after the comma');
  }
  const close = closed(cursor, open, ')', 'a comma or an operator');
  const span = { start: name.start, end: close.end };
  const values = args.map(({ value }) => value);
  return grown(name, { kind: 'call', name: name.text, nameSpan: name, args, span }, values);
}

function argument(cursor: Cursor): Argument {
  const first = here(cursor);
  const named = first.kind === 'name' && cursor.tokens[cursor.at + 1].text === '=';
  if (named) cursor.at += 2;
  const value = either(cursor);
  const span = { start: first.start, end: cursor.tokens[cursor.at - 1].end };
  return { name: named ? first.text : null, value, span };
}

/** `a op b op c`, the left ones first. */
function chain(cursor: Cursor, ops: readonly BinaryOp[], next: (cursor: Cursor) => Syntax): Syntax {
  let left = next(cursor);
  for (;;) {
    const token = here(cursor);
    const op = taken(cursor, ops);
    if (op === null) return left;
    left = binary(token, op, left, next(cursor));
  }
}

function binary(token: Token, op: BinaryOp, left: Syntax, right: Syntax): Syntax {
  const span = { start: left.span.start, end: right.span.end };
  return grown(token, { kind: 'binary', op, left, right, span }, [left, right]);
}

function prefixed(token: Token, kind: 'minus' | 'not', of: Syntax): Syntax {
  return grown(token, { kind, of, span: { start: token.start, end: of.span.end } }, [of]);
}

type WithoutHeight<T> = T extends unknown ? Omit<T, 'height'> : never;

function grown(token: Token, node: WithoutHeight<Syntax>, parts: readonly Syntax[]): Syntax {
  const height = 1 + Math.max(0, ...parts.map((part) => part.height));
  return height > MAX_DEPTH ? tooDeep(token) : { ...node, height };
}

/** Parentheses leave no node, so their depth is bounded here. */
function nested<T>(cursor: Cursor, token: Token, inner: (cursor: Cursor) => T): T {
  cursor.depth += 1;
  if (cursor.depth > MAX_DEPTH) return tooDeep(token);
  const result = inner(cursor);
  cursor.depth -= 1;
  return result;
}

function tooDeep(token: Token): never {
  return fail(token, `too deep: at most ${MAX_DEPTH} operations inside one another or in one chain`);
}

/** The token to read next. One that is wrong ends everything as soon as it is looked at. */
function here({ tokens, at }: Cursor): Token {
  const token = tokens[at];
  return token.kind === 'wrong' ? fail(token, token.message) : token;
}

function taken(cursor: Cursor, ops: readonly BinaryOp[]): BinaryOp | null {
  const token = here(cursor);
  const op = token.kind === 'number' ? undefined : ops.find((known) => known === token.text);
  if (op === undefined) return null;
  cursor.at += 1;
  return op;
}

function closed(cursor: Cursor, open: Token, close: ')' | ']', missing?: string): Token {
  const token = here(cursor);
  if (token.kind === 'end') return fail(open, `this ${open.text} is never closed`);
  if (token.text !== close) return misplaced(token, missing);
  cursor.at += 1;
  return token;
}

/** A token that cannot go on with the complete thing before it. */
function misplaced(token: Token, missing = 'an operator'): never {
  const { text } = token;
  if (text === '=') return fail(token, 'write == to compare');
  if (text === ')' || text === ']') return fail(token, `there is no ${text === ')' ? '(' : '['} for this`);
  if (text === ',') return fail(token, 'a comma only stands between the arguments of a call');
  if (text !== 'not' && WORDS.has(text.toLowerCase())) return fail(token, `write ${text.toLowerCase()}`);
  return fail(token, `${missing} is missing before this`);
}

function valueMissing(token: Token): never {
  if (token.kind === 'end') return fail(token, 'a value is missing at the end');
  if (token.text === 'not') return fail(token, 'put not and what it negates in parentheses');
  return fail(token, 'a value is missing before this');
}

function fail(span: Span, message: string): never {
  throw new RuleSyntaxError(problemAt(span, message));
}
