// What a search works on, made from candles and a spec the same way wherever it is made: in the search, in each thread.
// A part of it, where a spec validates, is a backtest of its own: its bars, with `warmup_bars` of those before them for the
// indicators, and nothing after them. So a search of a part cannot look ahead, and its numbers are those of a spec whose
// time range is the part.

import { sliceCandles, type Candles } from './bars/candles.ts';
import { sliceCarried, type TargetBars } from './bars/carried.ts';
import { foldsOf, splitProblem, type Part } from './bars/folds.ts';
import { requireCandles } from './bars/ledger.ts';
import { timeline, type Timeline } from './bars/timeline.ts';
import { buildGrid, type Grid } from './grid/grid.ts';
import { specError } from './problems.ts';
import type { MeasureContext } from './simulate/metrics.ts';
import type { Spec } from './spec.ts';

/** What a spec and its candles amount to; the same wherever it is prepared. */
export interface Prepared {
  readonly spec: Spec;
  readonly timeline: Timeline;
  readonly grid: Grid;
}

/**
 * Rolls the candles up and lays the grid out. `candles` are base bars, warm-up included; `baseMs` their interval in
 * milliseconds, if it is known.
 * @throws {SpecError} when there are no candles in range, too few to validate on, most bars have none, or they are broken.
 */
export function prepare(candles: Candles, spec: Spec, baseMs?: number): Prepared {
  const bars = timeline(candles, spec, baseMs);
  requireCandles(bars.ledger, spec);
  const unsplit = splitProblem(spec, bars.end - bars.first);
  if (unsplit !== null) throw specError('validation', 'too_few_bars', unsplit);
  return { spec, timeline: bars, grid: buildGrid(spec) };
}

/** The bars that count, and what metrics must know about them. */
export function targetOf({ spec, timeline: { candles, first, end, carried, timeframeMs, clock } }: Prepared): {
  target: TargetBars;
  context: MeasureContext;
} {
  const { template, runtime } = spec;
  return {
    target: { ...sliceCandles(candles, first, end), carried },
    context: {
      initCash: template.execution.init_cash_quote,
      periodsPerYear: runtime.periods_per_year,
      timeframeMs,
      ...(clock && { clock }),
    },
  };
}

/** What the search of a fold may see. */
export function inSample(whole: Prepared, fold: number): Prepared {
  const { searched, held } = foldsOf(whole.spec, barsOf(whole))[fold];
  return held === null ? whole : partOf(whole, searched);
}

/** What judges the search of a fold; null where nothing is held out. */
export function outOfSample(whole: Prepared, fold: number): Prepared | null {
  const { held } = foldsOf(whole.spec, barsOf(whole))[fold];
  return held && partOf(whole, held);
}

/** What judges the searches of all folds, without a gap. */
export function heldOut(whole: Prepared): Prepared {
  const parts = foldsOf(whole.spec, barsOf(whole)).flatMap(({ held }) => held ?? []);
  return partOf(whole, { from: parts[0].from, to: parts[parts.length - 1].to });
}

function barsOf({ timeline: { first, end } }: Prepared): number {
  return end - first;
}

/** The ledger stays that of the whole: it says what candles there were. */
function partOf({ spec, grid, timeline: range }: Prepared, { from, to }: Part): Prepared {
  const first = range.first + from;
  const start = Math.max(0, first - spec.warmup_bars);
  const candles = sliceCandles(range.candles, start, range.first + to);
  const carried = sliceCarried(range.carried, from, to);
  return { spec, grid, timeline: { ...range, candles, first: first - start, end: candles.time.length, carried } };
}
