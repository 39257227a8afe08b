// The scorer of a search: scores the part of the bars that the search may see, of the real market or of a permuted one,
// whoever prepared the whole.

import { openArena } from '../columns/arena.ts';
import { openMarkets, searchedPart } from '../markets/permuted-market.ts';
import { inSample, type Prepared } from '../prepare.ts';
import { fastScorer } from './fast-scorer.ts';
import type { Scores, Task } from './score.ts';

/**
 * Opens a scorer: what it returns depends on the task alone, whatever it scored before. `sharers` scorers work on the
 * same machine and share the memory for what variants share.
 */
export function foldScorer(prepared: Prepared, sharers = 1): (task: Task) => Scores {
  // A search goes from fold to fold and from market to market and never back, so one is kept; it may begin in any. All
  // have their columns in one arena, one after the other: a hundred markets take as much memory as one.
  const arena = openArena();
  let open: { readonly key: string; readonly score: (task: Task) => Scores } | null = null;
  let market: { readonly permutation: number; readonly bars: Prepared } | null = null;
  let markets: ReturnType<typeof openMarkets> | null = null;
  const partOf = (fold: number, permutation: number | null): Prepared => {
    if (permutation === null) return inSample(prepared, fold);
    markets ??= openMarkets(prepared);
    if (market?.permutation !== permutation) market = { permutation, bars: markets(permutation) };
    return searchedPart(market.bars, fold);
  };
  return (task) => {
    const { fold = 0, permutation = null } = task;
    const key = `${fold} ${permutation}`;
    if (open?.key !== key) {
      open = null; // were it to fail, its columns are no longer its own
      arena.restart();
      open = { key, score: fastScorer(partOf(fold, permutation), sharers, arena) };
    }
    return open.score(task);
  };
}
