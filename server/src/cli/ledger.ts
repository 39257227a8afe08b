// The data ledger in one line: what the answer was computed from.
import type { Ledger } from '@backtest-jobs/engine';
import { count, seconds } from './table.ts';

export function ledgerText(ledger: Ledger): string {
  const { base_missing, longest_gap_ms, duplicates, carried_bars, target_bars, first_target, last_target, digest } =
    ledger;
  return [
    `Data: ${count(target_bars)} bars from ${first_target.slice(0, 16)} to ${last_target.slice(0, 16)}`,
    // Sessions have no clock to miss: their calendar is not known, only their gaps are.
    ...(base_missing === null ? [] : [`${count(base_missing)} candles missing`]),
    ...(longest_gap_ms > 0 ? [`longest gap ${gap(longest_gap_ms)}`] : []),
    ...(carried_bars > 0 ? [`${count(carried_bars)} bars carried forward`] : []),
    ...(duplicates > 0 ? [`${count(duplicates)} duplicates dropped`] : []),
    `sha256 ${digest.slice(0, 12)}`,
  ].join(', ');
}

const DAY_MS = 86_400_000;

function gap(ms: number): string {
  return ms >= DAY_MS ? `${Math.round(ms / DAY_MS)} days` : seconds(ms / 1000);
}
