// Numbers and dates of a CSV file, as the country or the program writes them that made it.

import { specError } from '@backtest-jobs/engine/internal';

/** Which comes first in 08/09/2017. */
export const DATE_ORDERS = ['mdy', 'dmy'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

/** Writes a date of a known order as 2017-08-09. */
export function ordered(text: string, order: DateOrder | undefined): string {
  if (order === undefined) return text;
  const [, first = '', , second = '', year = '', rest = ''] =
    /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?=$|[T ])(.*)$/i.exec(text) ?? [];
  if (year === '') return text;
  const [month, day] = order === 'mdy' ? [first, second] : [second, first];
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}${rest}`;
}

/** Reads a decimal number: Number() alone takes an empty text for 0, and 0x10 for 16. A dollar sign may stand before it. */
export function parseNumber(text: string, decimalComma = false): number {
  const plain = text.startsWith('$') ? text.slice(1) : text;
  if (/^$|^[+-]?0[box]/i.test(plain)) return Number.NaN;
  if (!decimalComma) return Number(plain);
  return /^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$|^[+-]?\d+(?:,\d+)?(?:e[+-]?\d+)?$/i.test(plain)
    ? Number(plain.replaceAll('.', '').replace(',', '.'))
    : Number.NaN;
}

/** Returns the option that reads a time or a number which is none as it stands; else nothing. */
export function hintFor(text: string, isTime: boolean): string {
  if (isTime && /^\d{1,2}[/-]\d{1,2}[/-]\d{4}\b/.test(text))
    return '; say with --date-order whether the month (mdy) or the day (dmy) comes first';
  if (!isTime && /^\$?-?[\d.]*\d,\d+$/.test(text))
    return '; where a comma is the decimal point --decimal-comma reads it, and thousands have no sign between them';
  return '';
}

export function requireDateOrder(order: string | undefined): DateOrder | undefined {
  const found = DATE_ORDERS.find((one) => one === order);
  if (order === undefined || found !== undefined) return found;
  throw specError(
    'date_order',
    'invalid_value',
    `must be one of ${DATE_ORDERS.join(', ')}, not ${JSON.stringify(order.slice(0, 20))}`,
  );
}
