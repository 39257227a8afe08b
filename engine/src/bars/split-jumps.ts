// Jumps of the price between two bars that look like a split of the shares, or a change of the unit, for which nobody has
// adjusted the candles. Nothing was won or lost there, but a backtest trades it. Whether it was a split nobody can tell from
// prices: a jump near a simple ratio, among bars that hardly move, looks like one.

import { DAY_MS } from '../spec.ts';
import type { Candles } from './candles.ts';

/** A jump that looks like a split. */
export interface SplitJump {
  /** Open of the bar that comes after it, as an ISO instant. */
  readonly time: string;
  /** The close before, the first price after, and the second over the first. */
  readonly before: number;
  readonly after: number;
  readonly ratio: number;
  /** New shares for old ones: `4:1` quarters the price, `1:10` makes ten times as much of it. */
  readonly split: string;
}

export interface SplitJumps {
  readonly count: number;
  /** The first of them. */
  readonly first: readonly SplitJump[];
}

/** Jumps that are named; more are counted. */
const NAMED = 10;
/** New shares for old ones, in ascending order of their ratio. */
const RATIOS = [
  [3, 2],
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 100, 1000].map((many) => [many, 1] as const),
] as const;
/** How far the market may move beside the split, as a factor: a share hardly ever opens 6 % away from its close. */
const NEAR = 1.06;
const LEAST = 3 / 2 / NEAR;
/** Bars before and after a jump that are compared with it, and how many there must be. */
const AROUND = 10;
const LEAST_AROUND = 5;
/** After a longer time without candles a price may be anything. Exchanges close for two weeks at worst. */
const LONGEST_PAUSE_MS = 14 * DAY_MS;

/**
 * Finds the jumps in a series. One that the market made itself is told by the bars around it: they move too.
 * @param from first time of a bar that counts, and `to` the first that does not; the others are only looked at
 */
export function splitJumps(candles: Candles, from = -Infinity, to = Infinity): SplitJumps {
  const { time, open, close } = candles;
  const first: SplitJump[] = [];
  let count = 0;
  for (let bar = 1; bar < time.length; bar += 1) {
    const [before, opened] = [close[bar - 1], open[bar]];
    // Some feeds open each bar at the close before it: there the jump is within the bar.
    const after = opened === before ? close[bar] : opened;
    const size = sizeOf(before, after);
    if (size < LEAST || time[bar] < from || time[bar] >= to) continue;
    const split = nearestSplit(size);
    if (split === null || time[bar] - time[bar - 1] > LONGEST_PAUSE_MS || !isCalm(candles, bar, size)) continue;
    count += 1;
    if (first.length === NAMED) continue;
    const [many, few] = after < before ? split : [split[1], split[0]];
    const opens = new Date(time[bar]).toISOString();
    first.push({ time: opens, before, after, ratio: after / before, split: `${many}:${few}` });
  }
  return { count, first };
}

/** Joins what was found in two parts of a series, the earlier one first. */
export function joinSplitJumps(a: SplitJumps, b: SplitJumps): SplitJumps {
  return { count: a.count + b.count, first: [...a.first, ...b.first].slice(0, NAMED) };
}

/** Says what was found, and after a semicolon what to do about it. */
export function splitJumpsText({ count, first: [jump] }: SplitJumps): string {
  if (jump === undefined) return 'no jump of the price looks like a split';
  const [many, few] = jump.split.split(':').map(Number);
  const moves = many > few ? `falls to ${few}/${many}` : `rises to ${few / many} times as much`;
  const bars = `between two bars at ${jump.time.slice(0, 16)}Z`;
  const what = `the price ${moves} ${bars}, which looks like a ${jump.split} split that the candles are not adjusted for`;
  const more = count === 1 ? '' : `, and ${count - 1} more ${count === 2 ? 'jump looks' : 'jumps look'} like one`;
  return `${what}${more}; import adjusted prices, or choose a time range without the jump`;
}

/** Returns how many times the smaller price the larger one is. */
function sizeOf(a: number, b: number): number {
  return a < b ? b / a : a / b;
}

function nearestSplit(size: number): readonly [number, number] | null {
  let nearest: readonly [number, number] | null = null;
  let least = NEAR;
  for (const [many, few] of RATIOS) {
    const off = sizeOf(size, many / few);
    if (off > least) continue;
    [nearest, least] = [[many, few], off];
  }
  return nearest;
}

/** Reports whether no bar around the jump, nor the rest of its own bar, moves by a quarter of it, as factors multiply. */
function isCalm({ high, low, open, close }: Candles, bar: number, size: number): boolean {
  const [from, to] = [Math.max(0, bar - AROUND), Math.min(high.length - 1, bar + AROUND)];
  if (to - from < LEAST_AROUND) return false;
  const within = open[bar] === close[bar - 1];
  for (let at = from; at <= to; at += 1) {
    // A bar moves from the close before it; after the jump only from its own open.
    const start = at === from || at === bar ? open[at] : close[at - 1];
    const range = Math.max(high[at], start) / Math.min(low[at], start);
    const moved = at === bar && within ? range / size : range;
    if (moved ** 4 > size) return false;
  }
  return true;
}
