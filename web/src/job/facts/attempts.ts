// How an attempt of a job went, in words.

import type { Schemas } from '@backtest-jobs/client';
import { count, minute } from '../../words/format.ts';

type Attempt = Schemas['JobAttempts']['items'][number];

const OUTCOMES: Readonly<Record<NonNullable<Attempt['outcome']>, string>> = {
  released: 'given back',
  crashed: 'crashed',
  lost: 'its worker was lost',
  succeeded: 'finished',
  failed: 'failed',
  cancelled: 'cancelled',
};

export function attemptWords({ attempt, claimed_at, outcome, cause, processed_from }: Attempt): string {
  const how = outcome === null ? 'goes on' : OUTCOMES[outcome];
  const why = cause === null ? '' : ` (${cause.replaceAll('_', ' ')})`;
  const from = processed_from === null || processed_from === 0 ? '' : `, from ${count(processed_from)} on`;
  return `${attempt}. ${minute(claimed_at)}${from}: ${how}${why}`;
}

/** Says in a few words how all attempts went. */
export function attemptsSummary(items: readonly Attempt[]): string {
  const crashes = items.filter(({ outcome }) => outcome === 'crashed' || outcome === 'lost').length;
  const all = `${items.length}`;
  if (crashes === 0) return `${all}, no crash`;
  return `${all}, ${crashes} of them ended by a crash`;
}
