// The checks of a verdict in words short enough to be read at a glance. The API's own words of a check are its whole reason;
// here are its numbers, and what would be good.

import type { Schemas } from '@backtest-jobs/client';
import { count, decimal, numberOf, percent, share, signed, type MetricJson } from '../../words/format.ts';

type Verdict = Schemas['Verdict'];
export type Check = Schemas['VerdictCheck'];

/** A piece of words: plain, bold (a number), or quiet (what would be good). */
export type Piece = string | { readonly bold: string } | { readonly quiet: string };

/** The part of a validation that the screen reads. */
export interface Validation {
  readonly mode: 'holdout' | 'walk_forward';
  readonly folds: readonly Fold[];
  readonly out_of_sample: { readonly metrics: Metrics };
}

export interface Fold {
  readonly in_sample: Span;
  readonly out_of_sample: Span;
  readonly best: {
    readonly variant_index: number;
    readonly in_sample: Metrics;
    readonly out_of_sample: Metrics;
  } | null;
}

interface Span {
  readonly start: string;
  readonly end: string;
  readonly bars: number;
}

export interface Metrics {
  readonly total_return_pct: MetricJson;
  readonly sharpe: MetricJson;
  readonly num_trades: number;
}

export const QUESTIONS: Readonly<Record<Check['id'], string>> = {
  luck: 'More than luck?',
  halves: 'Does it earn unseen?',
  oos: 'Unseen data?',
  holding: 'Better than holding?',
  family: 'One choice or a family?',
  years: 'Enough history?',
  room: 'Room around it?',
  edge: 'Inside the grid?',
  trades: 'Enough trades?',
  idle: 'Does the grid trade?',
};

/** Checks that decide the word of the verdict; the others are told beside it. */
export const DECIDING: ReadonlySet<Check['id']> = new Set(['luck', 'halves', 'holding', 'trades', 'years']);

export interface CheckContext {
  readonly verdict: Verdict;
  readonly validation: Validation | null;
  /** Names an axis by its key. */
  readonly nameOf: (axis: string) => string;
}

const bold = (text: string): Piece => ({ bold: text });
const quiet = (text: string): Piece => ({ quiet: text });

/** Says a check; one without a value by its reason. */
export function checkWords(check: Check, context: CheckContext): readonly Piece[] {
  if (check.value === null) return [check.id === 'oos' ? 'Not tested: nothing was held out.' : sentence(check.reason)];
  return (SAID[check.id] ?? untold)(check, context) ?? untold(check);
}

type Say = (check: Check & { value: number }, context: CheckContext) => readonly Piece[] | null;

const untold = ({ reason }: Check): readonly Piece[] => [sentence(reason)];

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;

