// The verdict as a person reads it: the sentence, and the numbers behind it in aligned lines.

import type { Verdict } from '@backtest-jobs/engine';
import { formatNumber, shortHistoryText } from '@backtest-jobs/engine/internal';
import { count, WIDTH, wrap } from './table.ts';

/** Lines no wider than the tables; numbers that cannot be told say why. */
export function verdictLines(verdict: Verdict): string[] {
  const rows = numbersOf(verdict);
  const left = Math.max(...rows.map(([name]) => name.length));
  const indent = ' '.repeat(left + 4);
  return [
    ...wrap(verdict.sentence, WIDTH),
    ...rows.flatMap(([name, text]) =>
      wrap(text, WIDTH - indent.length).map((line, at) =>
        at === 0 ? `  ${name.padEnd(left)}  ${line}` : indent + line,
      ),
    ),
  ];
}

function numbersOf(verdict: Verdict): readonly (readonly [string, string])[] {
  const { trials, compared, days, years, periods_per_year, reasons } = verdict;
  const say = (name: keyof Verdict, text: (value: number) => string): string => {
    const value = verdict[name];
    return typeof value === 'number' ? text(value) : `cannot be told: ${reasons[name] ?? 'no reason given'}`;
  };
  const daily = `${count(days)} daily returns, ${periods_per_year} a year`;
  return [
    [
      'trials',
      `${count(trials)} variants scored; ${count(compared.kept)} of the best and ${count(compared.drawn)} others compared`,
    ],
    ['Sharpe', say('sharpe_annual', (value) => `${ratio(value)} a year (${daily})`)],
    [
      'Sharpe by luck',
      say('lucky_sharpe_annual', (value) => `${ratio(value)} a year expected of the best of so many without skill`),
    ],
    ['probabilistic Sharpe', say('probabilistic_sharpe', (value) => `${percent(value)} likely to be above 0 in truth`)],
    ['deflated Sharpe', say('deflated_sharpe', (value) => `${percent(value)} likely to be above that of luck`)],
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
    ['flags', flagsText(verdict)],
  ];
}

function flagsText({ flags, reasons }: Verdict): string {
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
