// The scorer reads the rules of a strategy as factors: a side of the signal is the conjunction of two bitsets, which is
// never written as a third one. Variants that differ only on the innermost axis share the outer bitset. A summary holds
// one bit for each word of a bitset, 1 where the word is not 0; where a condition is rare, the scorer skips most words.

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

/** The conditions of a strategy; an exit rule is null where the strategy has none. */
export interface Factors {
  readonly long: Side;
  readonly short: Side;
  readonly exitLong: BitsNode | null;
  readonly exitShort: BitsNode | null;
}

/** One side of the signal, true where both `outer` and `inner` are. */
interface Side {
  readonly outer: BitsNode;
  readonly inner: BitsNode;
  /** Summary of `outer`: a bit for each of its words, 1 where the word is not 0. */
  readonly outerSummary: BitsNode;
  /** Summary of `inner`. */
  readonly innerSummary: BitsNode;
  /** Innermost axis that `outer` depends on; -1 if it depends on none. */
  readonly outerAxis: number;
  /** Innermost axis that `inner` depends on; -1 if it depends on none. */
  readonly innerAxis: number;
}

/** The memory for factors and for the columns of their caller. */
export interface Budget extends Required<Shared> {
  /** Bytes that the caller will allocate in the arena for its own columns. */
  readonly callerBytes: number;
}

/** Opens the factors of a strategy; a missing rule is false on every bar. Reserves the arena. */
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

/** Computes the memory that factors can use, and the part that they always need. */
export function factorsDemand({ rules, axes }: Strategy): Demand {
  const memory = openMemory(axes);
  buildFactors(rules, openConditions(axes, NO_BARS, memory, HEAP), memory);
  return memory.demand();
}

function buildFactors(rules: Rules, graph: Conditions, memory: Memory): Factors {
  const summaries = new Map<BitsNode, BitsNode>();
  const summaryOf = (node: BitsNode): BitsNode => {
    const summary = summaries.get(node) ?? summaryNode(node, graph, memory);
    summaries.set(node, summary);
    return summary;
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

/** Makes the node of the summary of a bitset. */
function summaryNode(node: BitsNode, { bars }: Conditions, { remember }: Memory): BitsNode {
  return remember({
    axes: node.axes,
    width: 1 / 256, // a bit for a word, which holds 32 bars
    open: () => new Uint32Array(wordsOf(wordsOf(bars))),
    fill(digits, out) {
      const bits = node.at(digits);
      out.fill(0);
      for (let word = 0; word < bits.length; word += 1) out[word >>> 5] |= Number(bits[word] !== 0) << (word & 31);
    },
  });
}
