// The interval of a series, deduced from its times. Real series have gaps, bars out of place and, where little is
// traded, hardly two bars in a row, so neither the smallest step between two bars nor the most common one is it.

/**
 * One step of so many may be no multiple of the interval. A bar out of place spoils two steps; in a thin series half of
 * all steps are no multiple of twice its interval.
 */
const SPOILED_OF = 5;

/**
 * Returns the largest step between candles that at least four of five steps are multiples of. Where no step is, returns
 * the most common one, the smallest of equally common ones; null where no two times differ.
 * @param time ascending; equal times count as one
 */
export function deduceInterval(time: Float64Array): number | null {
  return regularInterval(time) ?? mostCommon(sortedSteps(time));
}

/** Returns the largest step that at least four of five steps are multiples of; null where no step is. */
export function regularInterval(time: Float64Array): number | null {
  const steps = sortedSteps(time);
  const total = steps.reduce((sum, [, count]) => sum + count, 0);
  let interval: number | null = null;
  let smaller = 0;
  for (const [step, count] of steps) {
    if (smaller * SPOILED_OF > total) break; // a step is no multiple of a larger one
    if (countSpoiled(steps, step) * SPOILED_OF <= total) interval = step;
    smaller += count;
  }
  return interval;
}

function sortedSteps(time: Float64Array): Steps {
  return [...countSteps(time)].sort(([a], [b]) => a - b);
}

type Steps = readonly (readonly [step: number, count: number])[];

/** Counts runs of one step before the map, because most series are one long run. */
function countSteps(time: Float64Array): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  let latest = 0;
  let run = 0;
  for (let bar = 1; bar <= time.length; bar += 1) {
    const step = bar < time.length ? time[bar] - time[bar - 1] : 0;
    if (step === latest) run += 1;
    else {
      if (latest > 0) counts.set(latest, (counts.get(latest) ?? 0) + run);
      [latest, run] = [step, 1];
    }
  }
  return counts;
}

function countSpoiled(steps: Steps, interval: number): number {
  return steps.reduce((spoiled, [step, count]) => spoiled + (step % interval === 0 ? 0 : count), 0);
}

function mostCommon(steps: Steps): number | null {
  const [first, ...others] = steps;
  if (first === undefined) return null;
  return others.reduce((most, one) => (one[1] > most[1] ? one : most), first)[0];
}
