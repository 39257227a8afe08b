// The same rules for whoever reads the bits of many variants: each side is what two bitsets have in common, and needs no
// third one. Variants that differ on the innermost axis only share the first. A summary says which words of a bitset are
// not 0: where a condition is rare, most words of what it has in common with others are never looked at.

import type { GridAxis } from '../axis.ts';
import { emptyCandles } from '../bars/candles.ts';
import { HEAP } from '../columns/arena.ts';
import { wordsOf } from '../columns/bits.ts';
import { openMemory, type Demand, type Memory } from '../columns/memo.ts';
import type { Strategy } from '../grid/strategy.ts';
import type { ConditionExpr, Rules } from '../rules/expression.ts';
import {
  andNodes,
  innermostAxis,
  openConditions,
  conjuncts,
  type BitsNode,
  type Conditions,
  type BarRange,
  type Shared,
} from './graph.ts';

export interface Factors {
  readonly long: Side;
  readonly short: Side;
  readonly exitLong: BitsNode | null;
  readonly exitShort: BitsNode | null;
}

/** True where both are. */
interface Side {
  readonly outer: BitsNode;
  readonly inner: BitsNode;
  /** A bit for each word that is not 0. */
  readonly outerSummary: BitsNode;
  readonly innerSummary: BitsNode;
  /** The innermost axis that `outer` depends on, and that of `inner`; -1 for none. */
  readonly outerAxis: number;
  readonly innerAxis: number;
}

export interface Budget extends Required<Shared> {
  /** What others will make in the arena. */
  readonly callerBytes: number;
}

/** A rule that there is not is false everywhere. Reserves the arena. */
export function openFactors(
  rules: Rules,
  axes: readonly GridAxis[],
  timeline: BarRange,
  { bytes, arena, callerBytes }: Budget,
): Factors {
  const memory = openMemory(axes);
  const factors = buildFactors(rules, openConditions(axes, timeline, memory, arena), memory);
  const bars = timeline.candles.time.length;
  memory.divide(bytes, bars);
  arena.reserve(memory.mostBytes(bars) + callerBytes);
  return factors;
}

const NO_BARS: BarRange = { candles: emptyCandles(0), first: 0, end: 0 };

/** What factors would like to keep, and what they need at least. */
export function factorsDemand({ rules, axes }: Strategy): Demand {
  const memory = openMemory(axes);
  buildFactors(rules, openConditions(axes, NO_BARS, memory, HEAP), memory);
  return memory.demand();
}

function buildFactors(rules: Rules, graph: Conditions, memory: Memory): Factors {
  const summaries = new Map<BitsNode, BitsNode>();
  const summaryOf = (node: BitsNode): BitsNode => {
    const known = summaries.get(node) ?? summaryNode(node, graph, memory);
    summaries.set(node, known);
    return known;
  };
  const side = (rule: ConditionExpr | null): Side => {
    const nodes = rule === null ? [graph.none] : conjuncts(rule, graph);
    const [first, ...others] = nodes;
    const inner = others.pop() ?? first;
    const outer = others.reduce((a, b) => andNodes(a, b, graph), first);
    return {
      outer,
      inner,
      outerSummary: summaryOf(outer),
      innerSummary: summaryOf(inner),
      outerAxis: innermostAxis(outer),
      innerAxis: innermostAxis(inner),
    };
  };
  return {
    long: side(rules.long),
    short: side(rules.short),
    exitLong: rules.exit_long === null ? null : graph.truth(rules.exit_long),
    exitShort: rules.exit_short === null ? null : graph.truth(rules.exit_short),
  };
}

function summaryNode(node: BitsNode, { bars }: Conditions, { remember }: Memory): BitsNode {
  return remember({
    axes: node.axes,
    width: 1 / 256,
    open: () => new Uint32Array(wordsOf(wordsOf(bars))),
    fill(digits, out) {
      const bits = node.at(digits);
      out.fill(0);
      for (let word = 0; word < bits.length; word += 1) out[word >>> 5] |= Number(bits[word] !== 0) << (word & 31);
    },
  });
}
