// Carried bars have no market, so what is decided on or before one waits for the next real bar. All that is decided in one
// wait is filled at one price, and counts as decided on the last bar of the wait.

import { nextRealOf } from '../bars/carried.ts';
import type { Setting } from '../simulate/setting.ts';

/**
 * Returns for each bar the last bar of its wait, the number of bars where no market follows; one more place, after the last
 * bar, holds that number. The column never falls. Null where every bar has a market.
 */
export function waitsOf(carried: Uint8Array | null | undefined, fill: Setting['fill']): Int32Array | null {
  if (!carried) return null;
  const next = nextRealOf(carried);
  if (fill === 'close') return next;
  const bars = carried.length;
  return next.map((_, bar) => (bar < bars && next[bar + 1] < bars ? next[bar + 1] - 1 : bars));
}
