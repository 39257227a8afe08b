// How much history a grid needs before its first target bar: every indicator, window and lag of its rules, in every
// variant, has its value there. Read off the rows of the catalogue, so it is known without candles.

import type { AxisValue, Digits, GridAxis } from '../axis.ts';
import { paramProblem } from '../indicators/catalogue.ts';
import type { ConditionExpr, IndicatorExpr, Rules, SeriesExpr } from '../rules/expression.ts';
import { seriesText } from '../rules/text.ts';
import { makesSense, type Grid } from './grid.ts';
import { axisNamed, numberNode, unionOf, type NumberNode } from './numbers.ts';

/**
 * `value`: bars before the first one with a value. `settled`: bars until a recursive average has forgotten where the
 * candles began too.
 */
export type LookBackKind = 'value' | 'settled';

/** The longest history that a grid needs. */
export interface LookBack {
  readonly bars: number;
  /** What needs it, with the values of the variant, like `sma(close, 400)`. */
  readonly of: string;
}

/** Combinations of parameters that are tried one by one; of more, only those at the ends of each axis. */
const MOST_TRIED = 200_000;
/** Axes of which every combination of ends is tried. */
const MOST_ENDS = 12;

/** The bars that a variant needs before the first target bar, at most; null where the rules read no history. */
export function longestLookBack(grid: Grid, kind: LookBackKind): LookBack | null {
  let longest: LookBack | null = null;
  for (const { series, before } of operandsOf(grid.strategy.rules)) {
    const need = needOf(series, grid.axes, kind);
    const { bars, digits } = mostOf(need, grid);
    if (bars + before <= (longest?.bars ?? 0)) continue;
    const valueOf = (key: string): AxisValue => valueAt(grid.axes, key, digits);
    longest = { bars: bars + before, of: seriesText(series, valueOf) };
  }
  return longest;
}

/** Returns what counts the bars that a variant needs before the first target bar. */
export function lookBackOf({ strategy, axes }: Grid, kind: LookBackKind): (digits: Digits) => number {
  const needs = operandsOf(strategy.rules).map(({ series, before }) => ({ need: needOf(series, axes, kind), before }));
  return (digits) => needs.reduce((most, { need, before }) => Math.max(most, need.at(digits) + before), 0);
}

function valueAt(axes: readonly GridAxis[], key: string, digits: Digits): AxisValue {
  const { at, axis } = axisNamed(axes, key);
  return axis.values[digits[at]];
}

interface OperandSeries {
  readonly series: SeriesExpr;
  /** 1 where the bar before is read as well. */
  readonly before: 0 | 1;
}

function operandsOf(rules: Rules): readonly OperandSeries[] {
  return [rules.long, rules.short, rules.exit_long, rules.exit_short].flatMap((rule) =>
    rule === null ? [] : readBy(rule),
  );
}

/** The series that a condition reads. */
function readBy(expr: ConditionExpr): readonly OperandSeries[] {
  switch (expr.kind) {
    case 'compare':
    case 'cross': {
      const before = expr.kind === 'cross' ? 1 : 0;
      return [expr.left, expr.right].map((series) => ({ series, before }));
    }
    case 'compare_numbers':
      return [];
    case 'and':
    case 'or':
      return [...readBy(expr.left), ...readBy(expr.right)];
    case 'not':
    case 'holds':
      return readBy(expr.of);
    case 'exists':
      return [{ series: expr.of, before: 0 }];
    case 'choose_condition':
      return Object.values(expr.cases).flatMap(readBy);
  }
}

const NOTHING: NumberNode = { axes: [], at: () => 0 };

