// How a validation cuts the target slice: each fold is searched on one part and judged on the bars after it. This is
// arithmetic of bars alone; prepare.ts makes a backtest of its own of each part.

import type { Spec } from '../spec.ts';

/** Bars of the target slice: [from, to). */
export interface Part {
  readonly from: number;
  readonly to: number;
}

interface Fold {
  readonly searched: Part;
  /** Null: nothing is held out. */
  readonly held: Part | null;
}

/** Bars that a part needs at least: its last bar cannot be entered on. */
const LEAST_BARS = 2;

/** Counts the searches that a spec asks for. */
export function foldCount({ validation }: Pick<Spec, 'validation'>): number {
  return validation?.mode === 'walk_forward' ? validation.folds : 1;
}

/** Splits a target slice of `bars` bars; one fold of everything where nothing is validated. */
export function foldsOf({ validation }: Pick<Spec, 'validation'>, bars: number): readonly Fold[] {
  if (!validation) return [{ searched: { from: 0, to: bars }, held: null }];
  if (validation.mode === 'holdout') {
    const cut = bars - Math.round(bars * validation.fraction);
    return [{ searched: { from: 0, to: cut }, held: { from: cut, to: bars } }];
  }
  // Windows of equal length, of which the search sees `train_fraction`; each is moved on by what it holds out, so that
  // the bars held out follow each other without a gap up to the end.
  const { folds, train_fraction } = validation;
  const train = Math.round((bars * train_fraction) / (train_fraction + folds * (1 - train_fraction)));
  const cut = (fold: number): number => train + Math.round(((bars - train) * fold) / folds);
  return Array.from({ length: folds }, (_, fold) => ({
    searched: { from: cut(fold) - train, to: cut(fold) },
    held: { from: cut(fold), to: cut(fold + 1) },
  }));
}

/** Returns what is wrong with splitting `bars` bars; null: nothing. */
export function splitProblem(spec: Pick<Spec, 'validation'>, bars: number): string | null {
  if (!spec.validation) return null;
  const parts = foldsOf(spec, bars).flatMap(({ searched, held }) => [searched, held ?? searched]);
  const least = Math.min(...parts.map(({ from, to }) => to - from));
  if (least >= LEAST_BARS) return null;
  return `of ${bars} bars a part would have ${least}; each needs at least ${LEAST_BARS}`;
}

/** Counts the bars that the search of the last fold sees, whose rows are kept; other folds differ by rounding. */
export function searchedBars(spec: Pick<Spec, 'validation'>, bars: number): number {
  const folds = foldsOf(spec, bars);
  const { searched } = folds[folds.length - 1];
  return searched.to - searched.from;
}
