// What a search came to on bars it has not seen: the best variant of each fold in sample and out of sample, and the
// equity of whoever had traded them, fold after fold.

import { barEnd } from '../bars/timeframe.ts';
import { riskAt } from '../grid/grid.ts';
import type { Payload } from '../grid/variant.ts';
import { inSample, outOfSample, type Prepared } from '../prepare.ts';
import { openFullRun } from '../report/full-run.ts';
import { isoTime } from '../report/trade-rows.ts';
import type { SearchState } from '../scoring/state.ts';
import type { MetricsJson } from '../simulate/metrics-json.ts';
import type { Validation } from '../spec.ts';
import { stitch, type Stitched } from './stitch.ts';

/** Plain JSON. */
export interface ValidationResult {
  readonly mode: Validation['mode'];
  readonly folds: readonly FoldResult[];
  /** Trading the best of each fold on its bars out of sample. */
  readonly out_of_sample: Stitched;
}

export interface FoldResult {
  readonly in_sample: Span;
  readonly out_of_sample: Span;
  readonly counts: SearchState['counts'];
  /** Null: no variant was ranked. Metrics are from the initial cash in both parts. */
  readonly best: {
    readonly variant_index: number;
    readonly payload: Payload;
    readonly in_sample: MetricsJson;
    readonly out_of_sample: MetricsJson;
  } | null;
}

/** From the open of the first bar to the close of the last. */
interface Span {
  readonly start: string;
  readonly end: string;
  readonly bars: number;
}

/** Judges the end of a search; yields `turn()` after each run. Null: the spec asks for no validation. */
export function* validate<T>(
  fullRange: Prepared,
  { best, counts, past }: Pick<SearchState, 'best' | 'counts' | 'past'>,
  turn: () => T,
): Generator<T, ValidationResult | null> {
  const { validation } = fullRange.spec;
  if (!validation) return null;
  const [first = null] = best.index;
  const chosen = [...past, { best: first, counts }];
  const folds: FoldResult[] = [];
  for (const [fold, one] of chosen.entries()) {
    folds.push(foldResult(fullRange, fold, one));
    yield turn();
  }
  const variants = chosen.map((one) => one.best);
  return { mode: validation.mode, folds, out_of_sample: yield* stitch(fullRange, variants, turn) };
}

function foldResult(fullRange: Prepared, fold: number, { best, counts }: SearchState['past'][number]): FoldResult {
  const searched = inSample(fullRange, fold);
  const held = outOfSample(fullRange, fold);
  if (held === null) throw new RangeError(`fold ${fold} holds nothing out`);
  const spans = { in_sample: spanOf(searched), out_of_sample: spanOf(held), counts };
  if (best === null) return { ...spans, best };
  const { grid } = fullRange;
  const risk = best % grid.riskTotal;
  const [inside, outside] = [searched, held].map((part) =>
    openFullRun(part)((best - risk) / grid.riskTotal, riskAt(grid, risk)),
  );
  const { payload, metrics } = inside;
  return { ...spans, best: { variant_index: best, payload, in_sample: metrics, out_of_sample: outside.metrics } };
}

function spanOf({ timeline }: Prepared): Span {
  const { candles, first, end } = timeline;
  const { time } = candles;
  return { start: isoTime(time[first]), end: isoTime(barEnd(time[end - 1], timeline)), bars: end - first };
}
