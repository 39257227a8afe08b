// The scorer of a search: scores the part of the bars that the search may see, whoever prepared the whole.

import { inSample, type Prepared } from '../prepare.ts';
import { fastScorer } from './fast-scorer.ts';
import type { Scores, Task } from './score.ts';

/**
 * Opens a scorer: what it returns depends on the task alone, whatever it scored before. `sharers` scorers work on the
 * same machine and share the memory for what variants share.
 */
export function foldScorer(prepared: Prepared, sharers = 1): (task: Task) => Scores {
  // A search goes from fold to fold and never back, so one is kept; it may begin in any.
  let open: { readonly fold: number; readonly score: (task: Task) => Scores } | null = null;
  return (task) => {
    const { fold = 0 } = task;
    if (open?.fold !== fold) open = { fold, score: fastScorer(inSample(prepared, fold), sharers) };
    return open.score(task);
  };
}
