// Trades the variants of a grid one at a time, as `simulate` would, without looking at bars where nothing happens: a variant
// is a walk over the edges of two bitsets, its money a recurrence over its trades.

import type { Digits } from '../axis.ts';
import type { Arena } from '../columns/arena.ts';
import { wordsOf } from '../columns/bits.ts';
import { MEMO_BYTES } from '../columns/memo.ts';
import { openWalk, riskAt, type Grid } from '../grid/grid.ts';
import { targetOf, type Prepared } from '../prepare.ts';
import { openFactors, type Factors, type Budget } from '../signals/factors.ts';
import { NO_RISK, settingOf, type Risk, type Setting } from '../simulate/setting.ts';
import type { Direction } from '../spec.ts';
import { openBalance, putsAllIn, returnsOf, settle } from './balance.ts';
import { ENDS_BYTES, isRiskAlwaysOff, isRuled } from './demand.ts';
import { KINDS, levelsOf, openEnds, type EndsOfBase } from './ends.ts';
import { hop, type ExitBits } from './exit-rules.ts';
import { openFills } from './fills.ts';
import { openKernelRuns } from './kernel-runs.ts';
import { openMeasures } from './measures.ts';
import { findEdges, findRuns, openEdges, openRuns, type Runs, type Signal } from './runs.ts';
import { openScan, type BitPair } from './scan.ts';
import { openStopPrices } from './stop-prices.ts';
import type { Market } from './stops.ts';

/** What a trader makes in the arena, in floats a bar: fills, runs, returns and nets. */
const OWN_FLOATS = 2 + 1 + 1 + 1;

/**
 * Makes the trades of one variant at a time and hands them to its measures; `sharers` and `arena` as of a scorer. What it
 * makes of a variant does not depend on what it traded before.
 */
export function openTrader(prepared: Prepared, sharers: number, arena: Arena) {
  const { spec, grid, timeline } = prepared;
  const bars = timeline.end - timeline.first;
  const setting = settingOf(spec.template, NO_RISK);
  const callerBytes = OWN_FLOATS * 8 * (bars + 16);
  const baseBits = openBaseBits(prepared, setting.direction, { bytes: MEMO_BYTES / sharers, arena, callerBytes });
  const parts = openParts(prepared, setting, baseBits, arena);
  const trading = isRuled(grid, setting.direction)
    ? tradingByExitRules(parts)
    : tradingBySignal(parts, ENDS_BYTES / sharers);
  const riskAlwaysOff = isRiskAlwaysOff(grid);
  let preparedBase = -1; // the base whose edges or runs are at hand
  const tradeRiskOff = (index: number): boolean => {
    preparedBase = -1;
    if (!baseBits.moveTo(index)) return false;
    trading.tradeRiskOff();
    return true;
  };
  return {
    balance: parts.balance,
    measures: parts.measures,
    /** Trades a base with risk off; false: the index is no variant. */
    tradeRiskOff,
    /** Trades a base under a risk setting; false: the index is no variant. A base costs least under one after the other. */
    trade(index: number, risk: number): boolean {
      if (riskAlwaysOff) return tradeRiskOff(index);
      const isFirst = index !== preparedBase;
      if (isFirst) {
        preparedBase = -1;
        if (!baseBits.moveTo(index)) return false;
        trading.prepare();
        preparedBase = index;
      }
      trading.tradeRisk(risk, isFirst);
      return true;
    },
  };
}

/** How the base at hand is traded. */
interface Trading {
  /** Finds what all its risk settings start from. */
  readonly prepare: () => void;
  /** With risk off, found or not. */
  readonly tradeRiskOff: () => void;
  /** Under a setting, once found; `isFirst`: it is the first one. */
  readonly tradeRisk: (risk: number, isFirst: boolean) => void;
}

type TraderParts = ReturnType<typeof openParts>;

/** What the trades of a variant are made of, and where they go. */
function openParts(prepared: Prepared, setting: Setting, baseBits: ReturnType<typeof openBaseBits>, arena: Arena) {
  const { grid } = prepared;
  const { target } = targetOf(prepared);
  const bars = target.time.length;
  const fills = openFills(target, setting, arena);
  const balance = openBalance(bars, isRuled(grid, setting.direction), arena);
  const runs = openRuns(bars, arena);
  const ret = arena.floats(bars + 2);
  const measures = openMeasures(prepared, setting, balance, fills);
  const settleEnds = (returns: Float64Array, key: Int32Array | null): void => {
    settle(setting, returns, runs.count, balance);
    measures.setVariant(runs, returns, key);
  };
  return {
    grid,
    bars,
    setting,
    arena,
    baseBits,
    fills,
    /** What can end a trade early; stage_a does without. */
    market: (): Market => ({ fills, stopPrices: openStopPrices(target, setting) }),
    balance,
    runs,
    ret,
    measures,
    settleEnds,
  };
}

