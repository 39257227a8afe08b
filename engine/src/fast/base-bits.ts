// The bits of one base at a time: the two sides of its signal and its exit rules, read again only where an axis has moved.

import type { Digits } from '../axis.ts';
import { openWalk } from '../grid/grid.ts';
import type { Prepared } from '../prepare.ts';
import { openFactors, type Budget, type Factors } from '../signals/factors.ts';
import type { Direction } from '../spec.ts';
import { isRuled } from './demand.ts';
import type { ExitBits } from './exit-rules.ts';
import type { Signal } from './runs.ts';
import type { BitPair } from './scan.ts';

/** Opens the bits of one base at a time. */
export function openBaseBits({ grid, timeline }: Prepared, direction: Direction, budget: Budget) {
  const { rules } = grid.strategy;
  const bars = timeline.end - timeline.first;
  const { long, short, exitLong, exitShort } = openFactors(rules, grid.axes, timeline, budget);
  const walk = openWalk(grid);
  const readsSummaries = isRuled(grid, direction) || budget.arena.kernels() === null; // kernels do without summaries
  const [longSide, shortSide] = [openSide(long, readsSummaries), openSide(short, readsSummaries)];
  const signal: Signal = {
    long: longSide.bits,
    short: shortSide.bits,
    direction,
    hasShortRule: rules.short !== null,
    bars,
  };
  const exits: ExitBits = { long: null, short: null };
  let moved = -1; // the outermost axis on which the position has changed since the last refresh
  return {
    signal,
    exits,
    /** Reads the bits of a base. Returns false if the index is no variant. */
    moveTo(index: number): boolean {
      const isVariant = walk.to(index);
      moved = Math.min(moved, walk.moved());
      if (!isVariant) return false;
      longSide.refresh(walk.digits, moved);
      shortSide.refresh(walk.digits, moved);
      moved = Infinity;
      exits.long = exitLong?.at(walk.digits) ?? null;
      exits.short = exitShort?.at(walk.digits) ?? null;
      return true;
    },
  };
}

function openSide(side: Factors['long'], readsSummaries: boolean) {
  const none = new Uint32Array(0);
  const bits: BitPair = { outer: none, inner: none, outerSummary: none, innerSummary: none };
  return {
    bits,
    /**
     * Reads the bits again that depend on the axis `moved`, the outermost that has changed, or on an axis inside it.
     */
    refresh(digits: Digits, moved: number): void {
      if (moved <= side.outerAxis) {
        bits.outer = side.outer.at(digits);
        if (readsSummaries) bits.outerSummary = side.outerSummary.at(digits);
      }
      if (moved <= side.innerAxis) {
        bits.inner = side.inner.at(digits);
        if (readsSummaries) bits.innerSummary = side.innerSummary.at(digits);
      }
    },
  };
}
