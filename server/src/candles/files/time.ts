// Times as files write them: an epoch in seconds, milliseconds, microseconds or nanoseconds, or an ISO date or instant.

/** Units of an epoch. */
export const TIME_UNITS = ['s', 'ms', 'us', 'ns'] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

/**
 * Reads a time as epoch milliseconds; NaN when the text is none. A time without a zone is UTC; a date alone is its
 * midnight.
 * @param unit of an epoch; without it the size decides
 */
export function parseTime(text: string, unit?: TimeUnit): number {
  if (isEpoch(text)) {
    if (unit === undefined && /^\d{8}$/.test(text)) return compactDate(text);
    return isFiner(text, unit ?? unitOf(Number(text))) ? Number.NaN : epochMs(Number(text), unit);
  }
  const match = ISO.exec(dashed(text));
  if (match === null) return Number.NaN;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  if (/[1-9]/.test(fraction.slice(3))) return Number.NaN; // finer than a millisecond
  const date = utcDate(Number(year), Number(month), Number(day));
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return Number.NaN;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  return date + seconds * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0')) - offsetMs(zone);
}

/** Returns epoch milliseconds; NaN when it is no whole one. Without a unit the size of this one number decides. */
export function epochMs(value: number, unit: TimeUnit | null = unitOf(value)): number {
  if (unit === 's') return whole(Math.round(value * 1e6) / 1e3);
  if (unit === 'ms') return whole(value);
  if (unit === 'us') return whole(value / 1e3);
  // Beyond 2^53 a number is nearest to its text only: up to 256 ns off.
  const ms = Math.round(value / 1e6);
  return unit === 'ns' && Math.abs(value / 1e6 - ms) < 1e-3 ? ms : Number.NaN;
}

const YEAR_2200 = Date.UTC(2200) / 1000;

/** Returns the unit that puts a number between 1970 and 2200: each unit is as large there as a thousand of the next. */
export function unitOf(value: number): TimeUnit | null {
  const size = Math.abs(value);
  if (size < YEAR_2200) return 's';
  if (size < YEAR_2200 * 1e3) return 'ms';
  if (size < YEAR_2200 * 1e6) return 'us';
  return size < YEAR_2200 * 1e9 ? 'ns' : null;
}

/** Reports whether a text of digits counts nanoseconds that are no whole millisecond. */
function isFiner(text: string, unit: TimeUnit | null): boolean {
  return unit === 'ns' && /^-?\d+$/.test(text) && BigInt(text) % 1_000_000n !== 0n;
}

/** Writes 2017/08/16, 2017.08.16, 16.08.2017 and 20170816 093000 with dashes and colons; 08/16/2017 could be two days. */
function dashed(text: string): string {
  const yearFirst = /^(\d{4})([/.])(\d{1,2})\2(\d{1,2})(?=$|[T ])(.*)$/i.exec(text);
  if (yearFirst !== null) {
    const [, year = '', , month = '', day = '', rest = ''] = yearFirst;
    return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}${rest}`;
  }
  const dayFirst = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?=$|[T ])(.*)$/i.exec(text);
  if (dayFirst !== null) {
    const [, day = '', month = '', year = '', rest = ''] = dayFirst;
    return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}${rest}`;
  }
  return text
    .replace(/^(\d{4})(\d{2})(\d{2})([T ])(?:(\d{2}):?(\d{2}))/, '$1-$2-$3$4$5:$6')
    .replace(/^(.{10}[T ]\d\d:\d\d)(\d\d)$/, '$1:$2');
}

/** Reads 20240131: as an epoch it would be a day of 1970, which is never what was meant. */
export function compactDate(text: string): number {
  return utcDate(Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6)));
}

/** Returns the midnight of a day; NaN for the 30th of February, which Date.UTC takes for the 1st of March. */
export function utcDate(year: number, month: number, day: number): number {
  const time = Date.UTC(year, month - 1, day);
  const date = new Date(time);
  const same = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same ? time : Number.NaN;
}

/** Reads `Z`, `UTC`, `+02`, `+0200` or `+02:00`. */
function offsetMs(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (match === null) return 0;
  const [, sign, hours, minutes = '0'] = match;
  if (Number(hours) > 14 || Number(minutes) > 59) return Number.NaN;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

function whole(ms: number): number {
  return Number.isInteger(ms) ? ms : Number.NaN;
}

/** Reports whether a text is a number: an epoch, or a day of eight digits. */
export function isEpoch(text: string): boolean {
  return /^-?\d+(?:\.\d+)?$/.test(text);
}

/** Reads an epoch as it stands, for a file whose unit is not known yet; NaN for one that is finer than a millisecond. */
export function rawEpoch(text: string): number {
  const value = Number(text);
  const unit = unitOf(value);
  return unit === null || isFiner(text, unit) ? Number.NaN : value;
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?: ?(Z|UTC|[+-]\d{2}(?::?\d{2})?))?)?$/i;
