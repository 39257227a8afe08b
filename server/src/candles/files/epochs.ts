// The unit of the epochs of a file, decided from all its rows at once: a row by itself can be right in two units, and a
// file whose rows are read in different ones has bars thousands of years apart.

import { specError } from '@backtest-jobs/engine/internal';
import { compactDate, epochMs, unitOf, type TimeUnit } from './time.ts';

/** What the time of a row is: an instant in milliseconds, an epoch of a unit not known yet, or one of eight digits. */
export const INSTANT = 0;
const [EPOCH, EIGHT_DIGITS] = [1, 2] as const;

/** Times of rows from one file or folder; `kind` and `time` are asked for rows from 0 to length - 1. */
export interface RawTimes {
  readonly length: number;
  readonly kind: (row: number) => number;
  readonly time: (row: number) => number;
  /** First row of each file. */
  readonly files: readonly { readonly name: string; readonly from: number }[];
  readonly set: (row: number, time: number) => void;
  /** Called for a row whose time is no time in the unit of the file. */
  readonly reject: (row: number, reason: string) => void;
}

/** How an epoch was read; `date` is a day as eight digits. */
export type EpochUnit = TimeUnit | 'date';

/** Size of the largest number over the smallest one of the next unit: seconds and milliseconds of one year are 1000 apart. */
const ONE_UNIT_RATIO = 100;

/**
 * Turns every epoch into milliseconds; returns the units that were used.
 * @throws {SpecError} when the rows of a file need two units
 */
export function resolveEpochs(times: RawTimes, origin: string): readonly EpochUnit[] {
  const whole = unitOfRows(times, 0, times.length);
  if (whole === null) return [];
  if (whole !== 'mixed') return applyUnit(times, 0, times.length, whole);
  const used = new Set<EpochUnit>();
  for (const [f, { name, from }] of times.files.entries()) {
    const to = times.files[f + 1]?.from ?? times.length;
    const unit = unitOfRows(times, from, to);
    if (unit === null) continue;
    if (unit === 'mixed') throw mixedUnits(name || origin);
    for (const one of applyUnit(times, from, to, unit)) used.add(one);
  }
  return [...used];
}

/** `each`: milliseconds up to a day and microseconds after it, as Binance changed in 2025; each row by its size. */
type Decision = EpochUnit | 'each' | 'mixed' | null;

function unitOfRows(times: RawTimes, from: number, to: number): Decision {
  let [epochs, eight, dates] = [0, 0, 0];
  const ranges = new Map<TimeUnit, { low: number; high: number }>();
  for (let row = from; row < to; row += 1) {
    const kind = times.kind(row);
    if (kind === INSTANT) continue;
    epochs += 1;
    const time = times.time(row);
    if (kind === EIGHT_DIGITS) {
      eight += 1;
      if (isDay(time)) dates += 1;
    }
    widen(ranges, Math.abs(time));
  }
  if (epochs === 0) return null;
  // Few of the seconds that have eight digits look like a day: one month number in eight, and a year in thirty.
  if (eight === epochs && dates * 2 > epochs) return 'date';
  return unitOfRanges(ranges);
}

function isDay(time: number): boolean {
  return time >= 18_000_101 && time <= 21_991_231 && !Number.isNaN(compactDate(String(time)));
}

function widen(ranges: Map<TimeUnit, { low: number; high: number }>, size: number): void {
  if (size === 0) return; // 1970 in every unit
  const unit = unitOf(size) ?? 'ns';
  const range = ranges.get(unit);
  if (range === undefined) ranges.set(unit, { low: size, high: size });
  else {
    if (size < range.low) range.low = size;
    if (size > range.high) range.high = size;
  }
}

const ASCENDING: readonly TimeUnit[] = ['s', 'ms', 'us', 'ns'];
const YEAR_2000_MS = 946_684_800_000;

function unitOfRanges(ranges: ReadonlyMap<TimeUnit, { low: number; high: number }>): Decision {
  const found = ASCENDING.flatMap((unit) => {
    const range = ranges.get(unit);
    return range === undefined ? [] : [{ unit, ...range }];
  });
  const apart = found.some((one, i) => i > 0 && one.low > ONE_UNIT_RATIO * Math.max(1, found[i - 1]?.high ?? 0));
  if (!apart) return found.at(-1)?.unit ?? 's';
  const [first, second] = found;
  const changed = found.length === 2 && first?.unit === 'ms' && second?.unit === 'us';
  return changed && first.low >= YEAR_2000_MS && first.high <= second.low / 1000 ? 'each' : 'mixed';
}

function applyUnit(times: RawTimes, from: number, to: number, decided: EpochUnit | 'each'): readonly EpochUnit[] {
  for (let row = from; row < to; row += 1) {
    if (times.kind(row) === INSTANT) continue;
    const value = times.time(row);
    const unit = decided === 'each' ? (unitOf(value) ?? 'us') : decided;
    const time = unit === 'date' ? compactDate(String(value)) : epochMs(value, unit);
    times.set(row, time);
    if (Number.isNaN(time)) times.reject(row, `time ${value} is no ${unit === 'date' ? 'day' : 'whole millisecond'}`);
  }
  return decided === 'each' ? ['ms', 'us'] : [decided];
}

function mixedUnits(file: string) {
  return specError(
    file,
    'bad_time',
    'has epochs that no one unit reads: a file must count all its times in one of s, ms, us or ns. Split it, or say the unit with --time-unit',
  );
}

/** Returns the kind of a number of so many digits. */
export function kindOf(digits: number): number {
  return digits === 8 ? EIGHT_DIGITS : EPOCH;
}

/** Names units for a report. */
export function unitWords(units: readonly EpochUnit[]): string {
  return units.map((unit) => WORDS[unit]).join(', then ');
}

const WORDS: Readonly<Record<EpochUnit, string>> = {
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  date: 'days of eight digits',
};
