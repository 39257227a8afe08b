// The data ledger in a line, or more where there is much to say: what the answer was computed from.

import type { Ledger } from '@backtest-jobs/engine';
import { DAY_MS, splitJumpsText } from '@backtest-jobs/engine/internal';
import { count, seconds, wrap } from './table.ts';

export function ledgerText(ledger: Ledger): string {
  const { base_expected, base_missing, base_gaps, longest_gap_ms, duplicates, zero_volume_share } = ledger;
  const { bars, carried_bars, target_bars, first_target, last_target, split_jumps, digest } = ledger;
  const [read] = ledger.series ?? [];
  const line = wrapped([
    `Data: ${count(target_bars)} bars from ${first_target.slice(0, 16)} to ${last_target.slice(0, 16)}`,
    ...(bars > target_bars ? [`after ${count(bars - target_bars)} warm-up bars`] : []),
    // Sessions have no clock to miss: their calendar is not known, only their gaps are.
    ...(base_missing === null ? [] : [missing(base_missing, base_expected ?? 0, base_gaps ?? 0)]),
    ...(longest_gap_ms > 0 ? [`longest gap ${gap(longest_gap_ms)}`] : []),
    ...(carried_bars > 0 ? [`${count(carried_bars)} bars carried forward`] : []),
    ...(read === undefined ? [] : [`from the ${read.interval} candles`]),
    ...(zero_volume_share > 0 ? [`${(100 * zero_volume_share).toFixed(2)}% of the candles without volume`] : []),
    ...(duplicates > 0 ? [`${count(duplicates)} duplicates dropped`] : []),
    `sha256 ${digest.slice(0, 12)}`,
  ]);
  const beware = split_jumps === undefined ? [] : wrap(`Beware: ${splitJumpsText(split_jumps)}.`, WIDTH);
  return [line, ...beware].join('\n');
}

const WIDTH = 100;

/** Parts with commas between them, in lines no wider than the tables above. */
function wrapped(parts: readonly string[]): string {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = lines.length === 0 ? part : `${lines.at(-1)}, ${part}`;
    if (lines.length > 0 && longer.length < WIDTH) lines[lines.length - 1] = longer;
    else lines.push(lines.length === 0 ? part : `      ${part}`);
  }
  return lines.join(',\n');
}

function missing(candles: number, expected: number, gaps: number): string {
  if (candles === 0) return '0 candles missing';
  return `${count(candles)} of ${count(expected)} candles missing in ${count(gaps)} ${gaps === 1 ? 'gap' : 'gaps'}`;
}

function gap(ms: number): string {
  return ms >= DAY_MS ? `${Math.round(ms / DAY_MS)} days` : seconds(ms / 1000);
}
