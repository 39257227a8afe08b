import assert from 'node:assert/strict';
import { test } from 'node:test';
import { absolute, combined } from './arithmetic.ts';
import type { NumberExpr, SeriesExpr } from './expression.ts';

const number = (value: number): NumberExpr => ({ kind: 'number', value });
const fast: NumberExpr = { kind: 'param', name: 'fast' };
const close: SeriesExpr = { kind: 'column', column: 'close' };

test('literals are computed at once', () => {
  const value = (op: '+' | '-' | '*' | '/' | 'min' | 'max', a: number, b: number) => combined(op, number(a), number(b));
  assert.deepEqual(value('+', 7, 2), number(9));
  assert.deepEqual(value('-', 7, 2), number(5));
  assert.deepEqual(value('*', 7, 2), number(14));
  assert.deepEqual(value('/', 7, 2), number(3.5));
  assert.deepEqual(value('/', 7, 0), number(NaN));
  assert.deepEqual(value('min', 7, 2), number(2));
  assert.deepEqual(value('max', 7, 2), number(7));
  assert.deepEqual(absolute(number(-3)), number(3));
});

test('parameters wait for their values, and next to a series a number becomes one', () => {
  assert.deepEqual(combined('*', fast, number(2)), { kind: 'number_op', op: '*', left: fast, right: number(2) });
  assert.deepEqual(absolute(fast), { kind: 'number_abs', of: fast });
  const constant = { kind: 'constant', of: fast };
  assert.deepEqual(combined('-', close, fast), { kind: 'series_op', op: '-', left: close, right: constant });
  assert.deepEqual(combined('-', fast, close), { kind: 'series_op', op: '-', left: constant, right: close });
  assert.deepEqual(absolute(close), { kind: 'series_abs', of: close });
});
