// What the engine says of a draft: its problems, or what it amounts to. It runs in the worker of the page.

import {
  buildGrid,
  DEFAULTS,
  estimate,
  estimateHistory,
  SpecError,
  type Defaults,
  type Spec,
} from '@backtest-jobs/engine';
import { foldsOf, parseSpecWithin, WorkExceeded, type SavedStrategy } from '@backtest-jobs/engine/internal';
import type { PlainObject } from '../draft/plain.ts';
import type { Problem } from '../draft/problems.ts';
import { carriedBy, thinnings, type Thinning } from '../draft/thin.ts';

/** What the server decides of a spec. */
export interface Rules {
  readonly defaults: Defaults;
  /** The strategy that the draft means; null: there is none with its id. */
  readonly saved: SavedStrategy | null;
}

export interface Counts {
  /** Lengths of the axes with more than one value, and what their product is where constraints leave some out. */
  readonly lengths: readonly number[];
  readonly rawTotal: number;
  readonly baseTotal: number;
  readonly riskTotal: number;
  readonly shortlisted: number;
  readonly folds: number;
  readonly trials: number;
  readonly bytes: number;
  readonly years: number;
  readonly neededYears: number;
  /** Variants that the history carries. */
  readonly carried: number;
  /** Parts of the range that are searched and held out, as shares of it. */
  readonly parts: readonly { readonly from: number; readonly to: number; readonly isHeld: boolean }[];
}

export type Judgement =
  | { readonly kind: 'sound'; readonly spec: Spec; readonly counts: Counts }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }
  /** Judging takes longer than somebody waits who types; the server judges it on submit. */
  | { readonly kind: 'vast' };

/** Parts of constraints that are computed for a draft, some 40 ns each. */
const WORK = 50_000_000;
/** The same for each of the suggestions, of which there are dozens. */
const WORK_OF_SUGGESTION = 2_000_000;

export function judge(input: PlainObject, { defaults, saved }: Rules): Judgement {
  try {
    const spec = parseSpecWithin(WORK, input, defaults, saved);
    return { kind: 'sound', spec, counts: countsOf(spec) };
  } catch (error) {
    if (error instanceof WorkExceeded) return { kind: 'vast' };
    if (error instanceof SpecError) return { kind: 'problems', problems: error.problems };
    throw error;
  }
}

function countsOf(spec: Spec): Counts {
  const grid = buildGrid(spec);
  const history = estimateHistory(spec, grid);
  const cost = estimate(spec, grid);
  const folds = spec.validation?.mode === 'walk_forward' ? spec.validation.folds : 1;
  const base = cost.stage_a_variants / folds;
  return {
    lengths: grid.axes.map(({ values }) => values.length).filter((length) => length > 1),
    rawTotal: grid.rawTotal,
    baseTotal: base,
    riskTotal: grid.riskTotal,
    shortlisted: Math.min(spec.preselect, base),
    folds,
    trials: history.trials,
    bytes: cost.bytes,
    years: history.years,
    neededYears: history.minimum_backtest_years,
    carried: carriedBy(history.years),
    parts: partsOf(spec),
  };
}

/** Suggests coarser steps for a spec whose history carries so many variants. */
export function thin(input: PlainObject, carried: number, rules: Rules): readonly Thinning[] {
  return thinnings(input, carried, (one) => trialsOf(one, rules));
}

function trialsOf(input: PlainObject, { defaults, saved }: Rules): number | null {
  try {
    // Neither changes the number of variants, and finding them takes most of the time.
    const counted = { ...input, luck: 'off', warmup_bars: 0 };
    const spec = parseSpecWithin(WORK_OF_SUGGESTION, counted, defaults, saved);
    return estimateHistory(spec, buildGrid(spec)).trials;
  } catch (error) {
    if (error instanceof WorkExceeded || error instanceof SpecError) return null;
    throw error;
  }
}

/** Bars that a range is cut in to show its parts. */
const FINE = 10_000;

/** Cuts the range as the validation does; what several folds search on is one part each. */
function partsOf(spec: Spec): Counts['parts'] {
  const folds = foldsOf(spec, FINE);
  const share = (isHeld: boolean) => (part: { from: number; to: number } | null) =>
    part === null ? [] : [{ from: part.from / FINE, to: part.to / FINE, isHeld }];
  const searched = folds.map((fold) => fold.searched).flatMap(share(false));
  return searched.concat(folds.map(({ held }) => held).flatMap(share(true)));
}

/** Reads what the API says of the defaults as the engine wants it. */
export function defaultsOf(runtime: {
  readonly defaults: object;
  readonly limits: object;
  readonly markets: Readonly<Record<string, { readonly day: unknown }>>;
}): Defaults {
  const markets = Object.entries(runtime.markets).map(([id, { day, ...market }]) => {
    return [id, { ...market, ...(day !== null && { day }) }] as const;
  });
  return { ...DEFAULTS, ...runtime.defaults, markets: Object.fromEntries(markets), guards: runtime.limits } as Defaults;
}
