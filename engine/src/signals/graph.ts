// The rules of a strategy form a graph. Each condition is a bitset over the target slice, computed once for each
// combination of the parameters it depends on, and variants combine bitsets by word operations. A condition has two
// bitsets: where it is true, and where it is defined (no value it reads is NaN). True implies defined, so the second
// one is computed only where `or` and `not` need it.

import type { Digits, GridAxis } from '../axis.ts';
import type { Timeline } from '../bars/timeline.ts';
import { HEAP, type Arena } from '../columns/arena.ts';
import {
  allBits,
  and,
  andNot,
  crossAbove,
  equal,
  less,
  lessOrEqual,
  notNaN,
  orWhere,
  wordsOf,
  type Bits,
} from '../columns/bits.ts';
import { getOrMake, openMemory, type Memory, type Node } from '../columns/memo.ts';
import { axisNamed, testNode, unionOf } from '../grid/numbers.ts';
import type { CompareOp, ConditionExpr, Rules, SeriesExpr } from '../rules/expression.ts';
import { keyOf, openSeries, type SeriesGraph, type SeriesNode } from './series-nodes.ts';

export type BitsNode = Node<Bits>;

/**
 * The bars on which a variant is LONG, is SHORT, and meets its exit rules; null where the strategy has no such rule.
 */
export interface SignalBits {
  readonly long: Bits;
  readonly short: Bits;
  readonly exitLong: Bits | null;
  readonly exitShort: Bits | null;
}

/** A function from the position on each axis to the bits of that variant. */
export type Graph = (digits: Digits) => SignalBits;

/** The memory for values that variants share. */
export interface Shared {
  /** Budget for kept values; values that do not fit are computed again. */
  readonly bytes: number;
  /** Arena of this graph alone, which reserves it; the heap by default. */
  readonly arena?: Arena;
}

/** Opens the graph of a strategy; a missing rule is false on every bar. Reserves the arena. */
export function openGraph(
  rules: Rules,
  axes: readonly GridAxis[],
  timeline: BarRange,
  { bytes, arena = HEAP }: Shared,
): Graph {
  const memory = openMemory(axes);
  const graph = buildGraph(rules, openConditions(axes, timeline, memory, arena));
  const bars = timeline.candles.time.length;
  memory.divide(bytes, bars);
  arena.reserve(memory.mostBytes(bars));
  return graph;
}

/** Candles, and the range of them over which conditions are evaluated. */
export type BarRange = Pick<Timeline, 'candles' | 'first' | 'end'>;

function buildGraph(rules: Rules, { truth, none }: Conditions): Graph {
  const side = (rule: ConditionExpr | null): BitsNode | null => (rule === null ? null : truth(rule));
  const long = side(rules.long) ?? none;
  const short = side(rules.short) ?? none;
  const exitLong = side(rules.exit_long);
  const exitShort = side(rules.exit_short);
  return (digits) => ({
    long: long.at(digits),
    short: short.at(digits),
    exitLong: exitLong?.at(digits) ?? null,
    exitShort: exitShort?.at(digits) ?? null,
  });
}

/** The nodes of conditions, each made once for equal expressions. */
export interface Conditions {
  readonly axes: readonly GridAxis[];
  readonly series: SeriesGraph;
  /** Returns the node of the bars on which the condition is defined and true. */
  readonly truth: (expr: ConditionExpr) => BitsNode;
  /** Returns the node of the bars on which no value that the condition reads is NaN. */
  readonly defined: (expr: ConditionExpr) => BitsNode;
  /** Returns the node of the bars on which a series has a number, and on the bar before too if `back` is 1. */
  readonly present: (expr: SeriesExpr, back: 0 | 1) => BitsNode;
  /** Makes a node that computes its bits with `fill`. */
  readonly column: (axes: readonly number[], fill: (digits: Digits, out: Bits) => void) => BitsNode;
  /** Bits that are 1 on every bar. */
  readonly all: BitsNode;
  /** Bits that are 0 on every bar. */
  readonly none: BitsNode;
  /** Position of the first target bar in the candles. */
  readonly first: number;
  readonly bars: number;
}

/** Opens the nodes of conditions over one range of bars. */
export function openConditions(
  axes: readonly GridAxis[],
  timeline: BarRange,
  memory: Memory,
  arena: Arena,
): Conditions {
  const { first, end, candles } = timeline;
  const bars = end - first;
  const words = wordsOf(bars);
  const truths = new Map<string, BitsNode>();
  const definitions = new Map<string, BitsNode>();
  const presences = new Map<SeriesNode, BitsNode>();
  const presencesBefore = new Map<SeriesNode, BitsNode>();
  const column: Conditions['column'] = (own, fill) =>
    memory.remember({ axes: own, width: 1 / 8, open: () => arena.words(words), fill });
  const graph: Conditions = {
    axes,
    first,
    bars,
    series: openSeries(candles, axes, memory, arena),
    all: column([], (_, out) => out.set(allBits(bars))),
    none: column([], () => {}),
    column,
    truth: (expr) => getOrMake(truths, keyOf(expr), () => truthOf(expr, graph)),
    defined: (expr) => getOrMake(definitions, keyOf(expr), () => definedOf(expr, graph)),
    present(expr, back) {
      const node = graph.series.nodeOf(expr);
      return getOrMake(back === 0 ? presences : presencesBefore, node, () =>
        graph.column(node.axes, (digits, out) => notNaN(node.at(digits), graph, back, out)),
      );
    },
  };
  return graph;
}

