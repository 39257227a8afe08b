// What a result tells beside its verdict, read from the API's open members; results of earlier versions have less.

import type { Schemas } from '@backtest-jobs/client';
import type { MetricJson } from '../../words/format.ts';
import type { Validation } from './words.ts';

type Verdict = Schemas['Verdict'];

/** Members of a verdict from 0.6.0 on. */
export interface Later {
  readonly benchmark_return_pct?: number;
  readonly halves?: { readonly from: number; readonly to: number; readonly counts: readonly number[] } | null;
  readonly neighbours?: readonly Neighbour[];
  readonly plateau?: { readonly variant_index: number; readonly near: number } | null;
}

export interface Neighbour {
  readonly axis: string;
  readonly value: number | string;
  readonly score: MetricJson;
}

export const laterOf = (verdict: Verdict): Later => verdict as Verdict & Later;

/** Returns what buy and hold made over the bars searched; null: not known. */
export const heldReturn = (verdict: Verdict): number | null =>
  laterOf(verdict).benchmark_return_pct ?? verdict.holding?.return_pct ?? null;

export const validationOf = ({ validation }: Pick<Schemas['JobStatus'], 'validation'>): Validation | null =>
  validation as unknown as Validation | null;
