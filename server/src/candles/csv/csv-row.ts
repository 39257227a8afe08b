// One line of a CSV file as numbers, straight from its bytes: four times as fast as cutting strings. It takes only
// plain lines (digits, a point, an ISO time of the common shape); csv.ts reads all others.

import { at } from '../at.ts';
import { INSTANT, kindOf } from '../files/epochs.ts';
import { KIND } from '../files/rows.ts';
import { epochMs, utcDate, type TimeUnit } from '../files/time.ts';
import type { Positions } from './columns.ts';
import type { DateOrder } from './values.ts';
import type { ToUtc } from './zone.ts';

export interface Layout {
  readonly delimiter: string;
  /** Fields of every line. */
  readonly fields: number;
  /** Field of each of COLUMNS; -1: there is none, and the value is 0. */
  readonly positions: readonly number[];
  readonly timeUnit: TimeUnit | undefined;
  /** Field of the time of day, where the day stands in one of its own; else -1. */
  readonly clock: number;
  readonly dateOrder: DateOrder | undefined;
  readonly decimalComma: boolean;
  /** Turns local times into UTC; null: they are UTC. */
  readonly toUtc: ToUtc | null;
  /** Field that names the symbol, and the interval, of a row; -1 where there is none. */
  readonly groups: Positions['groups'];
  /** Field of the adjusted close, by which all prices of a row are adjusted; -1: they stay as they are. */
  readonly adjusted: number;
  /** True: nothing said which column is which. */
  readonly guessed: boolean;
}

/** Fills `row`; false: the line is not plain, and `row` must not be used. */
export type TakePlain = (bytes: Uint8Array, from: number, to: number, row: Float64Array) => boolean;

const [ZERO, POINT, MINUS, QUOTE] = [0x30, 0x2e, 0x2d, 0x22] as const;
// Powers of ten up to here are exact, so that an exact integer over one of them is the double nearest to the decimal.
const POWERS = Float64Array.from({ length: 23 }, (_, n) => Number(`1e${n}`));

export function plainRows(layout: Layout): TakePlain {
  const { delimiter, fields, positions, timeUnit, clock, toUtc, groups, adjusted, decimalComma } = layout;
  const separator = delimiter.charCodeAt(0);
  const columns = new Int8Array(fields).fill(-1);
  for (const [column, field] of positions.entries()) if (field >= 0) columns[field] = column;
  const absent = positions.flatMap((field, column) => (field < 0 ? [column] : []));
  const shared = new Set(positions.filter((field) => field >= 0)).size + absent.length < positions.length;
  // One field as two columns, two fields as one, or fields that are more than numbers.
  const odd =
    decimalComma ||
    shared ||
    clock >= 0 ||
    toUtc !== null ||
    adjusted >= 0 ||
    Object.values(groups).some((field) => field >= 0);
  const place: Place = { at: 0, to: 0, date: -1, day: Number.NaN, kind: INSTANT };
  return (bytes, from, to, row) => {
    if (odd) return false;
    place.at = from;
    place.to = to;
    for (let field = 0; field < fields; field += 1) {
      if (field > 0) {
        if (place.at >= to || bytes[place.at] !== separator) return false;
        place.at += 1;
      }
      const column = columns[field] ?? -1;
      if (column < 0) {
        if (!skipField(bytes, place, separator)) return false;
        continue;
      }
      const value = column === 0 ? timeAt(bytes, place, timeUnit) : numberAt(bytes, place);
      if (Number.isNaN(value)) return false;
      row[column] = value;
    }
    for (const column of absent) row[column] = 0;
    row[KIND] = place.kind;
    return place.at === to;
  };
}

/** Position in a line, and the day that was read last, since the next line mostly has the same. */
interface Place {
  at: number;
  to: number;
  date: number;
  day: number;
  /** Kind of the time that was read last. */
  kind: number;
}

function skipField(bytes: Uint8Array, place: Place, separator: number): boolean {
  for (; place.at < place.to && bytes[place.at] !== separator; place.at += 1) {
    if (bytes[place.at] === QUOTE) return false;
  }
  return true;
}

/** Reads a number; NaN when it is not plain. */
function numberAt(bytes: Uint8Array, place: Place): number {
  let next = place.at;
  let value = 0;
  let decimals = -1;
  for (; next < place.to; next += 1) {
    const digit = (bytes[next] ?? 0) - ZERO;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      if (decimals >= 0) decimals += 1;
    } else if (bytes[next] === POINT && decimals < 0) decimals = 0;
    else break;
  }
  const digits = next - place.at - (decimals < 0 ? 0 : 1);
  place.at = next;
  if (digits === 0 || value > Number.MAX_SAFE_INTEGER || decimals > 22) return Number.NaN;
  return decimals > 0 ? value / at(POWERS, decimals) : value;
}

function timeAt(bytes: Uint8Array, place: Place, unit: TimeUnit | undefined): number {
  place.kind = INSTANT;
  if (bytes[place.at + 4] === MINUS) return isoAt(bytes, place);
  const from = place.at;
  const value = numberAt(bytes, place);
  if (unit !== undefined) return epochMs(value, unit);
  place.kind = kindOf(place.at - from);
  return value;
}

/** Reads YYYY-MM-DD hh:mm:ss, with T and Z or without. */
function isoAt(bytes: Uint8Array, place: Place): number {
  const { at: from, to } = place;
  if (to - from < 19) return Number.NaN;
  for (let i = 0; i < SIGNS.length; i += 1) if (!SIGNS[i]?.includes(bytes[from + 7 + 3 * i] ?? 0)) return Number.NaN;
  const date = (twoDigits(bytes, from) * 100 + twoDigits(bytes, from + 2)) * 10_000 + twoDigits(bytes, from + 5) * 100;
  const key = date + twoDigits(bytes, from + 8);
  const [hour, minute, second] = [11, 14, 17].map((offset) => twoDigits(bytes, from + offset));
  if (!((hour ?? 99) <= 23 && (minute ?? 99) <= 59 && (second ?? 99) <= 59)) return Number.NaN;
  if (key !== place.date) {
    place.date = key;
    place.day = utcDate(Math.floor(key / 10_000), Math.floor(key / 100) % 100, key % 100);
  }
  place.at = from + (bytes[from + 19] === 0x5a && to - from > 19 ? 20 : 19);
  return place.day + (((hour ?? 0) * 60 + (minute ?? 0)) * 60 + (second ?? 0)) * 1000;
}

/** Signs that may stand before day, hour, minute and second. */
const SIGNS = ['-', 'T ', ':', ':'].map((signs) => Buffer.from(signs));

function twoDigits(bytes: Uint8Array, from: number): number {
  const [tens, ones] = [(bytes[from] ?? 0) - ZERO, (bytes[from + 1] ?? 0) - ZERO];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
