// Whether the bars before the target slice are enough. Where they are not, an indicator has no value on the first target
// bars, and variants that read it are compared on fewer bars than others.

import type { Grid } from './grid.ts';
import { longestLookBack } from './look-back.ts';

export interface ShortHistory {
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
}

/** The bars there are: before the target slice as asked for and as found, and of it. */
export type HistoryBars = Pick<ShortHistory, 'asked_bars' | 'warmup_bars' | 'target_bars'>;

export function shortHistory(grid: Grid, { asked_bars, warmup_bars, target_bars }: HistoryBars): ShortHistory {
  const longest = longestLookBack(grid, 'value');
  const needed_bars = longest?.bars ?? 0;
  const missing_bars = Math.min(target_bars, Math.max(0, needed_bars - warmup_bars));
  const raised = missing_bars > 0;
  return { raised, indicator: longest?.of ?? null, needed_bars, asked_bars, warmup_bars, target_bars, missing_bars };
}

/** Names what has no value, on how many bars, and the way out. */
export function shortHistoryText(found: ShortHistory): string {
  const { indicator, needed_bars, asked_bars, missing_bars, target_bars } = found;
  const lack = `${indicator} has no value on the first ${missing_bars} of ${target_bars} bars`;
  return asked_bars < needed_bars
    ? `${lack}; give warmup_bars of at least ${needed_bars}, or leave it out`
    : `${lack}; add candles from before the time range, or begin the range ${missing_bars} bars later`;
}
