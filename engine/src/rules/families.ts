// The families of signals as rules: what a template means by "price above its average". Names that stand for the outputs
// and the price of an indicator are bound by whoever reads the text, signal parameters are parameters like all others.

import type { AxisValue } from '../axis.ts';
import type { Family } from '../indicators/catalogue.ts';

export interface FamilyRules {
  readonly long: string;
  readonly short: string;
  /** Both can hold on one bar, which is then NEUTRAL. */
  readonly overlap?: true;
}

interface FamilyRow {
  /** What its texts call the outputs of a rule, in the rule's order. */
  readonly outputs: readonly string[];
  /** By the values that the signal parameters take in a grid. */
  readonly rules: (values: (name: string) => readonly AxisValue[]) => FamilyRules;
}

export const FAMILIES: Readonly<Record<Family, FamilyRow>> = {
  price_vs_output: {
    outputs: ['out'],
    rules: (values) =>
      either(
        values('inverted'),
        { value: 0, long: 'price > out', short: 'price < out' },
        { value: 1, long: 'price < out', short: 'price > out' },
        'inverted',
      ),
  },
  volume_vs_output: one(['out'], { long: 'volume > out', short: 'volume < out' }),
  output_vs_output: one(['a', 'b'], { long: 'a > b', short: 'a < b' }),
  sign: one(['out'], { long: 'out > 0', short: 'out < 0' }),
  centered: one(['out'], { long: 'out > center + abs_threshold', short: 'out < center - abs_threshold' }),
  // Thresholds belong to their sides; which of them is lower says whether low values or high values are LONG.
  threshold_band: { outputs: ['out'], rules: (values) => thresholdBand(values) },
  // The sign of the periods is decoration: -5 and 5 compare with the same bar.
  delta_sign: one(['out'], {
    long: 'out - out[abs(long_delta_periods)] > 0',
    short: 'out - out[abs(short_delta_periods)] < 0',
    overlap: true,
  }),
  candle_body: one(['out'], { long: 'out >= min and close > open', short: 'out >= min and close < open' }),
  // NaN means that none was confirmed on this bar.
  pivot_events: one(['high_confirmed', 'low_confirmed'], {
    long: 'exists(low_confirmed)',
    short: 'exists(high_confirmed)',
    overlap: true,
  }),
  band_touch: one(['lower', 'upper'], { long: 'close <= lower', short: 'close >= upper', overlap: true }),
  outside_bands: one(['lower', 'upper'], { long: 'close < lower', short: 'close > upper' }),
};

function one(outputs: readonly string[], rules: FamilyRules): FamilyRow {
  return { outputs, rules: () => rules };
}

interface Case extends FamilyRules {
  readonly value: AxisValue;
}

/** The rules of the one value that an axis has, or of both, told apart by the parameter. */
function either(values: readonly AxisValue[], a: Case, b: Case, name: string): FamilyRules {
  const [first, ...others] = values;
  if (others.length === 0) return first === a.value ? a : b;
  const both = (side: 'long' | 'short'): string =>
    `(${name} == ${a.value} and ${a[side]}) or (${name} == ${b.value} and ${b[side]})`;
  return { long: both('long'), short: both('short') };
}

function thresholdBand(values: (name: string) => readonly AxisValue[]): FamilyRules {
  const long = values('long_threshold').map(Number);
  const short = values('short_threshold').map(Number);
  const low = { long: 'out <= long_threshold', short: 'out >= short_threshold' };
  const high = { long: 'out >= long_threshold', short: 'out <= short_threshold' };
  if (highest(long) <= lowest(short)) return { ...low, overlap: true };
  if (lowest(long) > highest(short)) return high;
  const both = (side: 'long' | 'short'): string =>
    `(long_threshold <= short_threshold and ${low[side]}) or (long_threshold > short_threshold and ${high[side]})`;
  return { long: both('long'), short: both('short'), overlap: true };
}

// An axis may have a million values, too many for the arguments of a call.
function lowest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value));
}

function highest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value));
}
