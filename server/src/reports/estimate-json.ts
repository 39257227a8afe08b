// What a spec would cost and whether there is history enough for it, as the API and the CLI tell it, before anything runs.

import { buildGrid, estimate, estimateHistory, estimateTime, type Spec } from '@backtest-jobs/engine';
import { shortHistoryText, type ShortHistory } from '@backtest-jobs/engine/internal';

export interface EstimateJson {
  readonly stage_a_variants: number;
  readonly stage_b_variants: number;
  readonly total_units: number;
  readonly threads: number;
  /** With so many threads, and with the one that the guard of memory judges. */
  readonly bytes: number;
  readonly guard_bytes: number;
  readonly time: { readonly low_seconds: number; readonly high_seconds: number };
  readonly trials: number;
  readonly minimum_backtest_years: number;
  readonly years: number;
  readonly short_history: ShortHistory;
  readonly warnings: readonly Warning[];
}

interface Warning {
  readonly code: 'too_little_history' | 'short_history';
  readonly message: string;
}

export function estimateJson(spec: Spec, threads: number): EstimateJson {
  const grid = buildGrid(spec);
  const { bytes: guard_bytes, ...counts } = estimate(spec, grid);
  const history = estimateHistory(spec, grid);
  return {
    ...counts,
    threads,
    bytes: estimate(spec, grid, threads).bytes,
    guard_bytes,
    time: estimateTime(spec, grid, threads),
    ...history,
    warnings: [...warningsOf(history), ...warmupWarning(history.short_history)],
  };
}

function warmupWarning(found: ShortHistory): readonly Warning[] {
  return found.raised ? [{ code: 'short_history', message: shortHistoryText(found) }] : [];
}

function warningsOf({
  trials,
  minimum_backtest_years: needed,
  years,
}: Pick<EstimateJson, 'trials' | 'minimum_backtest_years' | 'years'>): readonly Warning[] {
  if (years >= needed) return [];
  const luck = `the best of ${trials.toLocaleString('en-US')} variants is expected to reach a Sharpe ratio of 1 a year by luck alone`;
  const message = `with less than ${needed.toFixed(1)} years of history ${luck}; ${years.toFixed(1)} are searched on`;
  return [{ code: 'too_little_history', message }];
}
