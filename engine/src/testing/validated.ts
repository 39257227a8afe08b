// What the tests of validation share: random specs on the same bars, parts of these bars, searches to their end.

import assert from 'node:assert/strict';
import type { Candles } from '../bars/candles.ts';
import { random } from '../grid/random.ts';
import type { VariantRow } from '../scoring/finalize.ts';
import type { Pool } from '../scoring/pool.ts';
import type { SearchState } from '../scoring/state.ts';
import { search, type SearchResult, type SearchStep } from '../search.ts';
import { HOUR_MS, type Spec } from '../spec.ts';
import { randomCandles } from './candles.ts';
import { randomSpec } from './random-specs.ts';
import { roundsOf } from './rounds.ts';

export const START = Date.UTC(2024, 0, 1);
export const WARMUP = 60;
/** 400 of them in the target slice. */
const BARS = 460;
export const CANDLES = randomCandles(5, BARS, { start: START, stepMs: HOUR_MS });

/** The open of a bar of the target slice. */
export const at = (bar: number): string => new Date(START + (WARMUP + bar) * HOUR_MS).toISOString();

/** Random specs, all on the same bars; as many of `all` as the suite has time for. */
export function specs(all: number): Spec[] {
  const next = random(17);
  return Array.from({ length: roundsOf(all) }, () => randomSpec(next, BARS));
}

/** The spec on a part of the bars. */
export function on(spec: Spec, from: number, to: number): Spec {
  return { ...spec, validation: null, time_range: { start: at(from), end: at(to) } };
}

export async function steps(spec: Spec, more: { candles?: Candles; from?: SearchState; pool?: Pool } = {}) {
  const all: SearchStep[] = [];
  for await (const step of search(more.candles ?? CANDLES, spec, more.from, more.pool)) all.push(step);
  return all;
}

export function resultOf(all: readonly SearchStep[]): SearchResult {
  return all.at(-1)?.result ?? assert.fail('no result');
}

export function withoutHeld({ out_of_sample: _held, ...row }: VariantRow): object {
  return row;
}

export function surfaceOf(all: readonly SearchStep[]): number[] {
  return all.flatMap(({ surface_chunk }) => [...(surface_chunk?.scores ?? [])]);
}

/** The candles up to a bar of the target slice, and others from there on. */
export function otherFrom(bar: number): Candles {
  const other = randomCandles(6, BARS, { start: START, stepMs: HOUR_MS });
  const mixed = { ...CANDLES };
  for (const name of ['open', 'high', 'low', 'close', 'volume'] as const) {
    mixed[name] = CANDLES[name].map((value, place) => (place < WARMUP + bar ? value : other[name][place]));
  }
  return mixed;
}
