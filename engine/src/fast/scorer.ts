// The scorer of searches: scores what `simulate` would, to the last bit, without looking at bars where nothing happens.
// A variant is a walk over the edges of two bitsets, its money a recurrence over its trades.

import { openArena, type Arena } from '../arena.ts';
import { MEMO_BYTES } from '../estimate.ts';
import { NO_RISK, openWalk, riskAt, type Grid, type Risk } from '../grid.ts';
import { targetOf, type Prepared } from '../prepare.ts';
import { wordsOf } from '../rules/bits.ts';
import { openFactors, type Factors, type Room } from '../rules/factors.ts';
import type { Digits } from '../rules/memo.ts';
import { openJudge, type Scores, type Task } from '../score.ts';
import { settingOf, type Direction, type Setting } from '../simulate.ts';
import { openAccount, putsAllIn, returnsOf, settle } from './accounts.ts';
import { ENDS_BYTES, isRuled } from './demand.ts';
import { KINDS, levelsOf, openEnds, type EndsOfBase } from './ends.ts';
import { openFills } from './fills.ts';
import { hop, type ExitBits } from './hops.ts';
import { openKernelRuns } from './kernel-runs.ts';
import { openMeasures } from './measures.ts';
import { edgesOf, followSignal, openEdges, openRuns, type Edges, type Runs, type Signal } from './runs.ts';
import { openScan, type Common } from './scan.ts';
import { openWatch } from './watch.ts';

/**
 * Opens a scorer: what it returns depends on the task alone, whatever it scored before. `sharers` scorers work on the
 * same machine and share the memory for what variants share. Its columns live in memory of WebAssembly where there is
 * any, else on the heap; the numbers are the same.
 */
export function scorer(prepared: Prepared, sharers = 1, arena = openArena()): (task: Task) => Scores {
  const { spec, grid } = prepared;
  const trader = openTrader(prepared, sharers, arena);
  const { account } = trader;
  const { of } = trader.measures;

  const scoreBases = ({ from, to, bases }: Task): Scores => {
    const surface = new Float32Array(to - from).fill(NaN);
    const judge = openJudge(spec, 'stage_a', of);
    for (let unit = from; unit < to; unit += 1) {
      const index = bases === null ? unit : bases[unit];
      if (!trader.tradeBare(index)) continue;
      surface[unit - from] = judge.take(index, account);
    }
    return { ...judge.scores(), surface };
  };

  const scoreRisks = ({ from, to }: Task, bases: Float64Array): Scores => {
    const judge = openJudge(spec, 'stage_b', of);
    let ready = -1;
    for (let unit = from; unit < to; unit += 1) {
      const base = bases[Math.floor(unit / grid.riskTotal)];
      const risk = unit % grid.riskTotal;
      if (base !== ready && !trader.start(base)) throw new RangeError(`index ${base} is not a variant of the grid`);
      trader.tradeUnder(risk, base !== ready);
      ready = base;
      judge.take(base * grid.riskTotal + risk, account);
    }
    return { ...judge.scores(), surface: null };
  };

  return (task) => (task.stage === 'stage_a' ? scoreBases(task) : scoreRisks(task, task.bases));
}

/** What a trader makes in the arena, in floats a bar: fills, runs, returns and nets. */
const OWN_FLOATS = 2 + 1 + 1 + 1;

