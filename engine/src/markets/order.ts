// In which order the bars of a permuted market stand: T. Masters, Permutation and Randomization Tests for Trading System
// Development (2020). Bar 0 and the first bar of the searched part stay, so the drift of that part does. The bars between
// them are permuted among themselves, and those behind, each time whole bars and the gaps before them apart.

import { random } from '../grid/random.ts';

/** What is permuted: bars 0..bars-1, of which those from `first` on are searched. */
export interface Permutable {
  readonly bars: number;
  readonly first: number;
  /** 1 for each bar of [first, bars) without a candle; null: there is none. */
  readonly carried: Uint8Array | null;
  /** 1 for each bar that begins a session; null: none is told apart. */
  readonly firsts: Uint8Array | null;
  /** Bars, or with `firsts` sessions, of a run that keeps its order; null: each bar moves by itself. */
  readonly blocks: number | null;
}

/** For each place the bar that stands there, and the bar whose gap lies before it. */
export interface BarOrder {
  readonly bars: Int32Array;
  readonly gaps: Int32Array;
}

/** Bars that move, and runs of them, for a permuted market to be another one. */
const LEAST_BARS = 100;
const LEAST_RUNS = 20;

/** Returns why there is too little to permute; null: there is enough. */
export function unpermutable({ bars, first, firsts, blocks }: Permutable): string | null {
  const movable = Math.max(0, bars - 1 - first);
  if (movable < LEAST_BARS) return `${movable} bars can be permuted, the test needs ${LEAST_BARS}`;
  if (blocks === null) return null;
  const runs = runsOf(first + 1, bars, blocks, firsts);
  const alike = groupsOf(runs).reduce((sum, group) => sum + (group.length > 1 ? group.length : 0), 0);
  if (alike >= LEAST_RUNS) return null;
  const unit = firsts === null ? 'bars' : 'sessions';
  return `luck.blocks: ${alike} runs of ${blocks} ${unit} can be permuted, the test needs ${LEAST_RUNS}`;
}

/** Returns the order in which everything stays where it is. */
export function identityOrder(bars: number): BarOrder {
  const own = new Int32Array(bars);
  for (let bar = 0; bar < bars; bar += 1) own[bar] = bar;
  return { bars: own, gaps: own };
}

/** Returns the order that the seeds give, two for the bars before `first` and two for those behind it. */
export function seededOrder(market: Permutable, seeds: readonly number[]): BarOrder {
  const { bars, first, blocks } = market;
  const { bars: own } = identityOrder(bars);
  const order = { bars: own, gaps: own.slice() };
  const [warmupBars, warmupGaps, searchedBars, searchedGaps] = seeds.map(random);
  permuteRange(order, market, [1, first], [warmupBars, warmupGaps]);
  if (blocks === null) permuteRange(order, market, [first + 1, bars], [searchedBars, searchedGaps]);
  else permuteRuns(order, market, searchedBars);
  return order;
}

type Draw = () => number;

/** Permutes the bars of [from, to) and the gaps before them, bars that begin a session among each other. */
function permuteRange(
  order: BarOrder,
  { first, carried, firsts }: Permutable,
  [from, to]: readonly [number, number],
  [drawBars, drawGaps]: readonly [Draw, Draw],
): void {
  // A bar without a candle has the close before it and no gap: were it given one, its price would be nobody's.
  const isReal = (bar: number): boolean => carried === null || bar < first || carried[bar - first] === 0;
  for (const begins of firsts === null ? [0] : [1, 0]) {
    const places = placesWhere(from, to, (bar) => firsts === null || firsts[bar] === begins);
    deal(places, shuffled(places, drawBars), order.bars);
    const real = carried === null ? places : places.filter((place) => isReal(order.bars[place]));
    for (const place of places) order.gaps[place] = order.bars[place];
    deal(real, shuffled(carried === null ? places : places.filter(isReal), drawGaps), order.gaps);
  }
}

function placesWhere(from: number, to: number, holds: (bar: number) => boolean): Int32Array {
  const all = new Int32Array(Math.max(0, to - from));
  let count = 0;
  for (let bar = from; bar < to; bar += 1) {
    if (!holds(bar)) continue;
    all[count] = bar;
    count += 1;
  }
  return all.subarray(0, count);
}

function deal(places: Int32Array, values: Int32Array, into: Int32Array): void {
  for (let at = 0; at < places.length; at += 1) into[places[at]] = values[at];
}

/** A copy in random order (Fisher and Yates; Knuth, The Art of Computer Programming 2, 3.4.2, algorithm P). */
function shuffled(values: Int32Array, draw: Draw): Int32Array {
  const copy = values.slice();
  for (let at = copy.length - 1; at > 0; at -= 1) {
    const other = Math.floor(draw() * (at + 1));
    const value = copy[at];
    copy[at] = copy[other];
    copy[other] = value;
  }
  return copy;
}

/** Bars [from, to) that keep their order. Only runs of one shape change places. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly shape: string;
}

/** Permutes whole runs, each bar with the gap before it. */
function permuteRuns(order: BarOrder, { bars, first, firsts, blocks }: Permutable, draw: Draw): void {
  const runs = runsOf(first + 1, bars, blocks ?? 1, firsts);
  const moved = [...runs];
  for (const group of groupsOf(runs)) {
    const to = shuffled(group, draw);
    for (let at = 0; at < group.length; at += 1) moved[group[at]] = runs[to[at]];
  }
  let place = runs[0]?.from ?? bars;
  for (const { from, to } of moved) {
    for (let bar = from; bar < to; bar += 1) {
      order.bars[place] = bar;
      order.gaps[place] = bar;
      place += 1;
    }
  }
}

/**
 * Cuts [from, to) into runs of `blocks` bars or whole sessions, the last one shorter. Sessions have the shape of their
 * lengths, so that after a permutation each still begins where trading begins; what is left of the session of the bar
 * before `from` stays.
 */
function runsOf(from: number, to: number, blocks: number, firsts: Uint8Array | null): readonly Run[] {
  const starts = firsts === null ? null : placesWhere(from, to, (bar) => firsts[bar] === 1);
  const runs: Run[] = [];
  const count = starts === null ? Math.max(0, to - from) : starts.length;
  const startOf = (unit: number): number => (unit >= count ? to : starts === null ? from + unit : starts[unit]);
  for (let unit = 0; unit < count; unit += blocks) {
    const last = Math.min(count, unit + blocks);
    const lengths = starts === null ? [] : Array.from(starts.subarray(unit, last), (_, at) => startOf(unit + at + 1));
    const shape = lengths.map((end, at) => end - startOf(unit + at)).join();
    runs.push({ from: startOf(unit), to: startOf(last), shape });
  }
  return runs;
}

/** The positions of the runs of each shape. */
function groupsOf(runs: readonly Run[]): readonly Int32Array[] {
  const groups = new Map<string, number[]>();
  for (const [at, { shape }] of runs.entries()) {
    const group = groups.get(shape);
    if (group === undefined) groups.set(shape, [at]);
    else group.push(at);
  }
  return [...groups.values()].map((group) => Int32Array.from(group));
}
