// What is validated is searched on one part of the target slice and judged on the bars after it. A part is a backtest of
// its own: its bars, with `warmup_bars` of those before them for the indicators, and nothing after them. So a search of a
// part cannot look ahead, and its numbers are those of a spec whose time range is the part.

import { sliceCandles } from './candles.ts';
import type { Prepared } from '../prepare.ts';
import type { Spec } from '../spec.ts';

/** Bars of the target slice: [from, to). */
interface Part {
  readonly from: number;
  readonly to: number;
}

interface Fold {
  readonly searched: Part;
  /** Null: nothing is held out. */
  readonly held: Part | null;
}

/** A part of less says nothing: the last bar of a part cannot be entered on. */
const LEAST_BARS = 2;

/** How many searches a spec asks for. */
export function foldCount({ validation }: Pick<Spec, 'validation'>): number {
  return validation?.mode === 'walk_forward' ? validation.folds : 1;
}

/** How a target slice of so many bars is split; one fold of everything where nothing is validated. */
function foldsOf({ validation }: Pick<Spec, 'validation'>, bars: number): readonly Fold[] {
  // Requests that were stored before there was validation do not have the field.
  if (!validation) return [{ searched: { from: 0, to: bars }, held: null }];
  if (validation.mode === 'holdout') {
    const cut = bars - Math.round(bars * validation.fraction);
    return [{ searched: { from: 0, to: cut }, held: { from: cut, to: bars } }];
  }
  // Windows of equal length, of which the search sees `train_fraction`; each is moved on by what it holds out, so that the
  // bars held out follow each other without a gap up to the end.
  const { folds, train_fraction } = validation;
  const train = Math.round((bars * train_fraction) / (train_fraction + folds * (1 - train_fraction)));
  const cut = (fold: number): number => train + Math.round(((bars - train) * fold) / folds);
  return Array.from({ length: folds }, (_, fold) => ({
    searched: { from: cut(fold) - train, to: cut(fold) },
    held: { from: cut(fold), to: cut(fold + 1) },
  }));
}

/** What is wrong with splitting so many bars; null: nothing. */
export function splitProblem(spec: Pick<Spec, 'validation'>, bars: number): string | null {
  if (!spec.validation) return null;
  const parts = foldsOf(spec, bars).flatMap(({ searched, held }) => [searched, held ?? searched]);
  const least = Math.min(...parts.map(({ from, to }) => to - from));
  if (least >= LEAST_BARS) return null;
  return `of ${bars} bars a part would have ${least}; each needs at least ${LEAST_BARS}`;
}

/** So many of a target slice's bars the search of the last fold sees, whose rows are kept; other folds differ by rounding. */
export function searchedBars(spec: Pick<Spec, 'validation'>, bars: number): number {
  const folds = foldsOf(spec, bars);
  const { searched } = folds[folds.length - 1];
  return searched.to - searched.from;
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

function barsOf({ timeline }: Prepared): number {
  return timeline.end - timeline.first;
}

/** The ledger stays that of the whole: it says what candles there were. */
function partOf({ spec, grid, timeline }: Prepared, { from, to }: Part): Prepared {
  const first = timeline.first + from;
  const start = Math.max(0, first - spec.warmup_bars);
  const candles = sliceCandles(timeline.candles, start, timeline.first + to);
  return { spec, grid, timeline: { ...timeline, candles, first: first - start, end: candles.time.length } };
}
