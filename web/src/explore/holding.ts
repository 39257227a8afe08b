// What a job's scores are measured against, as far as its result tells it.

import type { Schemas } from '@backtest-jobs/client';

/** Fields of the verdict that results have from 0.6.0 on. */
interface Around {
  readonly benchmark_return_pct?: number;
  readonly plateau?: { readonly variant_index: number; readonly near: number } | null;
}

type Job = Pick<Schemas['JobStatus'], 'verdict' | 'validation_mode'>;

/** Returns buy and hold in the metric of the ranking; null: it is not known, or the metric has no such measure. */
export function holdingOf({ verdict, validation_mode }: Job, metric: string): number | null {
  // Of a walk forward each fold is searched on bars of its own, and the verdict is about the parts held out.
  if (verdict === null || validation_mode === 'walk_forward') return null;
  if (metric === 'total_return_pct') {
    return (verdict as Around).benchmark_return_pct ?? verdict.holding?.return_pct ?? null;
  }
  return metric === 'sharpe' ? (verdict.holding?.sharpe_annual ?? null) : null;
}

/** Returns the middle of the best neighbourhood; null: there is none, undefined: the result does not tell. */
export function plateauOf({ verdict }: Pick<Job, 'verdict'>): Around['plateau'] {
  return verdict === null ? undefined : (verdict as Around).plateau;
}
