// What a search works on, made from candles and a spec the same way wherever it is made: in the search, in each thread.
import { sliceCandles, type Candles } from './bars/candles.ts';
import { buildGrid, type Grid } from './grid/grid.ts';
import type { MeasureContext } from './simulate/metrics.ts';
import { specError } from './problems.ts';
import type { Spec } from './spec.ts';
import { timeline, type Timeline } from './bars/timeline.ts';
import { splitProblem } from './bars/folds.ts';

/** What a spec and its candles amount to; the same wherever it is prepared. */
export interface Prepared {
  readonly spec: Spec;
  readonly timeline: Timeline;
  readonly grid: Grid;
}

/**
 * Rolls the candles up and lays the grid out. `candles` are base bars, warm-up included; `baseMs` their interval in
 * milliseconds, if it is known.
 * @throws {SpecError} when there are no candles in range, too few to validate on, or they are broken.
 */
export function prepare(candles: Candles, spec: Spec, baseMs?: number): Prepared {
  const bars = timeline(candles, spec, baseMs);
  const unsplit = splitProblem(spec, bars.end - bars.first);
  if (unsplit !== null) throw specError('validation', 'too_few_bars', unsplit);
  return { spec, timeline: bars, grid: buildGrid(spec) };
}

/** The bars that count, and what metrics must know about them. */
export function targetOf({ spec, timeline: { candles, first, end, timeframeMs } }: Prepared): {
  target: Candles;
  context: MeasureContext;
} {
  const { template, runtime } = spec;
  return {
    target: sliceCandles(candles, first, end),
    context: {
      initCash: template.execution.init_cash_quote,
      periodsPerYear: runtime.periods_per_year,
      timeframeMs,
    },
  };
}