function truthOf(expr: ConditionExpr, graph: Conditions): BitsNode {
  switch (expr.kind) {
    case 'compare':
      return compareOf(expr.op, expr.left, expr.right, graph);
    case 'compare_numbers': {
      const test = testNode(expr, graph.axes);
      return { axes: test.axes, at: (digits) => (test.at(digits) === true ? graph.all : graph.none).at(digits) };
    }
    case 'cross': {
      const [left, right] = expr.op === 'cross_above' ? [expr.left, expr.right] : [expr.right, expr.left];
      return compareSeries(left, right, crossAbove, graph);
    }
    case 'and': {
      const [first, ...others] = conjuncts(expr, graph);
      return others.reduce((a, b) => andNodes(a, b, graph), first);
    }
    case 'or':
      return combineNodes(
        [graph.truth(expr.left), graph.truth(expr.right), graph.defined(expr)],
        ([a, b, where], out) => orWhere(a, b, where, out),
        graph,
      );
    case 'not':
      return combineNodes([graph.defined(expr.of), graph.truth(expr.of)], ([a, b], out) => andNot(a, b, out), graph);
    case 'exists':
      return graph.present(expr.of, 0);
    case 'holds':
      return graph.truth(expr.of);
    case 'choose_condition':
      return chooseNode(expr.axis, expr.cases, graph.truth, graph);
  }
}

function definedOf(expr: ConditionExpr, graph: Conditions): BitsNode {
  switch (expr.kind) {
    case 'compare':
      return andUnlessAll(graph.present(expr.left, 0), graph.present(expr.right, 0), graph);
    case 'compare_numbers': {
      const test = testNode(expr, graph.axes);
      return { axes: test.axes, at: (digits) => (test.at(digits) === null ? graph.none : graph.all).at(digits) };
    }
    case 'cross':
      return andUnlessAll(graph.present(expr.left, 1), graph.present(expr.right, 1), graph);
    case 'and':
    case 'or':
      return andUnlessAll(graph.defined(expr.left), graph.defined(expr.right), graph);
    case 'not':
      return graph.defined(expr.of);
    case 'exists':
    case 'holds':
      return graph.all;
    case 'choose_condition':
      return chooseNode(expr.axis, expr.cases, graph.defined, graph);
  }
}

function compareOf(op: CompareOp, left: SeriesExpr, right: SeriesExpr, graph: Conditions): BitsNode {
  switch (op) {
    case '<':
      return compareSeries(left, right, less, graph);
    case '>':
      return compareSeries(right, left, less, graph);
    case '<=':
      return compareSeries(left, right, lessOrEqual, graph);
    case '>=':
      return compareSeries(right, left, lessOrEqual, graph);
    case '==':
      return compareSeries(left, right, equal, graph);
    case '!=': {
      const where = andUnlessAll(graph.present(left, 0), graph.present(right, 0), graph);
      return combineNodes([where, compareSeries(left, right, equal, graph)], ([a, b], out) => andNot(a, b, out), graph);
    }
  }
}

type Pack = typeof less;

/** Makes the node of a comparison of two series, bar by bar. */
function compareSeries(left: SeriesExpr, right: SeriesExpr, pack: Pack, graph: Conditions): BitsNode {
  const { series, column } = graph;
  const [a, b] = [series.nodeOf(left), series.nodeOf(right)];
  return column(unionOf(a.axes, b.axes), (digits, out) => pack(a.at(digits), b.at(digits), graph, out));
}

/**
 * Returns the conditions that `and` joins, those of the outermost axes first. The grid is walked with its last axis
 * fastest, so the conjunction of all but the innermost is computed once for many variants.
 */
export function conjuncts(expr: ConditionExpr, graph: Conditions): readonly BitsNode[] {
  return [...new Set(splitAnd(expr).map(graph.truth))].sort((a, b) => innermostAxis(a) - innermostAxis(b));
}

/** Splits an expression at its outer `and`s. */
function splitAnd(expr: ConditionExpr): readonly ConditionExpr[] {
  if (expr.kind === 'and') return [...splitAnd(expr.left), ...splitAnd(expr.right)];
  return expr.kind === 'holds' ? splitAnd(expr.of) : [expr];
}

/** Returns the innermost axis that a node depends on; -1 if it depends on none. */
export function innermostAxis({ axes }: BitsNode): number {
  return axes.at(-1) ?? -1;
}

/** Makes the node of a and b. */
export function andNodes(a: BitsNode, b: BitsNode, graph: Conditions): BitsNode {
  if (a === b) return a;
  return combineNodes([a, b], ([left, right], out) => and(left, right, out), graph);
}

/** Makes the node of a and b; returns the other one if one of them is 1 on every bar. */
function andUnlessAll(a: BitsNode, b: BitsNode, graph: Conditions): BitsNode {
  if (b === graph.all) return a;
  return a === graph.all ? b : andNodes(a, b, graph);
}

function combineNodes(
  nodes: readonly BitsNode[],
  combine: (bits: readonly Bits[], out: Bits) => void,
  graph: Conditions,
) {
  const axes = unionOf(...nodes.map((node) => node.axes));
  return graph.column(axes, (digits, out) =>
    combine(
      nodes.map((node) => node.at(digits)),
      out,
    ),
  );
}

/** Makes the node that reads, for each variant, the case named by its value on an axis. */
function chooseNode(
  name: string,
  cases: Readonly<Record<string, ConditionExpr>>,
  nodeOf: (expr: ConditionExpr) => BitsNode,
  { axes }: Conditions,
): BitsNode {
  const { at, axis } = axisNamed(axes, name);
  const nodes = axis.values.map((value) => nodeOf(cases[value]));
  const own = axis.values.length > 1 ? [at] : [];
  return { axes: unionOf(own, ...nodes.map((node) => node.axes)), at: (digits) => nodes[digits[at]].at(digits) };
}
