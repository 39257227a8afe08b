// What a spec will cost, counted before anything is loaded: the variants of each stage, exactly, and the bytes that
// grow with the spec, as an upper bound of what a search with its threads allocates.

import type { Grid, Part } from './grid.ts';
import type { Spec } from './spec.ts';
import { TIMEFRAMES } from './timeframe.ts';
import { loadRange } from './timeline.ts';

export interface Estimate {
  readonly stage_a_variants: number;
  readonly stage_b_variants: number;
  /** Of progress: both stages and the variants that are re-run at the end. */
  readonly total_units: number;
  readonly bytes: number;
}

/** What all threads together keep of series and signal columns; what does not fit is computed again. */
export const MEMO_BYTES = 256 * 2 ** 20;

const COLUMNS_OF_CANDLES = 6 * 8;
/** Means of columns that sources name: hl2, hlc3, ohlc4. */
const SOURCE_COLUMNS = 3 * 8;
/** For each thread: a trade on every bar in the worst case, equity, the strategy's signal. */
const SIMULATION = 64 + 8 + 1;
/** An index and two scores, in the heap of the search and in that of a chunk. */
const RANKED = 2 * 3 * 8;
/** A variant as it is kept: payload, metrics, report. */
const KEPT = 8 * 1024;
const SCORE = 4;
/** A value of an axis, as a list that also has a word in it keeps numbers. */
const AXIS_VALUE = 24;

/** Units of progress of each stage, at most: variants that do not trade or are filtered out are in no later stage. */
export function unitsOf({ preselect, top_k }: Spec, { baseTotal, riskTotal }: Grid) {
  const stage_b = Math.min(preselect, baseTotal) * riskTotal;
  return { stage_a: baseTotal, stage_b, finalizing: Math.min(top_k, stage_b) };
}

export function estimate(spec: Spec, grid: Grid, threads = 1): Estimate {
  const shortlisted = Math.min(spec.preselect, grid.baseTotal);
  const units = unitsOf(spec, grid);
  const { start, end } = loadRange(spec);
  const timeframeMs = TIMEFRAMES[spec.template.timeframe];
  const bars = (end - start) / timeframeMs;
  // Markets that never close are stored by the minute, exchanges by the day or what the timeframe asks for.
  const baseBars = spec.runtime.calendar === 'continuous' ? (end - start) / TIMEFRAMES['1m'] : bars;
  const memo = grid.parts.reduce((sum, part) => sum + memoBytes(part, bars), 0);
  const marks = grid.parts.reduce((sum, { params }) => sum + (params.marks?.valid.length ?? 0), 0);
  // Risk settings are made from these when they are scored: none is kept.
  const axes = [...grid.axes.map(({ values }) => values), ...Object.values(grid.risks)];
  const axisValues = axes.reduce((sum, { length }) => sum + length, 0);
  const bytes =
    (baseBars + bars) * COLUMNS_OF_CANDLES +
    threads * bars * (SOURCE_COLUMNS + SIMULATION) +
    Math.min(threads * memo, MEMO_BYTES) +
    threads * marks +
    (threads + 1) * axisValues * AXIS_VALUE +
    grid.rawTotal * SCORE +
    (shortlisted + spec.top_k) * RANKED +
    spec.top_k * KEPT;
  return {
    stage_a_variants: units.stage_a,
    stage_b_variants: units.stage_b,
    total_units: units.stage_a + units.stage_b + units.finalizing,
    bytes: Math.ceil(bytes),
  };
}

/** Of every series and every signal column of an indicator. */
function memoBytes({ indicator, seriesValid, signalCombos }: Part, bars: number): number {
  return seriesValid * bars * (indicator.outputs.length * 8 + signalCombos.total);
}
