// Rules nobody thought of: random expressions written down and read again, and texts that are hardly rules at all.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SOURCES } from '../bars/candles.ts';
import { random } from '../grid/random.ts';
import { CATALOGUE } from '../indicators/catalogue.ts';
import type { ConditionExpr, Expr, NumberExpr, SeriesExpr } from '../rules/expression.ts';
import { pointAt } from '../rules/problem.ts';
import { readConstraint, readRule } from '../rules/read-rule.ts';
import { paramsOf } from '../rules/reads.ts';

const PARAMS = ['fast', 'slow', 'limit'] as const;
const SCOPE = { params: new Set(PARAMS) };
const COMPARE = ['<', '<=', '>', '>=', '==', '!='] as const;
const ARITHMETIC = ['+', '-', '*', '/', 'min', 'max'] as const;

interface Dice {
  readonly next: () => number;
  readonly pick: <T>(list: readonly T[]) => T;
  readonly below: (limit: number) => number;
}

function dice(seed: number): Dice {
  const next = random(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  return { next, below, pick: (list) => list[below(list.length)] };
}

const literal = (value: number): NumberExpr => ({ kind: 'number', value });

/** Never a literal that is the result of two others: those are computed when they are read. */
function someNumber({ pick, below, next }: Dice, depth: number): NumberExpr {
  const name: NumberExpr = { kind: 'param', name: pick(PARAMS) };
  if (depth <= 0 || next() < 0.4) return name;
  if (next() < 0.2) return { kind: 'number_abs', of: someNumber({ pick, below, next }, depth - 1) };
  const right = next() < 0.5 ? literal(below(1000) / 8) : someNumber({ pick, below, next }, depth - 1);
  return { kind: 'number_op', op: pick(ARITHMETIC), left: name, right };
}

function someSeries(throws: Dice, depth: number): SeriesExpr {
  const { pick, below } = throws;
  const inner = (): SeriesExpr => someSeries(throws, depth - 1);
  switch (depth <= 0 ? below(2) : below(8)) {
    case 0:
      return { kind: 'column', column: pick(SOURCES) };
    case 1:
      return { kind: 'clock', unit: pick(['hour', 'dayofweek'] as const) };
    case 2:
      return { kind: 'lag', of: inner(), bars: pick([literal(below(50)), someNumber(throws, 2)]) };
    case 3:
      return { kind: 'series_op', op: pick(ARITHMETIC), left: inner(), right: inner() };
    case 4: {
      const number: SeriesExpr = { kind: 'constant', of: pick([literal(below(1000) / 8), someNumber(throws, 2)]) };
      const [left, right] = pick([0, 1]) === 0 ? [number, inner()] : [inner(), number];
      return { kind: 'series_op', op: pick(ARITHMETIC), left, right };
    }
    case 5:
      return { kind: 'series_abs', of: inner() };
    case 6:
      return { kind: 'extreme', op: pick(['highest', 'lowest'] as const), of: inner(), window: literal(1 + below(50)) };
    default: {
      const indicator = pick(CATALOGUE);
      const params = indicator.params.map((param) => pick([literal(param.default), someNumber(throws, 2)]));
      const input = indicator.source ? inner() : null;
      return { kind: 'indicator', indicator, input, params, output: pick(indicator.outputs) };
    }
  }
}

function someCondition(throws: Dice, depth: number): ConditionExpr {
  const { pick, below } = throws;
  const series = (): SeriesExpr => someSeries(throws, depth);
  switch (depth <= 0 ? below(4) : below(7)) {
    case 0:
    case 1:
      return { kind: 'compare', op: pick(COMPARE), left: series(), right: series() };
    case 2:
      return { kind: 'cross', op: pick(['cross_above', 'cross_below'] as const), left: series(), right: series() };
    case 3:
      return { kind: 'exists', of: series() };
    case 4: {
      const [left, right] = [someNumber(throws, 2), someNumber(throws, 2)];
      return { kind: 'compare_numbers', op: pick(COMPARE), left, right };
    }
    case 5:
      return { kind: 'not', of: someCondition(throws, depth - 1) };
    default: {
      const [left, right] = [someCondition(throws, depth - 1), someCondition(throws, depth - 1)];
      return { kind: pick(['and', 'or'] as const), left, right };
    }
  }
}

/** How tight an expression binds: what binds looser than its place is put in parentheses. */
const LEVELS: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  not: 3,
  compare: 4,
  compare_numbers: 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
};

function levelOf(expr: Expr): number {
  if (expr.kind === 'constant') return levelOf(expr.of);
  return LEVELS[expr.kind.endsWith('_op') && 'op' in expr ? expr.op : expr.kind] ?? 8;
}

