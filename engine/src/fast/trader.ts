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
import { ENDS_BYTES, isBare, isRuled } from './demand.ts';
import { KINDS, levelsOf, openEnds, type EndsOfBase } from './ends.ts';
import { openFills } from './fills.ts';
import { hop, type ExitBits } from './hops.ts';
import { openKernelRuns } from './kernel-runs.ts';
import { openMeasures } from './measures.ts';
import { edgesOf, followSignal, openEdges, openRuns, type Runs, type Signal } from './runs.ts';
import { openScan, type BitPair } from './scan.ts';
import type { Market } from './stops.ts';
import { openWatch } from './watch.ts';

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
  const others = OWN_FLOATS * 8 * (bars + 16);
  const base = openSignal(prepared, setting.direction, { bytes: MEMO_BYTES / sharers, arena, others });
  const ground = openGround(prepared, setting, base, arena);
  const ways = isRuled(grid, setting.direction) ? hopping(ground) : stopping(ground, ENDS_BYTES / sharers);
  const onlyBare = isBare(grid);
  let ready = -1; // the base whose edges or runs are at hand
  const tradeBare = (index: number): boolean => {
    ready = -1;
    if (!base.to(index)) return false;
    ways.bare();
    return true;
  };
  return {
    account: ground.account,
    measures: ground.measures,
    /** Trades a base with risk off; false: the index is no variant. */
    tradeBare,
    /** Trades a base under a risk setting; false: the index is no variant. A base costs least under one after the other. */
    trade(index: number, risk: number): boolean {
      if (onlyBare) return tradeBare(index);
      const fresh = index !== ready;
      if (fresh) {
        ready = -1;
        if (!base.to(index)) return false;
        ways.follow();
        ready = index;
      }
      ways.under(risk, fresh);
      return true;
    },
  };
}

/** How the base at hand is traded. */
interface Ways {
  /** Finds what all its risk settings start from. */
  readonly follow: () => void;
  /** With risk off, found or not. */
  readonly bare: () => void;
  /** Under a setting, once found; `fresh`: it is the first one. */
  readonly under: (risk: number, fresh: boolean) => void;
}

type Ground = ReturnType<typeof openGround>;

/** What the trades of a variant are made of, and where they go. */
function openGround(prepared: Prepared, setting: Setting, base: ReturnType<typeof openSignal>, arena: Arena) {
  const { grid } = prepared;
  const { target } = targetOf(prepared);
  const bars = target.time.length;
  const fills = openFills(target, setting, arena);
  const account = openBalance(bars, isRuled(grid, setting.direction), arena);
  const runs = openRuns(bars, arena);
  const ret = arena.floats(bars + 2);
  const measures = openMeasures(prepared, setting, account, fills);
  const settleEnds = (returns: Float64Array, key: Int32Array | null): void => {
    settle(setting, returns, runs.count, account);
    measures.take(runs, returns, key);
  };
  return {
    grid,
    bars,
    setting,
    arena,
    base,
    fills,
    /** What can end a trade early; stage_a does without. */
    market: (): Market => ({ fills, watch: openWatch(target, setting) }),
    account,
    runs,
    ret,
    measures,
    settleEnds,
  };
}

/** Under exit rules every risk setting has trades of its own, found from edge to edge. */
function hopping(ground: Ground): Ways {
  const { grid, bars, base, runs, ret, settleEnds } = ground;
  const { direction } = ground.setting;
  const market = ground.market();
  const ends = { key: new Int32Array(bars + 2), ret };
  const edges = openEdges(bars);
  const scan = openScan(wordsOf(bars));
  const follow = (): void => edgesOf(base.signal, scan, edges);
  const under = (risk: Risk): void => {
    hop(market, { edges, exits: base.exits, direction }, risk, runs, ends);
    settleEnds(ends.ret, ends.key);
  };
  return {
    follow,
    bare() {
      follow();
      under(NO_RISK);
    },
    under: (risk) => under(riskAt(grid, risk)),
  };
}

/** Without them a base has the same trades under all settings, which end some of them earlier. `bytes`: as of `openEnds`. */
function stopping(ground: Ground, bytes: number): Ways {
  const { grid, bars, setting, arena, base, fills, market, account, runs, ret, measures, settleEnds } = ground;
  const byKernels = openKernelRuns({ runs, fills, ret, account, setting }, arena);
  const follow = byKernels?.follow ?? openFollow(runs, bars);
  const digits = new Int32Array(KINDS.length);
  let ends: EndsOfBase | null = null;
  return {
    follow: () => follow(base.signal),
    bare() {
      if (byKernels !== null && putsAllIn(setting)) {
        byKernels.trade(base.signal);
        measures.take(runs, ret, null);
        return;
      }
      follow(base.signal);
      returnsOf(runs, fills, ret);
      settleEnds(ret, null);
    },
    under(risk, fresh) {
      ends ??= openEnds(market(), levelsOf(grid), bytes);
      if (fresh) ends.start(runs);
      digitsOf(grid, risk, digits);
      const under = ends.under(digits);
      settleEnds(under.ret, under.key);
    },
  };
}

function openFollow(runs: Runs, bars: number): (signal: Signal) => void {
  const scan = openScan(wordsOf(bars));
  return (signal) => followSignal(signal, scan, runs);
}

/** The bits of one base at a time. */
function openSignal({ grid, timeline }: Prepared, direction: Direction, room: Budget) {
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

function openCommon(): BitPair {
  const none = new Uint32Array(0);
  return { outer: none, inner: none, outerWords: none, innerWords: none };
}

/** What depends on no axis from `moved` on is as it was. */
function takeUp(common: BitPair, side: Factors['long'], digits: Digits, moved: number, summaries: boolean): void {
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
