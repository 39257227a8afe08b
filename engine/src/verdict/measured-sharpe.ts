// The deflated Sharpe ratio against luck that was measured: what the best of the same search has in permuted markets takes
// the place of what a formula expects of so many independent trials.

import type { Permuted } from '../luck/permuted.ts';
import { compareValues, orderOf } from '../scoring/rank.ts';
import { metricNumber, type MetricJson } from '../simulate/metrics-json.ts';
import type { Ranking } from '../spec.ts';
import type { Moments } from './moments.ts';
import { probabilisticSharpe } from './sharpe.ts';

/** The luck test as a verdict tells it. */
export interface PermutedTold extends Permuted {
  /** What luck typically finds: the median of `bests`, those without a ranked variant as the worst. */
  readonly typical: MetricJson;
  /** The mean of `sharpes` of a year, and the probability that the best of that search has a true ratio above it. */
  readonly lucky_sharpe_annual: number | null;
  readonly deflated_sharpe: number | null;
  /** Why `deflated_sharpe` is null. */
  readonly sharpe_reason: string | null;
}

/** Permuted bests without a Sharpe ratio that are left out, at most, as a part of all. */
const MOST_LEFT_OUT = 0.1;

/** `best`: the moments of the best of that search on the real market; null: they are not known. */
export function tellPermuted(
  permuted: Permuted,
  best: Moments | null,
  { ranking, periodsPerYear }: { readonly ranking: Ranking; readonly periodsPerYear: number },
): PermutedTold {
  const { sharpes } = permuted;
  const known = sharpes.filter((sharpe) => sharpe !== null);
  const lucky = known.reduce((sum, sharpe) => sum + sharpe, 0) / known.length;
  const unknownLuck = whyNoLuck(sharpes.length, sharpes.length - known.length);
  const deflated = best === null ? NaN : probabilisticSharpe(best, lucky);
  const reason = unknownLuck ?? whyNotDeflated(permuted, best, deflated);
  return {
    ...permuted,
    typical: medianOf(permuted.bests, ranking),
    lucky_sharpe_annual: unknownLuck === null ? lucky * Math.sqrt(periodsPerYear) : null,
    deflated_sharpe: reason === null ? deflated : null,
    sharpe_reason: reason,
  };
}

function whyNoLuck(all: number, without: number): string | null {
  if (all === 0) return 'no permuted market was searched';
  if (without <= MOST_LEFT_OUT * all) return null;
  return `in ${without} of ${all} permuted markets the best has no Sharpe ratio`;
}

function whyNotDeflated({ walk }: Permuted, best: Moments | null, deflated: number): string | null {
  if (walk) return 'the best of a walk changes from fold to fold';
  if (best === null) return 'the moments of the best of that search are not known';
  return Number.isFinite(deflated) ? null : 'the best of that search has no Sharpe ratio';
}

/** The middle value, of an even number the worse of both in the middle. */
function medianOf(bests: readonly MetricJson[], ranking: Ranking): MetricJson {
  const { primary } = orderOf(ranking);
  const fromWorst = [...bests].sort((a, b) => compareValues(primary, metricNumber(b), metricNumber(a)));
  return fromWorst[Math.ceil(fromWorst.length / 2) - 1] ?? null;
}
