// From a base index to the strategy's signal at every target close. The rules of the strategy give bitsets, which variants
// share; here they become the columns that a simulation reads.

import { bytesOf, signalOf } from '../columns/bits.ts';
import { digitsAt } from '../grid/grid.ts';
import type { Prepared } from '../prepare.ts';
import type { Exits } from '../simulate/setting.ts';
import { openGraph, type Shared } from './graph.ts';

export interface Signals {
  /** 1 LONG, -1 SHORT, 0 NEUTRAL: neither, or both at once. */
  readonly signal: Int8Array;
  /** Null: the strategy has no exit rule. */
  readonly exits: Exits | null;
}

/**
 * The signals of base variants, by index; null for an index that is no variant. They are valid until the next is asked
 * for.
 */
export function openSignals({ grid, timeline }: Prepared, shared: Shared): (index: number) => Signals | null {
  const bars = timeline.end - timeline.first;
  const { rules } = grid.strategy;
  const graph = openGraph(rules, grid.axes, timeline, shared);
  const digits = new Int32Array(grid.axes.length);
  const signal = new Int8Array(bars);
  const long = rules.exit_long === null ? null : new Uint8Array(bars);
  const short = rules.exit_short === null ? null : new Uint8Array(bars);
  const signals = { signal, exits: long === null && short === null ? null : { long, short } };
  return (index) => {
    if (!digitsAt(grid, index, digits)) return null;
    const bits = graph(digits);
    signalOf(bits.long, bits.short, signal);
    if (long !== null && bits.exitLong !== null) bytesOf(bits.exitLong, long);
    if (short !== null && bits.exitShort !== null) bytesOf(bits.exitShort, short);
    return signals;
  };
}
