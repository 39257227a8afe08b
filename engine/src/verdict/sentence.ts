// A verdict in one sentence, for somebody who trades and has never heard of a deflated ratio.

import { splitJumpsText } from '../bars/split-jumps.ts';
import { shortHistoryText } from '../grid/short-history.ts';
import { formatNumber } from '../report/format.ts';
import type { Flags } from './flags.ts';
import type { Verdict } from './verdict.ts';

const HEADS: Readonly<Record<Verdict['luck'], string>> = {
  likely: 'Likely luck',
  possible: 'Possibly luck',
  unlikely: 'Probably more than luck',
  unknown: 'Luck or not cannot be told',
};

export function sentenceOf(verdict: Omit<Verdict, 'sentence'>): string {
  const { luck, trials, sharpe_annual, lucky_sharpe_annual, overfitting_probability, flags, reasons } = verdict;
  if (flags.few_trades === null) return 'No variant was ranked, so there is nothing to believe or to doubt.';
  const why =
    sharpe_annual === null
      ? [reasons.sharpe_annual ?? 'there is no Sharpe ratio']
      : [`the best of ${grouped(trials)} variants has a Sharpe ratio of ${formatNumber(sharpe_annual, 2)} a year`];
  if (sharpe_annual !== null && sharpe_annual <= 0) why[0] += ', so even the best made no money';
  else if (lucky_sharpe_annual !== null && sharpe_annual !== null) {
    why[0] += `, and the best of as many without any skill would have about ${formatNumber(lucky_sharpe_annual, 2)}`;
  }
  if (overfitting_probability !== null) {
    const share = formatNumber(100 * overfitting_probability, 0);
    why.push(`what wins in one half of the history does worse than most in the other half ${share}% of the time`);
  }
  const warnings = warningsOf(flags);
  if (warnings.length > 0) why.push(`beware: ${warnings.join(', ')}`);
  return `${HEADS[luck]}: ${why.join('; ')}.`;
}

function warningsOf({
  few_trades,
  edge_of_grid,
  isolated_peak,
  zero_trades_share,
  short_history,
  split_jumps,
}: Flags): readonly string[] {
  return [
    ...(few_trades?.raised
      ? [`it made only ${few_trades.trades} ${few_trades.trades === 1 ? 'trade' : 'trades'}`]
      : []),
    ...(edge_of_grid?.raised
      ? [`it lies at the edge of the grid (${edge_of_grid.axes.map(edgeText).join(', ')})`]
      : []),
    ...(isolated_peak?.raised ? ['one step away most of its advantage is gone'] : []),
    ...(zero_trades_share?.raised
      ? [`${formatNumber(100 * zero_trades_share.share, 0)}% of the grid never trades`]
      : []),
    ...(short_history?.raised ? [shortHistoryText(short_history).split(';')[0]] : []),
    ...(split_jumps ? [splitJumpsText(split_jumps).split(';')[0]] : []),
  ];
}

function edgeText({ axis, value, end }: { axis: string; value: number; end: string }): string {
  return `${axis} ${value}, the ${end}`;
}

function grouped(count: number): string {
  const digits = String(count);
  const groups = [digits.slice(0, digits.length % 3)];
  for (let at = digits.length % 3; at < digits.length; at += 3) groups.push(digits.slice(at, at + 3));
  return groups.filter(Boolean).join(',');
}
