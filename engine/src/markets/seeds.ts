// Seeds of the luck test. They name what is permuted or drawn from and nothing else: neither the request nor the number of
// permutations nor of kept variants, so 999 permutations continue 99, and to submit again draws nothing anew.

import { canonicalJson } from '../identity/canonical.ts';
import { sha256 } from '../identity/sha256.ts';
import type { Spec } from '../spec.ts';

/** Returns four seeds for the permuted market of a number, each of 32 bits. */
export function marketSeeds(spec: Spec, permutation: number): readonly number[] {
  const digest = sha256(canonicalJson({ ...marketOf(spec), permutation }));
  return [0, 1, 2, 3].map((word) => wordOf(digest, word));
}

/** Returns the seed of the base variants that are drawn from the grid of a spec. */
export function sampleSeed(spec: Spec): number {
  return wordOf(sha256(canonicalJson({ ...marketOf(spec), grid: gridOf(spec) })), 0);
}

/** What the bars of a market are. */
function marketOf({ template: { instrument_id, timeframe }, time_range, warmup_bars, luck }: Spec): object {
  return { instrument_id, timeframe, time_range, warmup_bars, blocks: luck?.blocks ?? null };
}

/** What base variants there are. */
function gridOf({ template, sample }: Spec): object {
  if (!('rules' in template)) {
    const { indicator_grids, signal_grids } = template;
    return { indicator_grids, signal_grids, sample };
  }
  const { rules, params, constraints } = template;
  return { rules, params, constraints, sample };
}

function wordOf(digest: string, word: number): number {
  return Number.parseInt(digest.slice(8 * word, 8 * word + 8), 16);
}
