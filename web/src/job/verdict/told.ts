// What a verdict tells that results of earlier versions do not have.

import type { Schemas } from '@backtest-jobs/client';

type Verdict = Schemas['Verdict'];

/** Returns what buy and hold made over the bars searched; null: not known. */
export const heldReturn = (verdict: Verdict): number | null =>
  verdict.benchmark_return_pct ?? verdict.holding?.return_pct ?? null;
