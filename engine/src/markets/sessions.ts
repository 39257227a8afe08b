// Where trading begins after a pause: bars that open a session gap and move unlike the others, so a permuted market
// exchanges them among themselves.

import type { Timeline } from '../bars/timeline.ts';
import { DAY_MS, type Spec } from '../spec.ts';

/**
 * Marks the first bar of each session with 1; null where there is nothing to tell apart: in markets that never close, and
 * where a bar is as long as a session. A session is a day of the market, by default a day in UTC.
 */
export function firstsOfSessions(
  { runtime }: Pick<Spec, 'runtime'>,
  { candles: { time }, timeframeMs, clock }: Pick<Timeline, 'candles' | 'timeframeMs' | 'clock'>,
): Uint8Array | null {
  if (runtime.calendar !== 'session' || timeframeMs >= DAY_MS) return null;
  const dayOf = (open: number): number => (clock ? clock.open(open) : Math.floor(open / DAY_MS));
  const days = time.map(dayOf);
  return Uint8Array.from(days, (day, bar) => Number(bar === 0 || day !== days[bar - 1]));
}