/** The text of an expression, in parentheses only where it needs them. */
function written(expr: Expr, place = 0): string {
  const level = levelOf(expr);
  if (level < place) return `(${written(expr)})`;
  switch (expr.kind) {
    case 'number':
      return String(expr.value);
    case 'param':
      return expr.name;
    case 'column':
      return expr.column;
    case 'clock':
      return expr.unit;
    case 'constant':
      return written(expr.of);
    case 'lag':
      return `${written(expr.of, 8)}[${written(expr.bars)}]`;
    case 'number_op':
    case 'series_op':
      if (level === 8) return `${expr.op}(${written(expr.left)}, ${written(expr.right)})`;
      return `${written(expr.left, level)} ${expr.op} ${written(expr.right, level + 1)}`;
    case 'number_abs':
    case 'series_abs':
      return `abs(${written(expr.of)})`;
    case 'extreme':
      return `${expr.op}(${written(expr.of)}, ${written(expr.window)})`;
    case 'indicator': {
      const args = [...(expr.input === null ? [] : [expr.input]), ...expr.params].map((arg) => written(arg));
      return `${expr.indicator.short}(${args.join(', ')}).${expr.output}`;
    }
    case 'compare':
    case 'compare_numbers':
      return `${written(expr.left, 5)} ${expr.op} ${written(expr.right, 5)}`;
    case 'cross':
      return `${expr.op}(${written(expr.left)}, ${written(expr.right)})`;
    case 'exists':
      return `exists(${written(expr.of)})`;
    case 'not':
      return `not ${written(expr.of, 3)}`;
    case 'and':
    case 'or':
      return `${written(expr.left, level)} ${expr.kind} ${written(expr.right, level + 1)}`;
    case 'holds':
    case 'choose_series':
    case 'choose_condition':
      return assert.fail(`${expr.kind} cannot be written`);
  }
}

/** Reads as a rule and as a constraint: an expression, or problems that lie in the text and can be shown. */
function mustBeTold(text: string): boolean {
  const readings = [readRule(text, SCOPE), readConstraint(text, SCOPE)];
  const end = text.trimEnd().length;
  for (const reading of readings) {
    if ('expr' in reading) continue;
    assert.ok(reading.problems.length > 0, text);
    let last = 1;
    for (const problem of reading.problems) {
      const { column, length, message } = problem;
      assert.ok(column >= last && length >= 1 && message !== '', text);
      const atEnd = length === 1 && column - 1 <= end;
      assert.ok(atEnd || column - 1 + length <= text.length, `${text}\n${JSON.stringify(problem)}`);
      assert.match(pointAt(text, problem), /^[^\n]*\n\s*\^+ [^\n]+$/);
      last = column;
    }
  }
  return 'expr' in readings[0];
}

test('what is written down is what is read', () => {
  const throws = dice(11);
  for (let times = 0; times < 3000; times += 1) {
    const expr = someCondition(throws, throws.below(5));
    const text = written(expr);
    if (text.length > 10_000) continue;
    assert.deepEqual(readRule(text, SCOPE), { expr }, text);
    for (const name of paramsOf(expr)) assert.match(text, new RegExp(`\\b${name}\\b`));
  }
});

test('a soup of tokens is read or told what is wrong', () => {
  const throws = dice(12);
  const tokens = [
    ..."( ) ( ) [ ] , . = + - * / ! && | @ ' \u{1F600} 0 1 14 2.5 1e9 1e999 .5 3x window nothing __proto__".split(' '),
    ...'and or not hour min highest cross_above exists rsi rsi( rsi() atr(14) macd() .signal .rsi \n \t'.split(' '),
    ...COMPARE,
    ...PARAMS,
    ...SOURCES,
  ];
  let read = 0;
  for (let times = 0; times < 20_000; times += 1) {
    const soup = Array.from({ length: throws.below(12) }, () => throws.pick(tokens));
    read += Number(mustBeTold(soup.join(throws.pick(['', ' ']))));
  }
  assert.ok(read > 5, `${read} were rules`);
});

test('a rule with letters and pieces changed is read or told what is wrong', () => {
  const throws = dice(13);
  const { below, pick } = throws;
  let read = 0;
  for (let times = 0; times < 5000; times += 1) {
    let text = written(someCondition(throws, below(4))).slice(0, 10_001);
    for (let changes = 1 + below(3); changes > 0; changes -= 1) {
      const [from, length, to] = [below(text.length), below(6), below(text.length)];
      const piece = text.slice(to, to + below(8));
      text =
        text.slice(0, from) + pick(['', '', piece, pick('()[].,=<>!+-*/ a0\n'.split(''))]) + text.slice(from + length);
    }
    read += Number(mustBeTold(text));
  }
  assert.ok(read > 50 && read < 4950, `${read} were rules`);
});
