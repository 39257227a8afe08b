// What bars a preview needs.

import type { Spec } from '@backtest-jobs/engine';
import type { BarsAsk } from '../queries.ts';

/** Bars before those that are shown, in steps: a changed warm-up seldom asks anew. */
const STEP = 500;
const SHOWN = 520;
const MOST = 9000;

/** Returns what bars a preview of a spec needs; null: there is no spec. */
export function barsFor(sound: Spec | null): BarsAsk | null {
  if (sound === null) return null;
  const { template, time_range, warmup_bars } = sound;
  const warmup = Math.min(MOST, Math.ceil(warmup_bars / STEP) * STEP);
  return { ...template.instrument_id, timeframe: template.timeframe, end: time_range.end, limit: SHOWN + warmup };
}
