// Whether the bars before the target slice are enough. Where they are not, an indicator has no value on the first target
// bars, and variants that read it are compared on fewer bars than others: one without a value on a tenth of the target is
// flagged, and one without on more than half is not ranked.

import { digitsAt, type Grid } from './grid.ts';
import { longestLookBack, lookBackOf, type LookBack } from './look-back.ts';

export interface ShortHistory {
  /** Whether a variant has no value on a tenth of the target bars or more. */
  readonly raised: boolean;
  /** What needs the longest history of all variants, like `sma(close, 400)`; null: no rule reads history. */
  readonly indicator: string | null;
  /** Bars it needs before its first value. */
  readonly needed_bars: number;
  /** `warmup_bars` of the request, and the bars before the target slice that candles gave. */
  readonly asked_bars: number;
  readonly warmup_bars: number;
  /** Target bars, and the first of them on which it has no value. */
  readonly target_bars: number;
  readonly missing_bars: number;
  /** Base variants that were not ranked, because they have no value on more than half of the target; only where there are. */
  readonly not_ranked?: number;
}

/** The bars there are: before the target slice as asked for and as found, and of it. */
export type HistoryBars = Pick<ShortHistory, 'asked_bars' | 'warmup_bars' | 'target_bars'>;

const FLAGGED = 0.1;
const LEFT_OUT = 0.5;

const known = new WeakMap<Grid, LookBack | null>();

/** Looks once for what all variants of a grid need: the parts of a validation share it. */
function longestOf(grid: Grid): LookBack | null {
  const found = known.get(grid);
  const longest = found === undefined ? longestLookBack(grid, 'value') : found;
  known.set(grid, longest);
  return longest;
}

export function shortHistory(grid: Grid, { asked_bars, warmup_bars, target_bars }: HistoryBars): ShortHistory {
  const longest = longestOf(grid);
  const needed_bars = longest?.bars ?? 0;
  const missing_bars = Math.min(target_bars, Math.max(0, needed_bars - warmup_bars));
  const raised = isFlagged(missing_bars, target_bars);
  return { raised, indicator: longest?.of ?? null, needed_bars, asked_bars, warmup_bars, target_bars, missing_bars };
}

function isFlagged(missing: number, target: number): boolean {
  return missing > 0 && missing >= target * FLAGGED;
}

function isLeftOut(missing: number, target: number): boolean {
  return missing > target * LEFT_OUT;
}

/** Bars of a part: where its target slice begins, and where it ends. */
interface Bars {
  readonly first: number;
  readonly end: number;
}

/** Returns what counts the first target bars on which a base variant has no value; null: so many as `counts` asks for lack none. */
function openMissing(grid: Grid, { first, end }: Bars, counts: typeof isFlagged): ((base: number) => number) | null {
  const target = end - first;
  const missing = (needed: number): number => Math.min(target, Math.max(0, needed - first));
  if (!counts(missing(longestOf(grid)?.bars ?? 0), target)) return null;
  const needed = lookBackOf(grid, 'value');
  const digits = new Int32Array(grid.axes.length);
  return (base) => (digitsAt(grid, base, digits) ? missing(needed(digits)) : 0);
}

/** Returns what tells a base variant that is not ranked because its history is too short; null: there is none. */
export function openLeftOut(grid: Grid, bars: Bars): ((base: number) => boolean) | null {
  const missing = openMissing(grid, bars, isLeftOut);
  return missing && ((base) => isLeftOut(missing(base), bars.end - bars.first));
}

/** Returns what counts the first target bars on which a base variant has no value, where it is flagged; 0: it is not. */
export function openFlagged(grid: Grid, bars: Bars): (base: number) => number {
  const missing = openMissing(grid, bars, isFlagged);
  return (base) => {
    const found = missing?.(base) ?? 0;
    return isFlagged(found, bars.end - bars.first) ? found : 0;
  };
}

/** Names what has no value, on how many bars, what is not ranked for it, and the way out. */
export function shortHistoryText(found: ShortHistory): string {
  const { indicator, needed_bars, asked_bars, missing_bars, target_bars, not_ranked = 0 } = found;
  const lack = `${indicator} has no value on the first ${missing_bars} of ${target_bars} bars`;
  const base = not_ranked === 1 ? '1 base variant' : `${not_ranked} base variants`;
  const out = not_ranked === 0 ? '' : `, and ${base} without a value on more than half of them not ranked`;
  return asked_bars < needed_bars
    ? `${lack}${out}; give warmup_bars of at least ${needed_bars}, or leave it out`
    : `${lack}${out}; add candles from before the time range, or begin the range ${missing_bars} bars later`;
}