/** Under exit rules every risk setting has trades of its own, found from edge to edge. */
function tradingByExitRules(parts: TraderParts): Trading {
  const { grid, bars, baseBits, runs, ret, settleEnds } = parts;
  const { direction } = parts.setting;
  const market = parts.market();
  const ends = { key: new Int32Array(bars + 2), ret };
  const edges = openEdges(bars);
  const scan = openScan(wordsOf(bars));
  const prepare = (): void => findEdges(baseBits.signal, scan, edges);
  const tradeRisk = (risk: Risk): void => {
    hop(market, { edges, exits: baseBits.exits, direction }, risk, runs, ends);
    settleEnds(ends.ret, ends.key);
  };
  return {
    prepare,
    tradeRiskOff() {
      prepare();
      tradeRisk(NO_RISK);
    },
    tradeRisk: (risk) => tradeRisk(riskAt(grid, risk)),
  };
}

/** Without them a base has the same trades under all settings, which end some of them earlier. `bytes`: as of `openEnds`. */
function tradingBySignal(parts: TraderParts, bytes: number): Trading {
  const { grid, bars, setting, arena, baseBits, fills, market, balance, runs, ret, measures, settleEnds } = parts;
  const byKernels = openKernelRuns({ runs, fills, ret, balance, setting }, arena);
  const find = byKernels?.findRuns ?? openFinder(runs, bars);
  const digits = new Int32Array(KINDS.length);
  let ends: EndsOfBase | null = null;
  return {
    prepare: () => find(baseBits.signal),
    tradeRiskOff() {
      if (byKernels !== null && putsAllIn(setting)) {
        byKernels.trade(baseBits.signal);
        measures.setVariant(runs, ret, null);
        return;
      }
      find(baseBits.signal);
      returnsOf(runs, fills, ret);
      settleEnds(ret, null);
    },
    tradeRisk(risk, isFirst) {
      ends ??= openEnds(market(), levelsOf(grid), bytes);
      if (isFirst) ends.startBase(runs);
      digitsOf(grid, risk, digits);
      const { ret: returns, key } = ends.endsAt(digits);
      settleEnds(returns, key);
    },
  };
}

function openFinder(runs: Runs, bars: number): (signal: Signal) => void {
  const scan = openScan(wordsOf(bars));
  return (signal) => findRuns(signal, scan, runs);
}

/** The bits of one base at a time. */
function openBaseBits({ grid, timeline }: Prepared, direction: Direction, budget: Budget) {
  const { rules } = grid.strategy;
  const bars = timeline.end - timeline.first;
  const { long, short, exitLong, exitShort } = openFactors(rules, grid.axes, timeline, budget);
  const walk = openWalk(grid);
  const scanned = isRuled(grid, direction) || budget.arena.kernels() === null; // kernels read no summaries
  const signal: Signal = { long: emptyPair(), short: emptyPair(), direction, hasShortRule: rules.short !== null, bars };
  const exits: ExitBits = { long: null, short: null };
  let moved = -1; // the outermost axis on which digits have changed since bits were last taken up
  return {
    signal,
    exits,
    /** False: the index is no variant. */
    moveTo(index: number): boolean {
      const known = walk.to(index);
      moved = Math.min(moved, walk.moved());
      if (!known) return false;
      refresh(signal.long, long, walk.digits, moved, scanned);
      refresh(signal.short, short, walk.digits, moved, scanned);
      moved = Infinity;
      exits.long = exitLong?.at(walk.digits) ?? null;
      exits.short = exitShort?.at(walk.digits) ?? null;
      return true;
    },
  };
}

function emptyPair(): BitPair {
  const none = new Uint32Array(0);
  return { outer: none, inner: none, outerSummary: none, innerSummary: none };
}

/** What depends on no axis from `moved` on is as it was. */
function refresh(pair: BitPair, side: Factors['long'], digits: Digits, moved: number, summaries: boolean): void {
  if (moved <= side.outerAxis) {
    pair.outer = side.outer.at(digits);
    if (summaries) pair.outerSummary = side.outerSummary.at(digits);
  }
  if (moved <= side.innerAxis) {
    pair.inner = side.inner.at(digits);
    if (summaries) pair.innerSummary = side.innerSummary.at(digits);
  }
}

function digitsOf({ risks }: Grid, index: number, digits: Int32Array): void {
  let rest = index;
  for (let at = KINDS.length - 1; at >= 0; at -= 1) {
    const { length } = risks[KINDS[at]];
    digits[at] = rest % length;
    rest = Math.floor(rest / length);
  }
}
