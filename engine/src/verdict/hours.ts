// Whether rules read the clock in a market that moves more at some hours than at others. The luck test shuffles bars over
// all hours, so its markets have no such pattern: against them a rule on the hour is measured in a market unlike its own.

import type { TargetBars } from '../bars/carried.ts';
import type { Rules } from '../rules/expression.ts';
import { walk } from '../rules/reads.ts';
import { CLOCKS } from '../rules/words.ts';
import { dayOfWeek, hourOf } from '../signals/series-nodes.ts';
import { normalCdf } from './normal.ts';

type Clock = (typeof CLOCKS)[number];

export interface UnequalHours {
  readonly raised: boolean;
  /** What the rules read; of two clocks the one with the larger pattern. Null: none, then the rest is null. */
  readonly clock: Clock | null;
  /** The mean size of a bar's move at the hour (on the weekday) with the largest over that with the smallest; null if that is 0. */
  readonly ratio: number | null;
  /** The probability of sizes that unequal where all hours are alike: one-way analysis of variance. */
  readonly chance: number | null;
}

const MOST_CHANCE = 0.001;
/** A pattern of which there is no doubt is still no matter where it is as small as this. */
const LEAST_RATIO = 1.25;

/** Looks for a pattern in the sizes of moves by each clock that the rules read. */
export function unequalHours(rules: Rules, target: TargetBars): UnequalHours {
  const read = clocksOf(rules);
  const found = CLOCKS.filter((clock) => read.has(clock)).map((clock) => patternOf(clock, target));
  const none: UnequalHours = { raised: false, clock: null, ratio: null, chance: null };
  return found.reduce((worst, one) => (worst.clock === null || isLarger(one, worst) ? one : worst), none);
}

function isLarger(a: UnequalHours, b: UnequalHours): boolean {
  return Number(a.raised) - Number(b.raised) > 0 || (a.raised === b.raised && (a.ratio ?? 0) > (b.ratio ?? 0));
}

function clocksOf(rules: Rules): ReadonlySet<Clock> {
  const found = new Set<Clock>();
  for (const rule of [rules.long, rules.short, rules.exit_long, rules.exit_short]) {
    if (rule !== null) walk(rule, (part) => part.kind === 'clock' && found.add(part.unit));
  }
  return found;
}

const READ = { hour: { of: hourOf, values: 24 }, dayofweek: { of: dayOfWeek, values: 7 } } as const;

function patternOf(clock: Clock, { time, close, carried }: TargetBars): UnequalHours {
  const { of, values } = READ[clock];
  const sums = new Float64Array(values);
  const counts = new Float64Array(values);
  let squares = 0;
  for (let bar = 1; bar < close.length; bar += 1) {
    if (carried?.[bar] === 1) continue; // nobody traded
    const size = Math.abs(close[bar] / close[bar - 1] - 1);
    const at = of(time[bar]);
    sums[at] += size;
    counts[at] += 1;
    squares += size * size;
  }
  const means = Array.from(sums.keys())
    .filter((at) => counts[at] > 0)
    .map((at) => sums[at] / counts[at]);
  const ratio = Math.max(...means) / Math.min(...means);
  const chance = chanceOf({ sums, counts, squares, groups: means.length });
  if (means.length < 2 || Number.isNaN(chance)) return { raised: false, clock, ratio: null, chance: null };
  const raised = chance < MOST_CHANCE && ratio >= LEAST_RATIO;
  return { raised, clock, ratio: Number.isFinite(ratio) ? ratio : null, chance };
}

interface Groups {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  readonly squares: number;
  readonly groups: number;
}

/**
 * The probability of an F ratio at least as large, for many more bars than groups: F (k - 1) is then about chi-squared with
 * k - 1 degrees of freedom, whose cube root is about normal (E. B. Wilson, M. M. Hilferty, PNAS 17, 1931).
 */
function chanceOf({ sums, counts, squares, groups }: Groups): number {
  let bars = 0;
  let total = 0;
  let explained = 0;
  for (let at = 0; at < sums.length; at += 1) {
    bars += counts[at];
    total += sums[at];
    if (counts[at] > 0) explained += (sums[at] * sums[at]) / counts[at];
  }
  const freedom = groups - 1;
  const between = (explained - (total * total) / bars) / freedom;
  const within = (squares - explained) / (bars - groups);
  const spread = 2 / (9 * freedom);
  return normalCdf(-(Math.cbrt(between / within) - (1 - spread)) / Math.sqrt(spread));
}