/** Makes the trades of one variant at a time and hands them to its measures. */
function openTrader(prepared: Prepared, sharers: number, arena: Arena) {
  const { spec, grid, timeline } = prepared;
  const bars = timeline.end - timeline.first;
  const setting = settingOf(spec.template, NO_RISK);
  const { direction } = setting;
  const ruled = isRuled(grid, direction);
  const others = OWN_FLOATS * 8 * (bars + 16);
  const base = openSignal(prepared, direction, { bytes: MEMO_BYTES / sharers, arena, others });
  const { market, account, runs, bare } = openColumns(prepared, setting, ruled, arena);
  const { fills } = market;
  const measures = openMeasures(prepared, setting, account, fills);
  const edges = openEdges(ruled ? bars : 0);
  const byKernels = ruled ? null : openKernelRuns({ runs, fills, ret: bare.ret, account, setting }, arena);
  let ends: EndsOfBase | null = null; // stage_a does without
  const digits = new Int32Array(KINDS.length);

  const followBase = byKernels?.follow ?? openFollow(ruled, runs, edges, wordsOf(bars));

  const settleEnds = (ret: Float64Array, key: Int32Array | null): void => {
    settle(setting, ret, runs.count, account);
    measures.take(runs, ret, key);
  };

  const tradeHopping = (risk: Risk): void => {
    hop(market, { edges, exits: base.exits, direction }, risk, runs, bare);
    settleEnds(bare.ret, bare.key);
  };

  return {
    account,
    measures,
    /** Finds the edges of a base; false: the index is no variant. */
    start(index: number): boolean {
      if (!base.to(index)) return false;
      followBase(base.signal);
      return true;
    },
    /** Trades a base with risk off; false: the index is no variant. */
    tradeBare(index: number): boolean {
      if (!base.to(index)) return false;
      if (byKernels !== null && putsAllIn(setting)) {
        byKernels.trade(base.signal);
        measures.take(runs, bare.ret, null);
        return true;
      }
      followBase(base.signal);
      if (ruled) tradeHopping(NO_RISK);
      else {
        returnsOf(runs, fills, bare.ret);
        settleEnds(bare.ret, null);
      }
      return true;
    },
    /** `fresh`: it is the first setting of its base. */
    tradeUnder(risk: number, fresh: boolean): void {
      if (ruled) {
        tradeHopping(riskAt(grid, risk));
        return;
      }
      ends ??= openEnds(market, levelsOf(grid), ENDS_BYTES / sharers);
      if (fresh) ends.start(runs);
      digitsOf(grid, risk, digits);
      const { key, ret } = ends.under(digits);
      settleEnds(ret, key);
    },
  };
}

/** Finds the edges or the runs of a signal. */
function openFollow(ruled: boolean, runs: Runs, edges: Edges, words: number): (signal: Signal) => void {
  const scan = openScan(words);
  return ruled ? (signal) => edgesOf(signal, scan, edges) : (signal) => followSignal(signal, scan, runs);
}

/** What the trades of a variant are made of, and where they go. */
function openColumns(prepared: Prepared, setting: Setting, ruled: boolean, arena: Arena) {
  const { target } = targetOf(prepared);
  const bars = target.time.length;
  return {
    market: { fills: openFills(target, setting, arena), watch: openWatch(target, setting) },
    account: openAccount(bars, ruled, arena),
    runs: openRuns(bars, arena),
    bare: { key: new Int32Array(bars + 2), ret: arena.floats(bars + 2) },
  };
}

/** The bits of one base at a time. */
function openSignal({ grid, timeline }: Prepared, direction: Direction, room: Room) {
  const { rules } = grid.strategy;
  const bars = timeline.end - timeline.first;
  const { long, short, exitLong, exitShort } = openFactors(rules, grid.axes, timeline, room);
  const walk = openWalk(grid);
  const scanned = isRuled(grid, direction) || room.arena.kernels() === null; // kernels read no summaries
  const signal: Signal = { long: openCommon(), short: openCommon(), direction, shorts: rules.short !== null, bars };
  const exits: ExitBits = { long: null, short: null };
  let moved = -1; // the outermost axis on which digits have changed since bits were last taken up
  return {
    signal,
    exits,
    /** False: the index is no variant. */
    to(index: number): boolean {
      const known = walk.to(index);
      moved = Math.min(moved, walk.moved());
      if (!known) return false;
      takeUp(signal.long, long, walk.digits, moved, scanned);
      takeUp(signal.short, short, walk.digits, moved, scanned);
      moved = Infinity;
      exits.long = exitLong?.at(walk.digits) ?? null;
      exits.short = exitShort?.at(walk.digits) ?? null;
      return true;
    },
  };
}

function openCommon(): Common {
  const none = new Uint32Array(0);
  return { outer: none, inner: none, outerWords: none, innerWords: none };
}

/** What depends on no axis from `moved` on is as it was. */
function takeUp(common: Common, side: Factors['long'], digits: Digits, moved: number, summaries: boolean): void {
  if (moved <= side.outerAxis) {
    common.outer = side.outer.at(digits);
    if (summaries) common.outerWords = side.outerWords.at(digits);
  }
  if (moved <= side.innerAxis) {
    common.inner = side.inner.at(digits);
    if (summaries) common.innerWords = side.innerWords.at(digits);
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