const SAID: Readonly<Record<string, (check: Check, context: CheckContext) => readonly Piece[] | null>> = {
  luck: said((_, { verdict: { permuted, deflated_sharpe, trials } }) => {
    if (permuted && permuted.p !== null && permuted.done >= 19) {
      const found = bold(`${count(permuted.as_good)} of ${count(permuted.done)}`);
      return [found, ' markets in random order gave something as good. ', quiet('5% or less is good.')];
    }
    if (deflated_sharpe === null) return null;
    if (trials < 2)
      return [bold(share(deflated_sharpe, 1)), ' likely to be above 0, by formula. ', quiet('95% is good.')];
    return [
      bold(share(deflated_sharpe, 1)),
      ` likely, by formula, to beat the best of ${count(trials)} without skill. `,
      quiet('95% is good.'),
    ];
  }),
  halves: said(({ value, mark }) => [
    bold(share(value)),
    ' of the time the winner of one half loses money in the other. ',
    quiet(mark === null ? 'Of variants drawn.' : '5% is good.'),
  ]),
  oos: said((_, { validation }) => validation && unseenWords(validation)),
  holding: said((_, { verdict: { holding } }) =>
    holding
      ? [
          bold(percent(holding.excess_return_pct)),
          ' over buy and hold, Sharpe ',
          bold(signed(holding.excess_sharpe_annual, 2)),
          '. ',
          quiet(`Its error is ${decimal(holding.error_annual)}.`),
        ]
      : null,
  ),
  family: said(({ value }) => [
    bold(share(value)),
    ' of the time the winner of one half does worse than most in the other. ',
    quiet('Only told.'),
  ]),
  years: said(({ value, mark }, { verdict: { minimum_backtest_years: least, flags } }) => {
    if (least === null) return null;
    const short = flags.short_history?.raised ? flags.short_history : null;
    const end =
      short !== null
        ? `; ${short.indicator ?? 'an indicator'} has no value on the first ${count(short.missing_bars)} bars.`
        : mark === 'good'
          ? '.'
          : ' to be more than chance.';
    return [
      bold(decimal(value, value < 1 ? 2 : 1)),
      ' years searched; so many variants need ',
      bold(decimal(least, 1)),
      end,
    ];
  }),
  room: said(({ value }) => [
    bold(share(Math.max(0, value))),
    ' of its lead is left one step away. ',
    quiet('Below 50% it stands alone.'),
  ]),
  edge: said(
    (
      _,
      {
        verdict: {
          flags: { edge_of_grid: edge },
        },
        nameOf,
      },
    ) => {
      if (!edge) return null;
      if (!edge.raised) return ['It is at the end of no axis.'];
      return [
        'At the end of what was searched: ',
        ...edge.axes.flatMap(({ axis, value, end }, at): readonly Piece[] => [
          at === 0 ? '' : '; ',
          bold(`${nameOf(axis)} ${decimal(value, Number.isInteger(value) ? 0 : 2)}`),
          `, the ${end}`,
        ]),
        '.',
      ];
    },
  ),
  trades: said(
    (
      _,
      {
        verdict: {
          flags: { few_trades: few },
        },
      },
    ) =>
      few
        ? [
            bold(count(few.trades)),
            few.trades === 1 ? ' trade. ' : ' trades. ',
            quiet(`${few.least} or more say something.`),
          ]
        : null,
  ),
  idle: said(({ value }) => [bold(share(value)), ' of the grid never trades.']),
};

function said(say: Say) {
  return (check: Check, context: CheckContext): readonly Piece[] | null =>
    check.value === null ? null : say(check as Check & { value: number }, context);
}

function unseenWords({ mode, folds, out_of_sample: { metrics } }: Validation): readonly Piece[] {
  const money = bold(percent(metrics.total_return_pct));
  if (mode === 'holdout') {
    const searched = folds.at(-1)?.best?.in_sample.sharpe;
    return [
      money,
      ' on the bars held out, Sharpe ',
      bold(decimal(metrics.sharpe)),
      '. ',
      quiet(`${decimal(searched)} on those searched.`),
    ];
  }
  const earned = folds.filter(isEarning).length;
  return [bold(`${earned} of ${folds.length}`), ' periods after a search made money; together ', money, '.'];
}

const isEarning = ({ best }: Fold): boolean => numberOf(best?.out_of_sample.total_return_pct) > 0;

/** Returns the pieces as one text. */
export const plain = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : 'bold' in piece ? piece.bold : piece.quiet)).join('');

/**
 * Shortens the sentence of a verdict to what decided: its word stands above it, what came of unseen data and its warnings
 * are checks beside it, and how
 * many variants a search on permuted markets had is among the numbers behind.
 */
export function decidedSentence(text: string): string {
  return text
    .replace(/^(On the bars held out|Over \d+ periods).*?(\)|in all)\. (?=[A-Z])/, '')
    .replace(/ Beware: .*$/s, '')
    .replace(/ among [\d,]+ of [\d,]+ base variants/, '')
    .replace(/: (likely luck|possibly luck|probably more than luck)\.$/, '.')
    .replace(/^Luck or not cannot be told: (.)/, (_, first: string) => first.toUpperCase());
}
