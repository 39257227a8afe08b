// Numbers as the screen writes them: one sign for minus, a sign on gains and losses, ∞, and a dash for what is not known. A test
// holds them to the words of the screen.

export const NONE = '–';
const MINUS = '−';

/** A metric as JSON has it. */
export type Measured = number | 'inf' | '-inf' | null | undefined;

/** Returns a metric as a number: infinities as such, NaN for none. */
export function numberOf(value: Measured): number {
  if (value === 'inf') return Infinity;
  if (value === '-inf') return -Infinity;
  return value ?? NaN;
}

/** Writes a number with so many decimals and commas between thousands. */
export function decimalText(value: Measured, digits = 2): string {
  const number = numberOf(value);
  if (Number.isNaN(number)) return NONE;
  if (!Number.isFinite(number)) return number > 0 ? '∞' : `${MINUS}∞`;
  const fixed = Math.abs(number).toFixed(digits);
  const [whole = '', rest] = fixed.split('.');
  const sign = number < 0 && Number(fixed) !== 0 ? MINUS : '';
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
export const countText = (value: Measured): string => decimalText(value, 0);

/** Writes a number with its sign, for what can be gained or lost. */
export function signed(value: Measured, digits = 1): string {
  const number = numberOf(value);
  const isAbove = Number.isFinite(number) ? Number(number.toFixed(digits)) > 0 : number > 0;
  return `${isAbove ? '+' : ''}${decimalText(value, digits)}`;
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

/** Writes an instant in UTC to the minute. */
export const minute = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;

/** Writes the value of an axis; null is a stop that is off. */
export function axisValue(value: number | string | null): string {
  if (value === null) return 'off';
  return typeof value === 'number' ? String(Math.round(value * 1e6) / 1e6).replace('-', MINUS) : value;
}

/** Names the tone of a gain or loss; none for 0 and what is not known. */
export function tone(value: Measured): 'gain' | 'loss' | '' {
  const number = numberOf(value);
  return number > 0 ? 'gain' : number < 0 ? 'loss' : '';
}

interface MetricWords {
  readonly name: string;
  readonly unit: '%' | '';
  readonly format: (value: Measured) => string;
  /** Whether its sign says gained or lost. */
  readonly signed?: true;
}

const plain = (digits: number) => (value: Measured) => decimalText(value, digits);
const withSign = (digits: number) => (value: Measured) => signed(value, digits);

export const METRIC_WORDS: Readonly<Record<string, MetricWords>> = {
  total_return_pct: { name: 'Return', unit: '%', format: withSign(1), signed: true },
  max_drawdown_pct: { name: 'Max DD', unit: '%', format: plain(1) },
  return_over_max_drawdown: { name: 'Ret/DD', unit: '', format: plain(1) },
  profit_factor: { name: 'PF', unit: '', format: plain(2) },
  sharpe: { name: 'Sharpe', unit: '', format: plain(2) },
  sortino: { name: 'Sortino', unit: '', format: plain(2) },
  calmar: { name: 'Calmar', unit: '', format: plain(2) },
  sqn: { name: 'SQN', unit: '', format: plain(2) },
  expectancy: { name: 'Exp.', unit: '%', format: withSign(2), signed: true },
  win_rate_pct: { name: 'Win', unit: '%', format: plain(0) },
  num_trades: { name: 'Trades', unit: '', format: plain(0) },
  ambiguous_bars: { name: 'Ambig.', unit: '', format: plain(0) },
};

/** Returns the words of a metric; those of one that is not known are its name. */
export function metricWords(id: string): MetricWords {
  return (Object.hasOwn(METRIC_WORDS, id) && METRIC_WORDS[id]) || { name: id, unit: '', format: plain(2) };
}

/** Writes the name of a metric with its unit, for the head of a column. */
export function columnHead(id: string): string {
  const { name, unit } = metricWords(id);
  return unit === '' ? name : `${name} ${unit}`;
}
