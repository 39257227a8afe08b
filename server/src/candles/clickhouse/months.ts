// A range cut where the table is partitioned.

import type { Range } from '../source.ts';
import { LATEST_SECOND } from './query.ts';

/** Most parts of a range; each costs a question of a few milliseconds. */
const MOST_PARTS = 36;

/** Cuts a range at beginnings of months in UTC: at each of up to three years, at fewer of a longer range. */
export function monthsOf({ start, end }: Range): readonly Range[] {
  const [first, last] = [Math.max(0, start), Math.min(end, LATEST_SECOND * 1000)];
  if (!(first < last)) return [];
  const step = Math.ceil((monthOf(last - 1) - monthOf(first) + 1) / MOST_PARTS);
  const parts: Range[] = [];
  for (let month = monthOf(first); startOf(month) < last; month += step)
    parts.push({ start: Math.max(startOf(month), start), end: Math.min(startOf(month + step), end) });
  return parts;
}

/** Counts months from the year 0. */
function monthOf(time: number): number {
  const date = new Date(time);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function startOf(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12);
}
