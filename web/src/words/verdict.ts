// The levels of the verdict and the marks of its checks, as they are written and drawn.

import type { Schemas } from '@backtest-jobs/client';
import type { SignName } from '../parts/Sign.tsx';
import { count, decimal, share } from './format.ts';

export type Luck = Schemas['Verdict']['luck'];
export type Mark = NonNullable<Schemas['Verdict']['checks']>[number]['mark'];

interface LevelWords {
  readonly head: string;
  /** In a list. */
  readonly short: string;
  readonly sign: SignName;
  readonly tone: 'loss' | 'caution' | 'gain' | 'none';
}

export const LEVELS: Readonly<Record<Luck, LevelWords>> = {
  likely: { head: 'Likely luck', short: 'Likely luck', sign: 'die', tone: 'loss' },
  possible: { head: 'Possibly luck', short: 'Possibly luck', sign: 'half', tone: 'caution' },
  unlikely: { head: 'Probably more than luck', short: 'More than luck', sign: 'shield', tone: 'gain' },
  unknown: { head: 'Luck or not cannot be told', short: 'Cannot be told', sign: 'unknown', tone: 'none' },
};

interface MarkWords {
  readonly sign: SignName;
  readonly words: string;
  readonly tone: 'gain' | 'caution' | 'loss' | 'none';
}

/** The mark of a check; none: not tested. */
export const MARKS: Readonly<Record<NonNullable<Mark> | 'none', MarkWords>> = {
  good: { sign: 'tick', words: 'Yes', tone: 'gain' },
  caution: { sign: 'bang', words: 'Caution', tone: 'caution' },
  bad: { sign: 'cross', words: 'No', tone: 'loss' },
  none: { sign: 'dash', words: 'Not known', tone: 'none' },
};

/** Above it chance is good enough an explanation, as the engine judges. */
const MOST_P = 0.2;
const HALF = 0.5;

/** Says in a few words what decided a verdict, for a list. Results of older versions have no luck test. */
export function decidedBy(summary: Schemas['VerdictSummary']): string {
  const { p, as_good, of, loss_probability: loses } = summary;
  const tested = typeof p === 'number' && `as good in ${count(as_good)} of ${count(of)}`;
  if (tested && p > MOST_P) return tested;
  if (typeof loses === 'number' && loses > HALF) return `loses unseen ${share(loses)}`;
  return tested || decidedByFormula(summary);
}

function decidedByFormula(summary: Schemas['VerdictSummary']): string {
  const {
    sharpe_annual: own,
    lucky_sharpe_annual: luck,
    deflated_sharpe: deflated,
    overfitting_probability: falls,
  } = summary;
  if (deflated === null) return falls === null ? '' : `choice fails ${share(falls)}`;
  if (deflated < HALF) return `${decimal(own)}, luck ${decimal(luck)}`;
  if (falls !== null && falls > HALF) return `choice fails ${share(falls)}`;
  return `${share(deflated)} sure`;
}