function needOf(expr: SeriesExpr, axes: readonly GridAxis[], kind: LookBackKind): NumberNode {
  const of = (inner: SeriesExpr): NumberNode => needOf(inner, axes, kind);
  switch (expr.kind) {
    case 'column':
    case 'clock':
    case 'constant':
      return NOTHING;
    case 'indicator':
      return sumOf(indicatorNeed(expr, axes, kind), expr.input === null ? NOTHING : of(expr.input));
    case 'lag':
      return sumOf(of(expr.of), barsOf(numberNode(expr.bars, axes), 0));
    case 'extreme':
      return sumOf(of(expr.of), barsOf(numberNode(expr.window, axes), 1));
    case 'series_abs':
      return of(expr.of);
    case 'series_op':
      return mostOfBoth(of(expr.left), of(expr.right));
    case 'choose_series':
      return Object.values(expr.cases).map(of).reduce(mostOfBoth, NOTHING);
  }
}

function indicatorNeed({ indicator, params, output }: IndicatorExpr, axes: readonly GridAxis[], kind: LookBackKind) {
  const position = indicator.outputs.indexOf(output);
  const idle = indicator.unaffected[output] ?? [];
  // A parameter that cannot move the output may have any value.
  const nodes = params.map((param, at) =>
    idle.includes(indicator.params[at].name)
      ? { axes: [], at: () => indicator.params[at].default }
      : numberNode(param, axes),
  );
  return {
    axes: unionOf(...nodes.map((node) => node.axes)),
    at(digits: Digits): number {
      const values = nodes.map((node) => node.at(digits));
      if (values.some((value, at) => paramProblem(indicator.params[at], value) !== null)) return 0; // no variant
      const first = indicator.firstValid(values)[position] ?? 0;
      return kind === 'value' ? first : first + indicator.settles(values)[position];
    },
  };
}

function sumOf(a: NumberNode, b: NumberNode): NumberNode {
  return { axes: unionOf(a.axes, b.axes), at: (digits) => a.at(digits) + b.at(digits) };
}

function mostOfBoth(a: NumberNode, b: NumberNode): NumberNode {
  return { axes: unionOf(a.axes, b.axes), at: (digits) => Math.max(a.at(digits), b.at(digits)) };
}

/** So many bars back from the first one; a number that is none belongs to no variant. */
function barsOf(node: NumberNode, first: number): NumberNode {
  return {
    axes: node.axes,
    at(digits) {
      const bars = node.at(digits) - first;
      return Number.isInteger(bars) && bars > 0 ? bars : 0;
    },
  };
}

/** Finds the most bars over all variants, and a variant that needs them. */
function mostOf(need: NumberNode, grid: Grid): { readonly bars: number; readonly digits: Digits } {
  const { axes, groups } = grid;
  const judged = groups.filter((group) => group.axes.some((axis) => need.axes.includes(axis)));
  const all = unionOf(need.axes, ...judged.map((group) => group.axes));
  const fits = countOf(all, axes) <= MOST_TRIED;
  const own = fits ? all : need.axes;
  const steps = countOf(own, axes) <= MOST_TRIED ? own.map((axis) => axes[axis].values.map((_, at) => at)) : null;
  const digits = new Int32Array(axes.length);
  let best = { bars: 0, digits: digits.slice() };
  const visit = (position: number): void => {
    if (position === own.length) {
      if (fits && !makesSense(judged, axes, digits)) return;
      const bars = need.at(digits);
      if (bars > best.bars) best = { bars, digits: digits.slice() };
      return;
    }
    for (const digit of steps?.[position] ?? endsOf(axes[own[position]], own.length)) {
      digits[own[position]] = digit;
      visit(position + 1);
    }
  };
  visit(0);
  return best;
}

function countOf(own: readonly number[], axes: readonly GridAxis[]): number {
  return own.reduce((count, axis) => count * axes[axis].values.length, 1);
}

/** Where an axis is lowest and highest: what an indicator needs grows with each of its parameters. */
function endsOf({ values }: GridAxis, axes: number): readonly number[] {
  let [lowest, highest] = [0, 0];
  values.forEach((value, at) => {
    if (Number(value) < Number(values[lowest])) lowest = at;
    if (Number(value) > Number(values[highest])) highest = at;
  });
  return axes > MOST_ENDS || lowest === highest ? [highest] : [lowest, highest];
}
