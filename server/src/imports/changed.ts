// The stretches of time in which an import changes bars: few, however many bars there are, so that they can be kept and shown.

import { DAY_MS } from '@backtest-jobs/engine/internal';
import type { Range } from '../candles/source.ts';

const MOST_RANGES = 100;

export interface Changed {
  /** Takes when a bar opens that changes; in order of time. */
  readonly add: (time: number) => void;
  /** Returns stretches that hold every change, each to before its `end`. */
  readonly ranges: () => readonly Range[];
}

export function openChanged(): Changed {
  let ranges: { start: number; end: number }[] = [];
  let near = DAY_MS;
  return {
    add(time) {
      const last = ranges.at(-1);
      if (last !== undefined && time - last.end <= near) {
        last.end = time + 1;
        return;
      }
      ranges.push({ start: time, end: time + 1 });
      while (ranges.length > MOST_RANGES) {
        near *= 4;
        ranges = joinNear(ranges, near);
      }
    },
    ranges: () => ranges,
  };
}

function joinNear(ranges: readonly Range[], near: number): { start: number; end: number }[] {
  const joined: { start: number; end: number }[] = [];
  for (const { start, end } of ranges) {
    const last = joined.at(-1);
    if (last !== undefined && start - last.end <= near) last.end = end;
    else joined.push({ start, end });
  }
  return joined;
}
