// Numbers of a rule: one value for a combination of parameters, computed from the positions on the axes.

import type { Digits, GridAxis } from '../axis.ts';
import { ARITHMETIC } from '../rules/arithmetic.ts';
import type { CompareOp, ConditionExpr, NumberExpr } from '../rules/expression.ts';

export interface NumberNode {
  readonly axes: readonly number[];
  readonly at: (digits: Digits) => number;
}

export interface TestNode {
  readonly axes: readonly number[];
  /** Null: a number it compares is NaN. */
  readonly at: (digits: Digits) => boolean | null;
}

/** Where an axis stands in the grid, and all of its values. */
export function axisNamed(axes: readonly GridAxis[], name: string): { at: number; axis: GridAxis } {
  const at = axes.findIndex(({ key }) => key === name);
  if (at < 0) throw new RangeError(`there is no axis ${name}`);
  return { at, axis: axes[at] };
}

const columns = new WeakMap<GridAxis, Float64Array>();

/** Returns the values of an axis as numbers, made once: a rule may name a parameter a thousand times. */
function numbersOf(axis: GridAxis): Float64Array {
  const made = columns.get(axis) ?? new Float64Array(axis.values.length);
  if (!columns.has(axis)) axis.values.forEach((value, at) => (made[at] = Number(value)));
  columns.set(axis, made);
  return made;
}

export function numberNode(expr: NumberExpr, axes: readonly GridAxis[]): NumberNode {
  switch (expr.kind) {
    case 'number': {
      const { value } = expr;
      return { axes: [], at: () => value };
    }
    case 'param': {
      const { at, axis } = axisNamed(axes, expr.name);
      const values = numbersOf(axis);
      return { axes: values.length > 1 ? [at] : [], at: (digits) => values[digits[at]] };
    }
    case 'number_abs': {
      const of = numberNode(expr.of, axes);
      return { axes: of.axes, at: (digits) => Math.abs(of.at(digits)) };
    }
    case 'number_op': {
      const left = numberNode(expr.left, axes);
      const right = numberNode(expr.right, axes);
      const apply = ARITHMETIC[expr.op];
      return { axes: unionOf(left.axes, right.axes), at: (digits) => apply(left.at(digits), right.at(digits)) };
    }
  }
}

/** A condition over numbers alone, as constraints are. */
export function testNode(expr: ConditionExpr, axes: readonly GridAxis[]): TestNode {
  switch (expr.kind) {
    case 'compare_numbers': {
      const left = numberNode(expr.left, axes);
      const right = numberNode(expr.right, axes);
      const compare = COMPARE[expr.op];
      return {
        axes: unionOf(left.axes, right.axes),
        at(digits) {
          const [a, b] = [left.at(digits), right.at(digits)];
          return Number.isNaN(a) || Number.isNaN(b) ? null : compare(a, b);
        },
      };
    }
    case 'and':
    case 'or': {
      const left = testNode(expr.left, axes);
      const right = testNode(expr.right, axes);
      const both = expr.kind === 'and';
      return {
        axes: unionOf(left.axes, right.axes),
        at(digits) {
          const [a, b] = [left.at(digits), right.at(digits)];
          if (a === null || b === null) return null;
          return both ? a && b : a || b;
        },
      };
    }
    case 'not': {
      const of = testNode(expr.of, axes);
      return {
        axes: of.axes,
        at(digits) {
          const value = of.at(digits);
          return value === null ? null : !value;
        },
      };
    }
    case 'compare':
    case 'cross':
    case 'exists':
    case 'holds':
    case 'choose_condition':
      throw new RangeError(`${expr.kind} is not a condition over numbers`);
  }
}

const COMPARE: Readonly<Record<CompareOp, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

/** Ascending, without repetition. */
export function unionOf(...lists: readonly (readonly number[])[]): readonly number[] {
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}
