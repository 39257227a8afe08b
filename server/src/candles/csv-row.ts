// One line of a CSV file as numbers, straight from its bytes: four times as fast as cutting strings. It takes only what
// is plain (digits, a point, an ISO time of the common shape) and says no to everything else, which goes the long way.
import { epochMs, utcDate, type TimeUnit } from './time.ts';

export interface Layout {
  readonly delimiter: string;
  /** Fields of every line. */
  readonly fields: number;
  /** Field of each of COLUMNS; -1: there is none, and the value is 0. */
  readonly positions: readonly number[];
  readonly timeUnit: TimeUnit | undefined;
}

/** False: not plain, `row` is not to be used. */
export type TakePlain = (bytes: Uint8Array, from: number, to: number, row: Float64Array) => boolean;

const [ZERO, POINT, MINUS, QUOTE] = [0x30, 0x2e, 0x2d, 0x22] as const;
// Powers of ten up to here are exact, so that an exact integer over one of them is the double nearest to the decimal.
const POWERS = Float64Array.from({ length: 23 }, (_, n) => Number(`1e${n}`));

export function plainRows({ delimiter, fields, positions, timeUnit }: Layout): TakePlain {
  const separator = delimiter.charCodeAt(0);
  const columns = new Int8Array(fields).fill(-1);
  for (const [column, field] of positions.entries()) if (field >= 0) columns[field] = column;
  const absent = positions.flatMap((field, column) => (field < 0 ? [column] : []));
  const twice = new Set(positions.filter((field) => field >= 0)).size + absent.length < positions.length;
  let at = 0; // where the reading is
  let day = { key: -1, time: Number.NaN };

  /** NaN when it is no plain number. */
  const number = (bytes: Uint8Array, to: number): number => {
    const from = at;
    let value = 0;
    let decimals = -1;
    for (; at < to; at++) {
      const digit = (bytes[at] ?? 0) - ZERO;
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        if (decimals >= 0) decimals++;
      } else if (bytes[at] === POINT && decimals < 0) decimals = 0;
      else break;
    }
    const digits = at - from - (decimals < 0 ? 0 : 1);
    if (digits === 0 || value > Number.MAX_SAFE_INTEGER || decimals > 22) return Number.NaN;
    return decimals > 0 ? value / (POWERS[decimals] ?? Number.NaN) : value;
  };

  /** YYYY-MM-DD hh:mm:ss, with T and Z or without. */
  const iso = (bytes: Uint8Array, to: number): number => {
    const two = (from: number): number => {
      const [tens, ones] = [(bytes[from] ?? 0) - ZERO, (bytes[from + 1] ?? 0) - ZERO];
      return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
    };
    const from = at;
    const letter = (offset: number): string => String.fromCharCode(bytes[from + offset] ?? 0);
    if (to - from < 19 || letter(7) !== '-' || !'T '.includes(letter(10))) return Number.NaN;
    if (letter(13) !== ':' || letter(16) !== ':') return Number.NaN;
    const [year, month, date] = [two(from) * 100 + two(from + 2), two(from + 5), two(from + 8)];
    const [hour, minute, second] = [two(from + 11), two(from + 14), two(from + 17)];
    if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
    const key = (year * 100 + month) * 100 + date;
    if (key !== day.key) day = { key, time: utcDate(year, month, date) };
    at = from + (letter(19) === 'Z' ? 20 : 19);
    return day.time + ((hour * 60 + minute) * 60 + second) * 1000;
  };

  const time = (bytes: Uint8Array, to: number): number => {
    if (bytes[at + 4] === MINUS) return iso(bytes, to);
    const from = at;
    const value = number(bytes, to);
    return at - from === 8 ? Number.NaN : epochMs(value, timeUnit); // 20240131 is a date
  };

  return (bytes, from, to, row) => {
    at = from;
    for (let field = 0; field < fields; field++) {
      const column = columns[field] ?? -1;
      if (column >= 0) {
        const value = column === 0 ? time(bytes, to) : number(bytes, to);
        if (Number.isNaN(value)) return false;
        row[column] = value;
      } else {
        for (; at < to && bytes[at] !== separator; at++) if (bytes[at] === QUOTE) return false;
      }
      if (field === fields - 1) break;
      if (at >= to || bytes[at] !== separator) return false;
      at++;
    }
    for (const column of absent) row[column] = 0;
    return at === to && !twice;
  };
}
