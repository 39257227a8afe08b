// Where the bars of a session market may open: its day begins at a time of day in a zone, and bars within it lie on a grid from
// there on. Candles of days are kept at the midnight in UTC of their date, whatever midnight a file writes.

import { DAY_MS, openDayClock } from '@backtest-jobs/engine/internal';
import { zoneOffsets } from '../../config/zones.ts';

/** Time of day, hh:mm, and zone of the IANA at which the day of a market begins. */
export interface MarketDayStart {
  readonly begins: string;
  readonly zone: string;
}

export interface MarketGrid {
  readonly zone: string;
  /** Reports whether a bar that lasts `step` may open at `time`. */
  fits(time: number, step: number): boolean;
  /** Returns the midnight in UTC of the date whose day opens at `time`, by its beginning or by midnight; NaN when none does. */
  dayOf(time: number): number;
}

const NOON_MS = DAY_MS / 2;

export function openMarketGrid({ begins, zone }: MarketDayStart): MarketGrid {
  const [hours = 0, minutes = 0] = begins.split(':').map(Number);
  const start = (hours * 60 + minutes) * 60_000;
  const { local: localOf } = openDayClock({ begins, zone, offsets: zoneOffsets(zone) });
  return {
    zone,
    fits: (time, step) => within(localOf(time) - start) % step === 0,
    dayOf(time) {
      const local = localOf(time);
      const midnight = local - within(local);
      if (local === midnight) return midnight;
      if (within(local - start) !== 0) return Number.NaN;
      // A day that begins at noon or later has the date on which it ends.
      return start >= NOON_MS ? midnight + DAY_MS : midnight;
    },
  };
}

/** Returns how far a time is behind the midnight before it. */
function within(time: number): number {
  return ((time % DAY_MS) + DAY_MS) % DAY_MS;
}
