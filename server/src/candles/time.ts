// Times as files write them: an epoch in seconds, milliseconds or microseconds, or an ISO date or instant.

/** Units of an epoch. */
export const TIME_UNITS = ['s', 'ms', 'us'] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

/**
 * Reads a time as epoch milliseconds; NaN when the text is none. A time without a zone is UTC; a date alone is its
 * midnight.
 * @param unit of an epoch; without it the size decides
 */
export function parseTime(text: string, unit?: TimeUnit): number {
  if (EPOCH.test(text)) {
    return unit === undefined && /^\d{8}$/.test(text) ? compactDate(text) : epochMs(Number(text), unit);
  }
  const match = ISO.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  if (/[1-9]/.test(fraction.slice(3))) return Number.NaN; // finer than a millisecond
  const date = utcDate(Number(year), Number(month), Number(day));
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return Number.NaN;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  return date + seconds * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0')) - offsetMs(zone);
}

/**
 * Returns epoch milliseconds. Without a unit the size decides: an epoch in seconds stays below 1e11 until the year
 * 5138, one in milliseconds is above it since 1973, one in microseconds is above 1e14 since 1973. Archives change their
 * unit in the middle (Binance 2025).
 */
export function epochMs(value: number, unit: TimeUnit | null = unitOf(value)): number {
  if (unit === 's') return whole(Math.round(value * 1e6) / 1e3);
  if (unit === 'ms') return whole(value);
  return unit === 'us' ? whole(value / 1000) : Number.NaN;
}

function unitOf(value: number): TimeUnit | null {
  const size = Math.abs(value);
  if (size < 1e11) return 's';
  if (size < 1e14) return 'ms';
  return size < 1e17 ? 'us' : null;
}

/** Reads 20240131: as an epoch it would be a day of 1970, which is never what was meant. */
function compactDate(text: string): number {
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

const EPOCH = /^-?\d+(?:\.\d+)?$/;
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?: ?(Z|UTC|[+-]\d{2}(?::?\d{2})?))?)?$/i;
