// The series of a rule are columns over all bars, warm-up included. Equal expressions share one node, so an indicator
// is computed once for each combination of the parameters it depends on, however many rules read it.

import type { Digits, GridAxis } from '../axis.ts';
import { sourceSeries, type Candles } from '../bars/candles.ts';
import type { Arena } from '../columns/arena.ts';
import { getOrMake, type Memory, type Node } from '../columns/memo.ts';
import { axisNamed, numberNode, unionOf } from '../grid/numbers.ts';
import { highest, lowest } from '../indicators/extremes.ts';
import type { ArithmeticOp, Expr, IndicatorExpr, SeriesExpr } from '../rules/expression.ts';
import { HOUR_MS } from '../spec.ts';

type Column = Float64Array;
export type SeriesNode = Node<Column>;

export interface SeriesGraph {
  readonly nodeOf: (expr: SeriesExpr) => SeriesNode;
}

/** What nodes of series are made with. */
interface SeriesContext extends SeriesGraph {
  readonly candles: Candles;
  readonly axes: readonly GridAxis[];
  /** Returns the node of all outputs of an indicator; one kernel call computes them together. */
  readonly outputsOf: (expr: IndicatorExpr) => Node<readonly Column[]>;
  /** Allocates a column. */
  readonly open: () => Column;
  readonly remember: Memory['remember'];
}

type Fill = (digits: Digits, out: Column) => void;

/** Opens the nodes of series over candles. */
export function openSeries(
  candles: Candles,
  axes: readonly GridAxis[],
  { remember }: Memory,
  arena: Arena,
): SeriesGraph {
  const nodes = new Map<string, SeriesNode>();
  const calls = new Map<string, Node<readonly Column[]>>();
  const context: SeriesContext = {
    candles,
    axes,
    remember,
    open: () => arena.floats(candles.time.length),
    nodeOf: (expr) => getOrMake(nodes, keyOf(expr), () => seriesNode(expr, context)),
    outputsOf: (expr) => getOrMake(calls, keyOf({ ...expr, output: '' }), () => callNode(expr, context)),
  };
  return context;
}

function seriesNode(expr: SeriesExpr, context: SeriesContext): SeriesNode {
  const { candles, axes, nodeOf, open, remember } = context;
  switch (expr.kind) {
    case 'column':
      return column([], (_, out) => out.set(sourceSeries(candles, expr.column)), context);
    case 'clock':
      return column([], (_, out) => out.set(candles.time.map(expr.unit === 'hour' ? hourOf : dayOfWeek)), context);
    case 'constant': {
      const number = numberNode(expr.of, axes);
      const fill: Fill = (digits, out) => out.fill(number.at(digits));
      return remember({ axes: number.axes, width: 8, open, fill, keep: false }); // writing it again is cheaper
    }
    case 'indicator': {
      const outputs = context.outputsOf(expr);
      const position = expr.indicator.outputs.indexOf(expr.output);
      return { axes: outputs.axes, at: (digits) => outputs.at(digits)[position] };
    }
    case 'lag': {
      const [operand, back] = [nodeOf(expr.of), numberNode(expr.bars, axes)];
      return column([operand, back], (digits, out) => lag(operand.at(digits), back.at(digits), out), context);
    }
    case 'series_abs': {
      const operand = nodeOf(expr.of);
      return column([operand], (digits, out) => absolute(operand.at(digits), out), context);
    }
    case 'series_op': {
      const [left, right] = [nodeOf(expr.left), nodeOf(expr.right)];
      const apply = OPERATIONS[expr.op];
      return column([left, right], (digits, out) => apply(left.at(digits), right.at(digits), out), context);
    }
    case 'extreme': {
      const [operand, window] = [nodeOf(expr.of), numberNode(expr.window, axes)];
      const kernel = expr.op === 'highest' ? highest : lowest;
      return column([operand, window], (digits, out) => kernel(operand.at(digits), window.at(digits), out), context);
    }
    case 'choose_series': {
      const { at, axis } = axisNamed(axes, expr.axis);
      const cases = axis.values.map((value) => nodeOf(expr.cases[value]));
      const own = axis.values.length > 1 ? [at] : [];
      return { axes: unionOf(own, ...cases.map((node) => node.axes)), at: (digits) => cases[digits[at]].at(digits) };
    }
  }
}

function callNode({ indicator, input, params }: IndicatorExpr, context: SeriesContext): Node<readonly Column[]> {
  const source = input === null ? [] : [context.nodeOf(input)];
  const reads = indicator.reads.map((name) => context.nodeOf({ kind: 'column', column: name }));
  const inputs = [...source, ...reads];
  const numbers = params.map((param) => numberNode(param, context.axes));
  return context.remember<readonly Column[]>({
    axes: unionOf(...[...inputs, ...numbers].map(({ axes }) => axes)),
    width: 8 * indicator.outputs.length,
    open: () => indicator.outputs.map(context.open),
    fill(digits, outputs) {
      const columns = inputs.map((node) => node.at(digits));
      const values = numbers.map((node) => node.at(digits));
      indicator.kernel(columns, values, outputs);
    },
  });
}

/** Makes a node over the axes of its parts. */
function column(parts: readonly { readonly axes: readonly number[] }[], fill: Fill, { remember, open }: SeriesContext) {
  return remember({ axes: unionOf(...parts.map(({ axes }) => axes)), width: 8, open, fill });
}

/** Returns a key that equal expressions share. */
export function keyOf(expr: Expr): string {
  return JSON.stringify(expr, rowById);
}

function rowById(name: string, value: unknown): unknown {
  return name === 'indicator' && typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
}

/** Times before 1970 are negative, and so is their remainder. */
export function hourOf(time: number): number {
  return modulo(Math.floor(time / HOUR_MS), 24);
}

/** Returns 0 for Monday to 6 for Sunday; the epoch began on a Thursday. */
export function dayOfWeek(time: number): number {
  return modulo(Math.floor(time / (24 * HOUR_MS)) + 3, 7);
}

/** Returns the remainder that is not negative. */
function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

function lag(x: Column, back: number, out: Column): void {
  const missing = Math.min(back, x.length);
  out.fill(NaN, 0, missing);
  out.set(x.subarray(0, x.length - missing), missing);
}

function absolute(x: Column, out: Column): void {
  for (let bar = 0; bar < x.length; bar += 1) out[bar] = Math.abs(x[bar]);
}

type Operation = (a: Column, b: Column, out: Column) => void;

/** A loop for each operation, because a call for every bar would cost more than the operation. */
const OPERATIONS: Readonly<Record<ArithmeticOp, Operation>> = {
  '+': (a, b, out) => {
    for (let bar = 0; bar < out.length; bar += 1) out[bar] = a[bar] + b[bar];
  },
  '-': (a, b, out) => {
    for (let bar = 0; bar < out.length; bar += 1) out[bar] = a[bar] - b[bar];
  },
  '*': (a, b, out) => {
    for (let bar = 0; bar < out.length; bar += 1) out[bar] = a[bar] * b[bar];
  },
  '/': (a, b, out) => {
    for (let bar = 0; bar < out.length; bar += 1) out[bar] = b[bar] === 0 ? NaN : a[bar] / b[bar];
  },
  min: (a, b, out) => {
    for (let bar = 0; bar < out.length; bar += 1) out[bar] = Math.min(a[bar], b[bar]);
  },
  max: (a, b, out) => {
    for (let bar = 0; bar < out.length; bar += 1) out[bar] = Math.max(a[bar], b[bar]);
  },
};
