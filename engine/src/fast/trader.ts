// Trades the variants of a grid one at a time, as `simulate` would, but without a look at bars where nothing happens:
// the trades of a variant come from the edges of two bitsets, and its balance from one pass over its trades. The README
// of this folder follows eight bars from bits to money, with every column on the way.

import type { Digits } from '../axis.ts';
import type { Arena } from '../columns/arena.ts';
import { wordsOf } from '../columns/bits.ts';
import { MEMO_BYTES } from '../columns/memo.ts';
import { openWalk, riskAt, type Grid } from '../grid/grid.ts';
import { targetOf, type Prepared } from '../prepare.ts';
import { openFactors, type Budget, type Factors } from '../signals/factors.ts';
import { NO_RISK, settingOf, type Risk, type Setting } from '../simulate/setting.ts';
import type { Direction } from '../spec.ts';
import { openBalance, putsAllIn, settle, writeReturns } from './balance.ts';
import { ENDS_BYTES, isRiskAlwaysOff, isRuled } from './demand.ts';
import { KINDS, levelsOf, openEnds, type EndsOfBase } from './ends.ts';
import { openExitRules, type ExitBits } from './exit-rules.ts';
import { openFills } from './fills.ts';
import { openKernelRuns } from './kernel-runs.ts';
import { openMeasures } from './measures.ts';
import { findEdges, findRuns, openEdges, openRuns, type Runs, type Signal } from './runs.ts';
import { openScan, type BitPair } from './scan.ts';
import { openStopPrices } from './stop-prices.ts';
import type { Market } from './stops.ts';

/** Floats a bar that a trader allocates in the arena: fills, runs, returns and nets. */
const FLOATS_PER_BAR = 2 + 1 + 1 + 1;

/**
 * Opens a trader, which makes the trades of one variant at a time and hands them to its measures. What it makes of a
 * variant does not depend on the variants before it. `sharers` traders divide the memory for columns that variants
 * share; the columns of this one are in `arena`.
 */
export function openTrader(prepared: Prepared, sharers: number, arena: Arena) {
  const { spec, grid, timeline } = prepared;
  const bars = timeline.end - timeline.first;
  const setting = settingOf(spec.template, NO_RISK);
  const callerBytes = FLOATS_PER_BAR * 8 * (bars + 16);
  const baseBits = openBaseBits(prepared, setting.direction, { bytes: MEMO_BYTES / sharers, arena, callerBytes });
  const parts = openParts(prepared, setting, baseBits, arena);
  const trading = isRuled(grid, setting.direction)
    ? tradingByExitRules(parts)
    : tradingBySignal(parts, ENDS_BYTES / sharers);
  const riskAlwaysOff = isRiskAlwaysOff(grid);
  let preparedBase = -1;
  const tradeRiskOff = (index: number): boolean => {
    preparedBase = -1;
    if (!baseBits.moveTo(index)) return false;
    trading.tradeRiskOff();
    return true;
  };
  return {
    balance: parts.balance,
    measures: parts.measures,
    /** Trades a base with risk off. Returns false if the index is no variant. */
    tradeRiskOff,
    /**
     * Trades a base under a risk setting. Returns false if the index is no variant. Calls for one base in a row share
     * the search for its runs.
     */
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

/** A way to trade the current base. */
interface Trading {
  /** Finds the runs or edges from which all risk settings begin. */
  readonly prepare: () => void;
  /** Trades with risk off, without `prepare`. */
  readonly tradeRiskOff: () => void;
  /** Trades under a risk setting, after `prepare`; `isFirst` marks the first setting after it. */
  readonly tradeRisk: (risk: number, isFirst: boolean) => void;
}

type TraderParts = ReturnType<typeof openParts>;

/** Opens the columns that the trades of a variant are made of and written to. */
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
    /** Opens the prices for stops, which stage_a does not need. */
    market: (): Market => ({ fills, stopPrices: openStopPrices(target, setting) }),
    balance,
    runs,
    ret,
    measures,
    settleEnds,
  };
}

/** Opens the trading of strategies with exit rules, where every risk setting has trades of its own. */
function tradingByExitRules(parts: TraderParts): Trading {
  const { grid, bars, baseBits, runs, ret, settleEnds } = parts;
  const ends = { key: new Int32Array(bars + 2), ret };
  const edges = openEdges(bars);
  const scan = openScan(wordsOf(bars));
  const tradeExits = openExitRules(parts.market(), parts.setting.direction, {
    edges,
    exits: baseBits.exits,
    runs,
    ends,
  });
  const prepare = (): void => findEdges(baseBits.signal, scan, edges);
  const tradeRisk = (risk: Risk): void => {
    tradeExits(risk);
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

/**
 * Opens the trading of strategies without exit rules, where a base has the same trades under all risk settings and some
 * end earlier. `bytes` is the budget for kept stop levels.
 */
function tradingBySignal(parts: TraderParts, bytes: number): Trading {
  const { grid, bars, setting, arena, baseBits, fills, market, balance, runs, ret, measures, settleEnds } = parts;
  const kernelRuns = openKernelRuns({ runs, fills, ret, balance, setting }, arena);
  const find = kernelRuns?.findRuns ?? openFinder(runs, bars);
  const digits = new Int32Array(KINDS.length);
  let ends: EndsOfBase | null = null;
  return {
    prepare: () => find(baseBits.signal),
    tradeRiskOff() {
      if (kernelRuns !== null && putsAllIn(setting)) {
        kernelRuns.trade(baseBits.signal);
        measures.setVariant(runs, ret, null);
        return;
      }
      find(baseBits.signal);
      writeReturns(runs, fills, ret);
      settleEnds(ret, null);
    },
    tradeRisk(risk, isFirst) {
      ends ??= openEnds(market(), levelsOf(grid), bytes);
      if (isFirst) ends.startBase(runs);
      writeDigits(grid, risk, digits);
      const { ret: returns, key } = ends.endsAt(digits);
      settleEnds(returns, key);
    },
  };
}

/** Opens the search for runs where there are no kernels. */
function openFinder(runs: Runs, bars: number): (signal: Signal) => void {
  const scan = openScan(wordsOf(bars));
  return (signal) => findRuns(signal, scan, runs);
}

/** Opens the bits of one base at a time. */
function openBaseBits({ grid, timeline }: Prepared, direction: Direction, budget: Budget) {
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

/** Writes the position of a risk setting in the values of each kind. */
function writeDigits({ risks }: Grid, index: number, digits: Int32Array): void {
  let rest = index;
  for (let kind = KINDS.length - 1; kind >= 0; kind -= 1) {
    const { length } = risks[KINDS[kind]];
    digits[kind] = rest % length;
    rest = Math.floor(rest / length);
  }
}
