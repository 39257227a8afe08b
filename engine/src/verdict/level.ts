// How far to believe the best: one of four words, by rules that are tried in order.

import type { Verdict } from './verdict.ts';

/** What the word rests on. */
export interface Evidence {
  readonly ranked: boolean;
  /** Of the luck test; null: there was none, or one with too few permutations. */
  readonly p: number | null;
  /** Whether as many markets were permuted as were asked for. */
  readonly complete: boolean;
  /** By formula: it stands in for p where there is none. */
  readonly deflated: number | null;
  readonly loss: number | null;
  /** Whether the best is among the variants that were compared, so that the loss says something about it. */
  readonly amongCompared: boolean;
  /** Whether no variant that was compared does better than the best in any block of the history. */
  readonly winsEveryBlock: boolean;
  /** Whether few trades, a short history, a market that was better held, or unequal hours say otherwise. */
  readonly doubted: boolean;
}

/** How likely it is that luck finds something as good: `high` is p > 0.2, `low` p <= 0.05. */
export type Chance = 'low' | 'middle' | 'high';

export function levelOf(evidence: Evidence): Verdict['luck'] {
  const { ranked, p, deflated, loss, amongCompared, winsEveryBlock, complete, doubted } = evidence;
  const chance = chanceOf(p, deflated);
  if (!ranked || chance === null) return 'unknown';
  const losing = amongCompared && loss !== null && loss > MOST_LOSS;
  if (chance === 'high' || (chance === 'middle' && losing)) return winsEveryBlock ? 'possible' : 'likely';
  const holds = !amongCompared || (loss !== null && loss <= LITTLE_LOSS);
  return chance === 'low' && holds && complete && !doubted ? 'unlikely' : 'possible';
}

export const MOST_LOSS = 0.5;
export const LITTLE_LOSS = 0.05;

/** By p where there is one, else by the deflated Sharpe ratio of the formula; null: by neither. */
export function chanceOf(p: number | null, deflated: number | null): Chance | null {
  if (p !== null) return p <= 0.05 ? 'low' : p > 0.2 ? 'high' : 'middle';
  if (deflated === null) return null;
  return deflated >= 0.95 ? 'low' : deflated < 0.5 ? 'high' : 'middle';
}
