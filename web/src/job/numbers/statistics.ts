// The numbers behind a verdict, each with its name and what it means.

import type { Schemas } from '@backtest-jobs/client';
import { count, decimal, NONE, share } from '../../words/format.ts';

type Verdict = Schemas['Verdict'];

export interface Statistic {
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
}

/** Halves that 16 blocks can be cut into. */
const HALVINGS = 12_870;

/** Returns the statistics; what is not known has its reason in the place of its meaning. */
export function statisticsOf(verdict: Verdict, ancestors: Schemas['JobStatus']['ancestors']): readonly Statistic[] {
  const { permuted, reasons, compared } = verdict;
  const or = (meaning: string, value: number | null | undefined, ...names: readonly string[]): string =>
    value === null || value === undefined ? (names.map((name) => reasons[name]).find(Boolean) ?? 'not known') : meaning;
  const drawn = `${count(HALVINGS)} halvings, ${count(compared.drawn)} variants drawn${compared.with_best === false ? ', without the best' : ''}`;
  return [
    ...measured(permuted),
    {
      name: 'Sharpe ratio of the best',
      value: decimal(verdict.sharpe_annual),
      meaning: or(`a year, from ${count(verdict.days)} daily returns`, verdict.sharpe_annual, 'sharpe_annual'),
    },
    {
      name: 'Luck by formula',
      value: decimal(verdict.lucky_sharpe_annual),
      meaning: or(
        `a year, the best of ${count(verdict.trials)} without skill`,
        verdict.lucky_sharpe_annual,
        'lucky_sharpe_annual',
      ),
    },
    {
      name: 'Deflated Sharpe ratio',
      value: share(verdict.deflated_sharpe, 1),
      meaning: or('likely to be above that luck', verdict.deflated_sharpe, 'deflated_sharpe'),
    },
    {
      name: 'Probabilistic Sharpe ratio',
      value: share(verdict.probabilistic_sharpe, 1),
      meaning: or('likely to be above 0 in truth', verdict.probabilistic_sharpe, 'probabilistic_sharpe'),
    },
    {
      name: 'Loss unseen',
      value: share(verdict.loss_probability, 1),
      meaning: or(drawn, verdict.loss_probability, 'loss_probability'),
    },
    {
      name: 'Probability of overfitting',
      value: share(verdict.overfitting_probability, 1),
      meaning: or('of those halvings: below the middle', verdict.overfitting_probability, 'overfitting_probability'),
    },
    {
      name: 'Skewness, kurtosis',
      value: verdict.skewness === null ? NONE : `${decimal(verdict.skewness)}, ${decimal(verdict.kurtosis)}`,
      meaning: or('of daily returns; normal is 0 and 3', verdict.skewness, 'skewness'),
    },
    {
      name: 'History',
      value: `${decimal(verdict.years, 1)} y`,
      meaning: or(
        `${decimal(verdict.minimum_backtest_years, 1)} y needed for so many`,
        verdict.minimum_backtest_years,
        'minimum_backtest_years',
      ),
    },
    ...before(ancestors),
  ];
}

function measured(permuted: Verdict['permuted']): readonly Statistic[] {
  if (!permuted) return [{ name: 'As good by luck', value: NONE, meaning: 'no markets were permuted' }];
  const { as_good, done, variants, grid_variants, p, reason, lucky_sharpe_annual, sharpe_reason } = permuted;
  const among =
    variants < grid_variants
      ? `searched ${count(variants)} of ${count(grid_variants)} base variants`
      : 'searched the whole grid';
  return [
    {
      name: 'As good by luck',
      value: `${count(as_good)} of ${count(done)}`,
      meaning: p === null ? (reason ?? 'not known') : `permuted markets, ${among}; p ${decimal(p, p < 0.1 ? 3 : 2)}`,
    },
    {
      name: 'Luck as measured',
      value: decimal(lucky_sharpe_annual),
      meaning:
        lucky_sharpe_annual === null
          ? (sharpe_reason ?? 'not known')
          : 'a year, the mean of the best in permuted markets',
    },
  ];
}

function before(ancestors: Schemas['JobStatus']['ancestors']): readonly Statistic[] {
  if (ancestors === null) return [];
  const { jobs, trials, complete } = ancestors;
  return [
    {
      name: 'Tried before',
      value: `${complete ? '' : 'at least '}${count(trials)}`,
      meaning: `variants of ${count(jobs)} ${jobs === 1 ? 'job' : 'jobs'} that this one came from, on the same candles`,
    },
  ];
}
