// What the exploring panels say about scores.

import type { Schemas } from '@backtest-jobs/client';
import { valueText, type NamedAxis } from '../words/axes.ts';
import { count, numberOf, share } from '../words/format.ts';
import { metricText, metricWords } from '../words/metrics.ts';
import type { How } from './fields.ts';

type Summary = Schemas['SurfaceSummary'];

/** Says which scores the panels show: stage 1 has none of the stops. */
export function stageWords({ risk_axes }: Pick<Schemas['JobRequest'], 'risk_axes'>): string {
  const hasStops = risk_axes.some(({ values, length }) => length > 1 || values?.[0] !== 'off');
  return hasStops ? 'scores of stage 1, without stops' : 'scores of every variant';
}

export const HOW_WORDS: Readonly<Record<How, string>> = { max: 'best', median: 'median', near: 'neighbourhood' };

/** Writes the values of a bin: one, or the first and the last. */
export function binText(axis: NamedAxis, from: number | string, to: number | string): string {
  return from === to ? valueText(axis, from) : `${valueText(axis, from)}–${valueText(axis, to)}`;
}

/** Says what no variant has. */
export function nothingWords({ state }: Pick<Schemas['JobStatus'], 'state'>, units: number): string {
  if (state === 'queued' || state === 'running') return 'Nothing is scored yet.';
  if (state === 'succeeded') return `None of ${count(units)} variants is ranked: none has enough trades.`;
  return 'Nothing was scored before it ended.';
}

/** Says in one sentence how many variants made money and how many beat buy and hold. */
export function scoresSentence(summary: Summary, holding: number | null): string {
  const { metric, scores } = summary;
  if (scores === 0) return '';
  const made = MADE_MONEY[metric];
  if (made === undefined) {
    const middle = summary.quantiles.find((one) => one.share === 0.5)?.value;
    const half = summary.better === 'higher' ? 'or more' : 'or less';
    return `Half of what trades has a ${NAMES[metric] ?? metricWords(metric).name} of ${metricText(metric, middle)} ${half}.`;
  }
  // Few beat holding: a decimal tells them from none.
  const beating = holding === null ? 0 : partAbove(summary, holding);
  const beat = holding === null ? '' : `; ${beating === 0 ? 'none' : share(beating, 1)} beat buy and hold`;
  return `${share(partAbove(summary, made.above))} of what trades ${made.words ?? 'made money'}${beat}.`;
}

/** Returns the share of scores above a level that was asked for. */
function partAbove({ above, scores }: Summary, level: number): number {
  const found = above.find((one) => Math.abs(one.level - level) <= 1e-9 * Math.max(1, Math.abs(level)));
  return (found?.scores ?? 0) / scores;
}

/** Scores above which a variant made money, or what being above 0 says instead. */
const MADE_MONEY: Readonly<Record<string, { readonly above: number; readonly words?: string }>> = {
  total_return_pct: { above: 0 },
  return_over_max_drawdown: { above: 0 },
  calmar: { above: 0 },
  profit_factor: { above: 1 },
  sharpe: { above: 0, words: 'has a Sharpe ratio above 0' },
  sortino: { above: 0, words: 'has a Sortino ratio above 0' },
  sqn: { above: 0, words: 'has an SQN above 0' },
  expectancy: { above: 0, words: 'has an expectancy above 0' },
};

/** Returns the score above which a variant made money, or came near it; null: the metric does not tell. */
export const madeMoneyAbove = (metric: string): number | null => MADE_MONEY[metric]?.above ?? null;

/** Returns the levels that the sentence needs counted. */
export function levelsOf(metric: string, holding: number | null): readonly number[] {
  const made = madeMoneyAbove(metric) ?? 0;
  return holding === null || holding === made ? [made] : [made, holding];
}

/** Names, within a sentence, of metrics that do not tell money from loss. */
const NAMES: Readonly<Record<string, string>> = {
  max_drawdown_pct: 'maximum drawdown',
  win_rate_pct: 'win rate',
  num_trades: 'number of trades',
  ambiguous_bars: 'number of ambiguous bars',
};

/** Returns the share of scores that a level ends at; null: the summary does not tell. */
export function quantileAt({ quantiles }: Summary, at: number): number | null {
  const value = quantiles.find(({ share: one }) => Math.abs(one - at) < 1e-9)?.value;
  const number = numberOf(value);
  return Number.isNaN(number) ? null : number;
}
