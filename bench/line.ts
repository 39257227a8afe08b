// One line of the table, whatever it measures.

import type { Comparison } from './compare.ts';
import type { Check } from './reference.ts';

export interface Line {
  readonly what: string;
  readonly variants: number;
  readonly bars: number;
  readonly cores: number;
  /** Of one pass over all variants: the median of the rounds, or what CPU time stands for. */
  readonly seconds: number;
  readonly clock: 'cpu' | 'wall';
  /** Bytes, of the process that did this and nothing else. */
  readonly peakRss: number;
  /** Null only for the programs of others, which cannot be equal. */
  readonly check: Check | null;
  /** How far their total returns are from ours, in percent points. */
  readonly comparison?: Comparison;
  /** The number the line is about, what it counts, and what it should be ('' if nothing was promised). */
  readonly result: { readonly value: number; readonly says: string; readonly target: string };
}

/** A line that could not be measured, and why. */
export interface Skipped {
  readonly what: string;
  readonly skipped: string;
}

/** Microseconds of one core for one variant. */
export function microseconds({ seconds, cores, variants }: Line): number {
  return (seconds * cores * 1e6) / variants;
}

export function peakRss(): number {
  return process.resourceUsage().maxRSS * 1024;
}
