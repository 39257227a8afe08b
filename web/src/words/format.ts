// Numbers, times and spans as the screen writes them everywhere: one sign for minus, a sign on gains and losses, ∞, and a
// dash for what is not known.

export const NONE = '–';
const MINUS = '−';

/** A metric as the API writes it. */
export type MetricJson = number | 'inf' | '-inf' | null | undefined;

/** Returns a metric as a number: infinities as such, NaN for none. */
export function numberOf(value: MetricJson): number {
  if (value === 'inf') return Infinity;
  if (value === '-inf') return -Infinity;
  return value ?? NaN;
}

/** Writes a number with so many decimals and commas between thousands. */
export function decimal(value: MetricJson, digits = 2): string {
  const number = numberOf(value);
  if (Number.isNaN(number)) return NONE;
  if (!Number.isFinite(number)) return number > 0 ? '∞' : `${MINUS}∞`;
  const [whole = '', rest] = Math.abs(number).toFixed(digits).split('.');
  const isZero = Number(Math.abs(number).toFixed(digits)) === 0;
  const sign = number < 0 && !isZero ? MINUS : '';
  return `${sign}${grouped(whole)}${rest === undefined ? '' : `.${rest}`}`;
}

/** Puts a comma before every three digits from the end. */
function grouped(digits: string): string {
  const first = digits.length % 3 || 3;
  let text = digits.slice(0, first);
  for (let at = first; at < digits.length; at += 3) text += `,${digits.slice(at, at + 3)}`;
  return text;
}

/** Writes a whole number. */
export const count = (value: MetricJson): string => decimal(value, 0);

/** Writes a number with its sign, for what can be gained or lost. */
export function signed(value: MetricJson, digits = 1): string {
  const number = numberOf(value);
  const isAbove = Number.isFinite(number) ? Number(number.toFixed(digits)) > 0 : number > 0;
  return `${isAbove ? '+' : ''}${decimal(value, digits)}`;
}

/** Writes a percentage with its sign. */
export function percent(value: MetricJson, digits = 1): string {
  return Number.isNaN(numberOf(value)) ? NONE : `${signed(value, digits)}%`;
}

/** Writes a probability or a share of 1 in percent; never 0% or 100% for what is not. */
export function share(value: number | null | undefined, digits = 0): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NONE;
  const least = 10 ** -digits;
  const hundred = 100 * value;
  if (value > 0 && hundred < least) return `<${least.toFixed(digits)}%`;
  if (value < 1 && hundred > 100 - least) return `>${(100 - least).toFixed(digits)}%`;
  return `${hundred.toFixed(digits)}%`;
}

/** Writes a count short, as on axes: 950, 2.7k, 27k, 1.2M. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return `${decimal(value / 1e9, size >= 1e10 ? 0 : 1)}G`;
  if (size >= 1e6) return `${decimal(value / 1e6, size >= 1e7 ? 0 : 1)}M`;
  if (size >= 1e4) return `${decimal(value / 1e3, 0)}k`;
  if (size >= 1e3) return `${decimal(value / 1e3, 1)}k`;
  return count(value);
}

/** Writes a span of seconds: 0.9 s, 28 s, 3 min 12 s, 2 h 05 min, 3 d 4 h. */
export function span(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return NONE;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 90) return `${whole} s`;
  if (whole < 5400) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 2880) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  const hours = Math.round(seconds / 3600);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Writes how long ago an instant was. */
export function ago(iso: string, nowMs: number): string {
  const seconds = Math.max(0, (nowMs - Date.parse(iso)) / 1000);
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s ago`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  const days = Math.round(seconds / 86_400);
  return `${days} ${days === 1 ? 'day' : 'days'} ago`;
}

/** Writes an instant of the API as a UTC date. */
export const date = (iso: string): string => iso.slice(0, 10);

/** Writes an instant of the API in UTC to the minute. */
export const minute = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

/** Writes an instant in UTC and by the reader's clock, for hover and focus. */
export function bothClocks(iso: string): string {
  const local = new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC, ${local} local`;
}

/** Writes a month range of dates short: 2000-01 to 2020-01. */
export const months = ({ start, end }: { readonly start: string; readonly end: string }): string =>
  `${start.slice(0, 7)} to ${end.slice(0, 7)}`;

/** Writes the value of an axis; null is a stop that is off. */
export function axisValue(value: number | string | boolean | null | undefined): string {
  if (value === null || value === undefined) return 'off';
  return typeof value === 'number' ? String(Math.round(value * 1e6) / 1e6).replace('-', MINUS) : String(value);
}

/** Names the tone of a gain or loss; none for 0 and what is not known. */
export function tone(value: MetricJson): 'gain' | 'loss' | '' {
  const number = numberOf(value);
  return number > 0 ? 'gain' : number < 0 ? 'loss' : '';
}
