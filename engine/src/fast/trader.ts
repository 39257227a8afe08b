// Trades the variants of a grid one at a time, as `simulate` would, but without a look at bars where nothing happens:
// the trades of a variant come from the edges of two bitsets, and its balance from one pass over its trades. The README
// of this folder follows eight bars from bits to money, with every column on the way.

import type { Arena } from '../columns/arena.ts';
import { wordsOf } from '../columns/bits.ts';
import { MEMO_BYTES } from '../columns/memo.ts';
import { riskAt, type Grid } from '../grid/grid.ts';
import { targetOf, type Prepared } from '../prepare.ts';
import { NO_RISK, settingOf, type Risk, type Setting } from '../simulate/setting.ts';
import { openBalance, putsAllIn, settle, writeReturns } from './balance.ts';
import { openBaseBits } from './base-bits.ts';
import { ENDS_BYTES, isRiskAlwaysOff, isRuled } from './demand.ts';
import { KINDS, levelsOf, openEnds, type EndsOfBase } from './ends.ts';
import { openExitRules } from './exit-rules.ts';
import { openFills } from './fills.ts';
import { openKernelRuns } from './kernel-runs.ts';
import { openMeasures } from './measures.ts';
import { openRuin } from './ruin.ts';
import { findEdges, findRuns, moveToWaits, openEdges, openRuns, type Runs, type Signal } from './runs.ts';
import { openScan } from './scan.ts';
import { openSimulated } from './simulated.ts';
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
  const trading = openTrading(parts, ENDS_BYTES / sharers);
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
  const ruin = openRuin(target, setting, fills, balance);
  const settleEnds = (returns: Float64Array, key: Int32Array | null): void => {
    settle(setting, returns, runs.count, balance);
    measures.setVariant(runs, ruin === null ? returns : ruin.check(runs, returns, key), key);
  };
  return {
    grid,
    target,
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
    ruin,
    measures,
    settleEnds,
  };
}

/** Opens the way to trade the bases of a grid; `bytes` is the budget for kept stop levels. */
function openTrading(parts: TraderParts, bytes: number): Trading {
  const isGappy = parts.fills.waits !== null;
  if (isRuled(parts.grid, parts.setting.direction)) {
    return isGappy ? tradingBySimulation(parts) : tradingByExitRules(parts);
  }
  return isGappy ? tradingInGaps(parts, tradingBySignal(parts, bytes)) : tradingBySignal(parts, bytes);
}

/** Opens the trading of bases whose orders may be taken back while they wait for a market. */
function tradingBySimulation(parts: TraderParts): Trading {
  const { grid, target, bars, setting, baseBits, balance, runs, ret, measures, settleEnds } = parts;
  const ends = { key: new Int32Array(bars + 2), ret };
  const simulated = openSimulated(target, setting, { runs, ends });
  const prepare = (): void => simulated.read(baseBits.signal, baseBits.exits);
  const tradeRisk = (risk: Risk): void => {
    const isRuined = simulated.trade(risk);
    settleEnds(ends.ret, ends.key);
    if (!isRuined) return;
    balance.bust = true; // rounding may leave something after the exit
    balance.available = 0;
    measures.setVariant(runs, ends.ret, ends.key);
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
 * Opens the trading of strategies without exit rules where some bars have no market. Only where two runs meet in a wait do
 * the entries depend on the stops.
 */
function tradingInGaps(parts: TraderParts, bySignal: Trading): Trading {
  const { balance } = parts;
  let bySimulation: Trading | null = null;
  return {
    prepare() {
      bySignal.prepare();
      if (!balance.ruled) return;
      bySimulation ??= tradingBySimulation(parts);
      bySimulation.prepare();
    },
    tradeRiskOff: bySignal.tradeRiskOff,
    tradeRisk(risk, isFirst) {
      if (balance.ruled && bySimulation !== null) bySimulation.tradeRisk(risk, isFirst);
      else bySignal.tradeRisk(risk, isFirst);
    },
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
  const { grid, bars, setting, arena, baseBits, fills, market, balance, runs, ret, ruin, measures, settleEnds } = parts;
  const kernelRuns = openKernelRuns({ runs, fills, ret, balance, setting }, arena);
  const findAll = kernelRuns?.findRuns ?? openFinder(runs, bars);
  const { waits } = fills;
  const find = (signal: Signal): void => {
    findAll(signal);
    if (waits !== null) balance.ruled = moveToWaits(runs, waits);
  };
  const digits = new Int32Array(KINDS.length);
  let ends: EndsOfBase | null = null;
  return {
    prepare: () => find(baseBits.signal),
    tradeRiskOff() {
      if (kernelRuns !== null && waits === null && putsAllIn(setting)) {
        kernelRuns.trade(baseBits.signal);
        measures.setVariant(runs, ruin === null ? ret : ruin.check(runs, ret, null), null);
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

/** Writes the position of a risk setting in the values of each kind. */
function writeDigits({ risks }: Grid, index: number, digits: Int32Array): void {
  let rest = index;
  for (let kind = KINDS.length - 1; kind >= 0; kind -= 1) {
    const { length } = risks[KINDS[kind]];
    digits[kind] = rest % length;
    rest = Math.floor(rest / length);
  }
}
