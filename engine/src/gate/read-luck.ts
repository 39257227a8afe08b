// Reads how a spec wants the luck of its search to be measured, and judges what only all fields together can break.

import { expectedBars } from '../bars/expected-bars.ts';
import { searchedBars } from '../bars/folds.ts';
import { type Defaults, type Guards } from '../defaults.ts';
import { unitsOf } from '../estimate/cost.ts';
import { chooseLuck, type AskedLuck } from '../estimate/luck.ts';
import type { Grid } from '../grid/grid.ts';
import { sampleSize } from '../grid/sample.ts';
import { LEAST_PERMUTATIONS } from '../markets/skipped.ts';
import { DAY_MS, LUCK_SKIPPED, TIMEFRAMES, type Luck, type Spec } from '../spec.ts';
import { BOUNDS } from './bounds.ts';
import {
  at,
  AUTO,
  complain,
  isAbsent,
  isAutomatic,
  onlyKnown,
  readChoice,
  readNumber,
  shown,
  type Field,
} from './fields.ts';

/** Runs of bars that a permutation of blocks needs at least. */
const LEAST_RUNS = 20;

/** Reads `luck`: a word, a number of permutations or an object; what it leaves out is automatic. */
export function readLuck(field: Field, fallback: Defaults['luck']): AskedLuck {
  const { value } = field;
  if (isAbsent(field)) return { permutations: fallback, variants: AUTO };
  if (value === null || value === 'off') return NONE;
  if (value === AUTO) return AUTOMATIC;
  if (typeof value === 'number') return { permutations: readPermutations(field), variants: AUTO };
  if (typeof value !== 'object' || Array.isArray(value)) {
    const code = typeof value === 'string' ? 'invalid_value' : 'invalid_type';
    complain(field, code, `must be auto, off, a number of permutations or an object, got ${shown(value)}`);
    return NONE;
  }
  onlyKnown(field, ['permutations', 'variants', 'blocks', 'walk', 'skipped']);
  const [permutations, variants] = [at(field, 'permutations'), at(field, 'variants')];
  const [blocks, walk, skipped] = [at(field, 'blocks'), at(field, 'walk'), at(field, 'skipped')];
  const asked: AskedLuck = {
    permutations: isAutomatic(permutations) ? AUTO : readPermutations(permutations),
    variants: isAutomatic(variants) ? AUTO : readNumber(variants, { ...BOUNDS.luck.variants, or: AUTO }),
    ...(!isNone(blocks) && { blocks: readNumber(blocks, BOUNDS.luck.blocks) }),
    ...(readFlag(walk) && { walk: true }),
    ...(!isNone(skipped) && { skipped: readChoice(skipped, LUCK_SKIPPED) }),
  };
  if (asked.permutations !== 0 && asked.variants === 0) {
    complain(variants, 'invalid_value', 'must be at least 1 where there are permutations, got 0');
  }
  if (asked.permutations !== 0 && LUCK_SKIPPED.some((reason) => reason === skipped.value)) {
    complain(skipped, 'conflict', 'says why there are no permutations, and there are: leave it out');
  }
  return asked;
}

const NONE: AskedLuck = { permutations: 0, variants: 0 };
const AUTOMATIC: AskedLuck = { permutations: AUTO, variants: AUTO };

function isNone(field: Field): boolean {
  return isAbsent(field) || field.value === null;
}

function readFlag(field: Field): boolean {
  if (isNone(field) || typeof field.value === 'boolean') return field.value === true;
  complain(field, 'invalid_type', `must be true or false, got ${shown(field.value)}`);
  return false;
}

function readPermutations(field: Field): number {
  const permutations = readNumber(field, { ...BOUNDS.luck.permutations, or: AUTO });
  if (permutations >= 1 && permutations < LEAST_PERMUTATIONS) {
    const rule = `must be 0 or at least ${LEAST_PERMUTATIONS}`;
    complain(field, 'invalid_value', `${rule}: of fewer the smallest p is above 0.05; got ${permutations}`);
  }
  return permutations;
}

/** Judges `luck` by the fields that need no grid: its walk and its blocks. */
export function guardLuckRange(root: Field, spec: Spec, asked: AskedLuck): void {
  const field = at(root, 'luck');
  if (asked.walk && spec.validation?.mode !== 'walk_forward') {
    complain(at(field, 'walk'), 'conflict', 'goes through the folds of a walk_forward: set validation or leave it out');
  }
  const { blocks } = asked;
  if (blocks === undefined || Number.isNaN(blocks)) return;
  const { length, unit } = movable(spec, asked);
  const runs = Math.ceil(length / blocks);
  if (runs >= LEAST_RUNS) return;
  const have = `${Math.round(length)} ${unit} make ${runs} runs of ${blocks}`;
  complain(at(field, 'blocks'), 'too_few_bars', `${have}; at least ${LEAST_RUNS} are needed: choose shorter ones`);
}

/** What blocks are counted in, at most: bars behind the first of the searched part, or its sessions. */
function movable(spec: Spec, { walk }: AskedLuck): { readonly length: number; readonly unit: string } {
  const { most, days } = expectedBars(spec);
  const bars = walk ? most : searchedBars(spec, Math.round(most));
  const sessions = spec.runtime.calendar === 'session' && TIMEFRAMES[spec.template.timeframe] < DAY_MS;
  return sessions
    ? { length: (days * bars) / Math.max(1, most), unit: 'sessions' }
    : { length: bars - 1, unit: 'bars' };
}

/** Replaces `auto` by numbers and judges what the test would score. */
export function settleLuck(root: Field, spec: Spec, grid: Grid, { asked, guards }: Settling): Luck {
  const field = at(root, 'luck');
  const most = MOST_FACTOR * guards.max_variants_per_compute;
  const luck = chooseLuck(spec, grid, asked, most);
  const { luck: variants, market } = unitsOf({ ...spec, luck }, grid);
  if (variants > most) {
    const product = `(1 + ${luck.permutations}) markets x ${market}`;
    const limit = `the limit is ${most}, ${MOST_FACTOR} times max_variants_per_compute`;
    const out = 'ask for fewer permutations or variants';
    complain(field, 'too_many_variants', `would score ${variants} variants, ${product}; ${limit}: ${out}`);
  }
  const all = sampleSize(grid, spec.sample);
  if (spec.ranking.plateau !== undefined && luck.permutations > 0 && luck.variants < all) {
    const rule = `must be all ${all} base variants where plateaus rank, which a part of a grid has not`;
    complain(at(field, 'variants'), 'conflict', `${rule}; got ${luck.variants}`);
  }
  return luck;
}

/** Variants that the markets of a test may have together, as a multiple of those of a search. */
const MOST_FACTOR = 100;

interface Settling {
  readonly asked: AskedLuck;
  readonly guards: Guards;
}
