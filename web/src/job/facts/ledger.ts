// What candles a result stands on, in words. Results of earlier versions may have less.

import { count, date, NONE, share, span } from '../../words/format.ts';

interface Ledger {
  readonly bars?: number;
  readonly target_bars?: number;
  readonly first_target?: string;
  readonly last_target?: string;
  readonly base_missing?: number | null;
  readonly base_gaps?: number | null;
  readonly carried_bars?: number;
  readonly longest_gap_ms?: number;
  readonly duplicates?: number;
  readonly zero_volume_share?: number;
  readonly digest?: string;
  readonly split_jumps?: {
    readonly count: number;
    readonly first: readonly { readonly time: string; readonly split: string }[];
  };
}

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly isCode?: true;
  /** Whether it may spoil the result. */
  readonly isDoubtful?: boolean;
}

export function ledgerFacts(json: object): readonly Fact[] {
  const ledger = json as Ledger;
  const { target_bars = 0, carried_bars = 0, base_missing: missing, base_gaps: gaps, split_jumps: jumps } = ledger;
  const range =
    ledger.first_target && ledger.last_target ? `, ${date(ledger.first_target)} to ${date(ledger.last_target)}` : '';
  const warmup = (ledger.bars ?? target_bars) - target_bars;
  return [
    { name: 'Bars', value: `${count(target_bars)}${range}` },
    {
      name: 'Before them',
      value: warmup === 0 ? 'none, for indicators to warm up' : `${count(warmup)}, for indicators to warm up`,
    },
    {
      name: 'Missing',
      value:
        missing === null || missing === undefined
          ? 'exchange sessions: not counted'
          : missing === 0
            ? 'none'
            : `${count(missing)} in ${count(gaps)} gaps`,
      isDoubtful: (missing ?? 0) > 0,
    },
    { name: 'Carried forward', value: count(carried_bars), isDoubtful: carried_bars > 0.01 * target_bars },
    { name: 'Longest gap', value: gapText(ledger.longest_gap_ms) },
    { name: 'Duplicates', value: `${count(ledger.duplicates ?? 0)}${(ledger.duplicates ?? 0) > 0 ? ' dropped' : ''}` },
    {
      name: 'Without volume',
      value: share(ledger.zero_volume_share, 1),
      isDoubtful: (ledger.zero_volume_share ?? 0) > 0.05,
    },
    ...(jumps
      ? [
          {
            name: 'Like splits',
            value: `${count(jumps.count)}: ${jumps.first
              .slice(0, 3)
              .map((one) => `${one.split} on ${date(one.time)}`)
              .join(', ')}`,
            isDoubtful: true,
          },
        ]
      : []),
    { name: 'Digest', value: ledger.digest?.slice(0, 16) ?? NONE, isCode: true },
  ];
}

/** Gaps of days are told in days. */
function gapText(ms: number | undefined): string {
  if (ms === undefined) return NONE;
  const days = ms / 86_400_000;
  return days >= 1 && Number.isInteger(days) ? `${days} ${days === 1 ? 'day' : 'days'}` : span(ms / 1000);
}
