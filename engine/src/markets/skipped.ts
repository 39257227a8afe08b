// Why a spec has no luck test though nobody switched it off: told before the search by the estimate, after it by the verdict.

import type { Spec } from '../spec.ts';

/** Fewest permutations: of fewer the smallest p is above 0.05. */
export const LEAST_PERMUTATIONS = 19;

/** Says why there is no test where `auto` found none that fits, and what to set; null: there is a test, or none was wanted. */
export function skippedLuck({ luck }: Pick<Spec, 'luck'>): string | null {
  if (luck?.skipped === undefined) return null;
  const work = `the search on ${LEAST_PERMUTATIONS} permuted markets takes more work than luck: auto spends`;
  return `${work}; set luck.permutations (${LEAST_PERMUTATIONS} or more), and luck.variants to search fewer base variants`;
}
