// What a spec would cost and whether there is history enough for it, as the API and the CLI tell it, before anything runs.

import {
  buildGrid,
  estimate,
  estimateHistory,
  estimateTime,
  type Defaults,
  type Problem,
  type Spec,
} from '@backtest-jobs/engine';
import {
  SPEC_WARNINGS,
  shortHistoryText,
  skippedLuck,
  specWarnings,
  type ShortHistory,
} from '@backtest-jobs/engine/internal';

export interface EstimateJson {
  readonly stage_a_variants: number;
  readonly stage_b_variants: number;
  readonly total_units: number;
  readonly threads: number;
  /** With so many threads, and with the one that the guard of memory judges. */
  readonly bytes: number;
  readonly guard_bytes: number;
  readonly time: { readonly low_seconds: number; readonly high_seconds: number };
  readonly luck: LuckEstimate;
  readonly trials: number;
  readonly minimum_backtest_years: number;
  readonly years: number;
  readonly short_history: ShortHistory;
  readonly warnings: readonly Warning[];
}

/** The luck test that the spec asks for, and what of units, bytes and time is its. */
interface LuckEstimate {
  readonly permutations: number;
  /** Base variants of each search. */
  readonly variants: number;
  readonly blocks: number | null;
  readonly walk: boolean;
  readonly units: number;
  readonly bytes: number;
  readonly low_seconds: number;
  readonly high_seconds: number;
}

/** Codes of what an estimate warns of. */
export const WARNINGS = ['too_little_history', 'short_history', 'luck_skipped', ...SPEC_WARNINGS] as const;

interface Warning extends Problem {
  readonly code: (typeof WARNINGS)[number];
}

interface Machine {
  readonly threads: number;
  readonly markets: Defaults['markets'];
}

/** Estimates a spec on so many threads. */
export function estimateJson(spec: Spec, { threads, markets }: Machine): EstimateJson {
  const grid = buildGrid(spec);
  const { bytes: guard_bytes, luck_bytes: _, luck_variants: units, ...counts } = estimate(spec, grid);
  const { bytes, luck_bytes } = estimate(spec, grid, threads);
  const history = estimateHistory(spec, grid);
  const { luck, ...time } = estimateTime(spec, grid, threads);
  const { permutations = 0, variants = 0, blocks = null, walk = false } = spec.luck ?? {};
  return {
    ...counts,
    threads,
    bytes,
    guard_bytes,
    time,
    luck: { permutations, variants, blocks, walk, units, bytes: luck_bytes, ...luck },
    ...history,
    warnings: [
      ...warningsOf(history),
      ...warmupWarning(history.short_history),
      ...luckWarning(spec),
      ...specWarnings(spec, markets),
    ],
  };
}

function luckWarning(spec: Spec): readonly Warning[] {
  const message = skippedLuck(spec);
  return message === null ? [] : [{ path: 'luck', code: 'luck_skipped', message }];
}

function warmupWarning(found: ShortHistory): readonly Warning[] {
  return found.raised ? [{ path: 'warmup_bars', code: 'short_history', message: shortHistoryText(found) }] : [];
}

function warningsOf({
  trials,
  minimum_backtest_years: needed,
  years,
}: Pick<EstimateJson, 'trials' | 'minimum_backtest_years' | 'years'>): readonly Warning[] {
  if (years >= needed) return [];
  const luck = `the best of ${trials.toLocaleString('en-US')} variants is expected to reach a Sharpe ratio of 1 a year by luck alone`;
  const message = `with less than ${needed.toFixed(1)} years of history ${luck}; ${years.toFixed(1)} are searched on`;
  return [{ path: 'time_range', code: 'too_little_history', message }];
}
