// A verdict in plain words, for somebody who trades and has never heard of a deflated ratio: what came of bars that the
// search has not seen, where there are any; then what decided; then what else to beware of.

import { splitJumpsText } from '../bars/split-jumps.ts';
import { shortHistoryText } from '../grid/short-history.ts';
import { formatNumber } from '../report/format.ts';
import type { ValidationResult } from '../validation/validate.ts';
import { chanceOf, LITTLE_LOSS, MOST_LOSS } from './level.ts';
import { edgeTexts, grouped, lossText, luckText, moneyText, pText, signedText, usableP, wasCut } from './texts.ts';
import type { Judged, Verdict } from './verdict.ts';

/** The level in words. */
export const LEVELS: Readonly<Record<Verdict['luck'], string>> = {
  likely: 'Likely luck',
  possible: 'Possibly luck',
  unlikely: 'Probably more than luck',
  unknown: 'Luck or not cannot be told',
};

export function sentenceOf(verdict: Judged, validation: ValidationResult | null = null): string {
  const { few_trades, short_history } = verdict.flags;
  if (few_trades === null) {
    const because = short_history?.not_ranked ? `: ${shortHistoryText(short_history)}` : '';
    return `No variant was ranked, so there is nothing to believe or to doubt${because}.`;
  }
  const doubts = doubtsOf(verdict);
  const decided =
    verdict.luck === 'unknown'
      ? unknownText(verdict)
      : `${capital(whyOf(verdict, doubts, validation))}: ${endOf(verdict)}`;
  // Doubts decide only where nothing before them did.
  const warnings = [...(verdict.luck === 'possible' ? [] : doubts.flags), ...warningsOf(verdict.flags)];
  return [
    ...(validation === null ? [] : [unseenText(validation)]),
    `${decided}.`,
    ...(warnings.length === 0 ? [] : [`Beware: ${warnings.join(', ')}.`]),
  ].join(' ');
}

function unseenText({ mode, folds, out_of_sample: { metrics } }: ValidationResult): string {
  const money = moneyText(metrics);
  if (mode === 'holdout') return `On the bars held out, which the search has not seen, the best made ${money}.`;
  return `Over ${folds.length} periods that came after a search, the best of each search made ${money} in all.`;
}

function unknownText({ reasons, permuted }: Judged): string {
  const why = [reasons['sharpe_annual'] ?? reasons['deflated_sharpe'] ?? 'there is no Sharpe ratio', permuted?.reason];
  return `${LEVELS.unknown}: ${why.filter(Boolean).join('; ')}`;
}

function endOf(verdict: Judged): string {
  if (verdict.luck !== 'unlikely' || usableP(verdict) === null) return LEVELS[verdict.luck].toLowerCase();
  return `hard to explain by luck${pText(verdict)}`;
}

/** What decided: no money made, p, the loss on what was not seen, holding; else every reason for doubt. */
function whyOf(verdict: Judged, doubts: Doubts, validation: ValidationResult | null): string {
  const { luck, trials, total_return_pct, deflated_sharpe } = verdict;
  const chance = chanceOf(usableP(verdict), deflated_sharpe);
  const measured = luckText(verdict, validation) + (luck === 'unlikely' ? '' : pText(verdict));
  const poor = Number(total_return_pct) <= 0;
  const best = trials < 2 ? 'the one variant' : `the best of ${grouped(trials)} variants`;
  const lost = `even ${best} made no money (${signedText(Number(total_return_pct))})`;
  const first = !poor ? measured : usableP(verdict) === null ? lost : `${lost}, and ${measured}`;
  if (luck === 'unlikely') return first;
  if (luck === 'likely') return chance === 'high' ? first : `${first}, and ${doubts.loss}`;
  const all = [
    ...(doubts.wins === null ? [] : [doubts.wins]),
    ...(doubts.loss === null ? [] : [doubts.loss]),
    ...doubts.flags,
  ];
  if (all.length === 0) return first;
  return `${first}${chance === 'low' ? ', but ' : '; '}${all.join(', ')}`;
}

interface Doubts {
  /** Why luck is not likely although it looks so. */
  readonly wins: string | null;
  readonly loss: string | null;
  readonly flags: readonly string[];
}

function doubtsOf(verdict: Judged): Doubts {
  const { luck, compared, loss_probability: loss = null, flags, permuted, deflated_sharpe, reasons } = verdict;
  const chance = chanceOf(usableP(verdict), deflated_sharpe);
  const losing = Boolean(compared.with_best) && loss !== null && loss > LITTLE_LOSS;
  const spared = chance === 'high' || (chance === 'middle' && losing && loss > MOST_LOSS);
  return {
    wins:
      luck === 'possible' && spared ? 'yet no variant that was compared does better in any block of the history' : null,
    loss: losing
      ? lossText(loss)
      : compared.with_best && loss === null
        ? `whether it earns unseen cannot be told: ${reasons['loss_probability']}`
        : null,
    flags: [
      ...(wasCut(permuted) ? ['the luck test was cancelled'] : []),
      ...holdingText(flags),
      ...fewText(flags),
      ...(flags.short_history?.raised ? [shortHistoryText(flags.short_history).split(';')[0]] : []),
      ...(flags.unequal_hours?.raised
        ? [`its rules read the ${flags.unequal_hours.clock}, by which moves are unequal`]
        : []),
    ],
  };
}

function holdingText({ worse_than_holding: worse }: Verdict['flags']): readonly string[] {
  if (!worse?.raised) return [];
  const [own, held] = [worse.sharpe_annual, worse.holding_sharpe_annual].map((ratio) => formatNumber(ratio, 2));
  return [`buying and holding has the better Sharpe ratio (${held} a year, this ${own})`];
}

function fewText({ few_trades: few }: Verdict['flags']): readonly string[] {
  if (!few?.raised) return [];
  return [`it made only ${few.trades} ${few.trades === 1 ? 'trade' : 'trades'}`];
}

/** What is told and decides nothing. */
function warningsOf(flags: Verdict['flags']): readonly string[] {
  const { edge_of_grid: edge, isolated_peak: peak, zero_trades_share: idle, split_jumps: jumps } = flags;
  return [
    ...(edge?.raised ? [`it lies at the edge of the grid (${edgeTexts(edge.axes).join(', ')})`] : []),
    ...(peak?.raised ? ['one step away most of its advantage is gone'] : []),
    ...(idle?.raised ? [`${formatNumber(100 * idle.share, 0)}% of the grid never trades`] : []),
    ...(jumps ? [splitJumpsText(jumps).split(';')[0]] : []),
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
