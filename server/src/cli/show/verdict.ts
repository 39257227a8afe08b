// The verdict as a person reads it: the level, the sentence, its checks with their marks, and the numbers behind them.

import type { Verdict } from '@backtest-jobs/engine';
import { formatNumber, LEVELS, QUESTIONS, shortHistoryText, type VerdictCheck } from '@backtest-jobs/engine/internal';
import { count, wrap } from './table.ts';

/** Columns of a terminal that nobody has made wider. */
const NARROW = 80;

const MARKS = { good: 'good', caution: 'caution', bad: 'bad' } as const;

/** The level, the sentence and the checks in 80 columns; of verdicts before 0.5.0 the sentence and the numbers. */
export function verdictLines(verdict: Verdict): string[] {
  const { checks, sentence, luck } = verdict;
  if (checks === undefined) return [...wrap(sentence, NARROW), ...rowLines(olderNumbers(verdict))];
  return [LEVELS[luck], ...wrap(sentence, NARROW), ...checkLines(checks), ...rowLines(numbersOf(verdict))];
}

/** A line a check: question, mark, words. A mark of null is no answer. */
function checkLines(checks: readonly VerdictCheck[]): string[] {
  const asked = Math.max(...checks.map(({ id }) => QUESTIONS[id].length));
  const marked = Math.max(...Object.values(MARKS).map(({ length }) => length));
  const indent = ' '.repeat(2 + asked + 2 + marked + 2);
  return checks.flatMap(({ id, mark, reason }) => {
    const head = `  ${QUESTIONS[id].padEnd(asked)}  ${(mark === null ? '-' : MARKS[mark]).padEnd(marked)}  `;
    return wrap(reason, NARROW - indent.length).map((line, at) => (at === 0 ? head : indent) + line);
  });
}

type Row = readonly [name: string, text: string];

function rowLines(rows: readonly Row[]): string[] {
  const left = Math.max(...rows.map(([name]) => name.length));
  const indent = ' '.repeat(left + 4);
  return rows.flatMap(([name, text]) =>
    wrap(text, NARROW - indent.length).map((line, at) =>
      at === 0 ? `  ${name.padEnd(left)}  ${line}` : indent + line,
    ),
  );
}

/** What no check says. */
function numbersOf(verdict: Verdict): readonly Row[] {
  const { trials, compared, permuted } = verdict;
  const among = compared.with_best ? 'with the best among them' : 'without the best';
  const drawn = `${count(compared.drawn)} drawn from the grid and compared, ${among}`;
  return [
    ['trials', `${count(trials)} variants scored; ${drawn}`],
    ...sharpeRows(verdict),
    ...(permuted ? permutedRows(permuted) : []),
  ];
}

function permutedRows({ best, typical, lucky_sharpe_annual, deflated_sharpe, ...told }: PermutedOf): readonly Row[] {
  const [own, luck] = [best, typical].map((value) => (typeof value === 'number' ? formatNumber(value, 4) : value));
  const lucky =
    lucky_sharpe_annual === null ? '' : `; luck has a Sharpe of ${ratio(lucky_sharpe_annual)} a year on average`;
  const ofSample = told.variants < told.grid_variants ? ", of the sample's best" : '';
  const deflated =
    deflated_sharpe === null
      ? `cannot be told: ${told.sharpe_reason ?? 'no reason given'}`
      : `${percent(deflated_sharpe)} likely to be above that of luck as measured${ofSample}`;
  return [
    [
      'luck finds',
      `${luck ?? 'nothing'} in the middle, by the ranking metric; the real best has ${own ?? 'none'}${lucky}`,
    ],
    ['deflated, measured', deflated],
  ];
}

type PermutedOf = NonNullable<Verdict['permuted']>;

function sharpeRows(verdict: Verdict): readonly Row[] {
  const { days, periods_per_year } = verdict;
  const say = sayOf(verdict);
  const daily = `${count(days)} daily returns, ${periods_per_year} a year`;
  return [
    ['Sharpe', say('sharpe_annual', (value) => `${ratio(value)} a year (${daily})`)],
    [
      'Sharpe by luck',
      say('lucky_sharpe_annual', (value) => `${ratio(value)} a year by formula: the best of so many without skill`),
    ],
    ['probabilistic Sharpe', say('probabilistic_sharpe', (value) => `${percent(value)} likely to be above 0 in truth`)],
    [
      'deflated Sharpe',
      say('deflated_sharpe', (value) => `${percent(value)} likely to be above that of luck by formula`),
    ],
  ];
}

function sayOf(verdict: Verdict) {
  return (name: keyof Verdict, text: (value: number) => string): string => {
    const value = verdict[name];
    return typeof value === 'number' ? text(value) : `cannot be told: ${verdict.reasons[name] ?? 'no reason given'}`;
  };
}

/** All numbers of a verdict that has no checks. */
function olderNumbers(verdict: Verdict): readonly Row[] {
  const { trials, compared, years } = verdict;
  const say = sayOf(verdict);
  return [
    [
      'trials',
      `${count(trials)} variants scored; ${count(compared.kept ?? 0)} of the best and ${count(compared.drawn)} others compared`,
    ],
    ...sharpeRows(verdict),
    [
      'overfitting',
      say(
        'overfitting_probability',
        (value) => `${percent(value)} likely: best in one half of the history, below the middle in the other`,
      ),
    ],
    [
      'history',
      say(
        'minimum_backtest_years',
        (value) => `${value.toFixed(1)} years needed for a Sharpe of 1 not to be luck; there are ${years.toFixed(1)}`,
      ),
    ],
    ['flags', olderFlags(verdict)],
  ];
}

function olderFlags({ flags, reasons }: Verdict): string {
  const { edge_of_grid, few_trades, isolated_peak, zero_trades_share, short_history } = flags;
  const edges = (edge_of_grid?.axes ?? []).map(({ axis, value, end }) => `${axis} ${value} is the ${end}`);
  return [
    few_trades === null ? null : `${count(few_trades.trades)} trades${few_trades.raised ? ' (few)' : ''}`,
    edge_of_grid === null
      ? null
      : edges.length === 0
        ? 'inside the grid'
        : `at the edge of the grid (${edges.join(', ')})`,
    isolated_peak === null ? `peak cannot be judged: ${reasons['isolated_peak']}` : peakText(isolated_peak),
    zero_trades_share === null ? null : `${percent(zero_trades_share.share)} of the grid never trades`,
    short_history?.raised ? shortHistoryText(short_history) : null,
  ]
    .filter((text) => text !== null)
    .join('; ');
}

function peakText(peak: NonNullable<Verdict['flags']['isolated_peak']>): string {
  const { raised, left_share, score, neighbour_median, neighbour_worst } = peak;
  const worst = neighbour_worst === undefined ? '' : `, the worst ${formatNumber(neighbour_worst, 4)}`;
  const scores = `neighbours have ${formatNumber(neighbour_median, 4)} in the middle${worst}, the best ${formatNumber(score, 4)}`;
  return `${percent(left_share)} of its advantage left one step away${raised ? ' (isolated)' : ''}: ${scores}`;
}

function ratio(value: number): string {
  return value.toFixed(2);
}

/** Never 0 or 100 for what is only near it. */
function percent(share: number): string {
  const text = (100 * share).toFixed(1);
  if (text === '100.0' && share < 1) return '>99.9%';
  return text === '0.0' && share > 0 ? '<0.1%' : `${text}%`;
}
