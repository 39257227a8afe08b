// Holes in the candles of a market that never closes.
export interface Gap {
  /** Open of the first bar that is missing, and of the first one that is there again; epoch milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly missing: number;
}

export interface Gaps {
  readonly count: number;
  /** Bars missing in all of them. */
  readonly missing: number;
  /** The longest ones, in order of time. */
  readonly longest: readonly Gap[];
}

/** @param keep how many gaps to name */
export function gapsOf(times: Float64Array, step: number, keep = 0): Gaps {
  let count = 0;
  let missing = 0;
  let longest: Gap[] = [];
  for (let i = 1; i < times.length; i++) {
    const [before, after] = [times[i - 1] ?? 0, times[i] ?? 0];
    if (after - before === step) continue;
    const absent = Math.round((after - before) / step) - 1;
    count++;
    missing += absent;
    if (keep > 0) longest.push({ start: before + step, end: after, missing: absent });
    if (longest.length > 2 * keep + 1000) longest = longestOf(longest, keep);
  }
  return { count, missing, longest: longestOf(longest, keep).sort((a, b) => a.start - b.start) };
}

function longestOf(gaps: Gap[], keep: number): Gap[] {
  return gaps.sort((a, b) => b.missing - a.missing || a.start - b.start).slice(0, keep);
}
