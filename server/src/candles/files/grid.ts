// The grid that the bars of a file lie on: its interval, and the bars that opened seconds after their place on it, as
// those of an exchange do after an outage.

import { TIMEFRAMES, type Timeframe } from '@backtest-jobs/engine';
import { deduceInterval, MINUTE_MS, regularInterval, specError } from '@backtest-jobs/engine/internal';
import { at } from '../at.ts';
import { isInterval } from '../source.ts';

const KNOWN = Object.keys(TIMEFRAMES).join(', ');

/** Returns the minute that a time lies in; every interval is made of whole minutes. */
export function minuteOf(time: number): number {
  return Math.floor(time / MINUTE_MS) * MINUTE_MS;
}

/**
 * Returns the interval that was given, or that of the times.
 * @param times ascending
 * @param sure the given interval is a fact: a few rows far apart do not contradict it
 * @throws {SpecError} for no interval, one that the times contradict, or one whose grid most of the bars are not on
 */
export function intervalOf(file: string, times: Float64Array, given: string | undefined, sure: boolean): Timeframe {
  if (given !== undefined && !isInterval(given)) {
    throw specError('interval', 'invalid_value', `must be one of ${KNOWN}, not ${JSON.stringify(given)}`);
  }
  const apart = regularInterval(times);
  if (!sure && apart !== null && apart < MINUTE_MS) throw belowMinute(file, apart);
  const minutes = distinct(times.map(minuteOf));
  const deduced = nameOf(deduceInterval(minutes));
  if (!sure && given !== undefined) requireInterval(file, given, minutes);
  const interval = given ?? deduced;
  if (interval === null) throw noInterval(file, minutes);
  return interval;
}

/** Describes a bar that opens off the grid. */
export function offGrid(interval: Timeframe, time: number): string {
  return `${interval} candles must open on the ${interval} grid of UTC, and the one of ${iso(time)} does not`;
}

/** Returns what helps when most bars open off the grid. */
export function gridHelp(interval: Timeframe, time: number): string {
  const step = TIMEFRAMES[interval];
  const late = ((time % step) + step) % step;
  const fits = (name: Timeframe): boolean => TIMEFRAMES[name] < step && late % TIMEFRAMES[name] === 0;
  const finer = Object.keys(TIMEFRAMES).filter(isInterval).findLast(fits);
  const zone =
    'if its times are local, say their zone with --timezone; a session market has its own grid where day_begins and zone of the configuration say it';
  if (finer === undefined) return zone;
  return `import candles of ${finer} or finer, from which larger bars are rolled up on the grid; ${zone}`;
}

/** Refuses an interval that is not that of the bars: bars taken for shorter ones close before their prices are known. */
function requireInterval(file: string, given: Timeframe, times: Float64Array): void {
  const step = TIMEFRAMES[given];
  const regular = regularInterval(times);
  const name = nameOf(regular ?? deduceInterval(times));
  if (name !== null && TIMEFRAMES[name] < step) throw contradicted(file, given, name);
  if (regular !== null && regular > step && nameOf(regular) !== null) throw contradicted(file, given, nameOf(regular));
  const steps = times.length - 1;
  const [shortest, longest] = shortestAndLongest(times);
  const even = longest <= shortest * EVEN || regular !== null;
  if (steps < FEW_STEPS || !even || Math.max(shortest, regular ?? 0) <= step) return;
  throw contradicted(file, given, null, Math.max(shortest, regular ?? 0));
}

/** Steps from which on they contradict an interval although they are none of ours: weeks, months. */
const FEW_STEPS = 5;
/** Months have 28 to 31 days. */
const EVEN = 1.25;

function contradicted(file: string, given: string, interval: string | null, step = 0) {
  const message =
    interval === null
      ? `must not be ${given}, because the bars in ${file} are ${spanOf(step)} apart: each holds more than ${given}, and its close would count before it is known; get finer candles, of one of ${KNOWN}`
      : `must be ${interval}, as the times in ${file} say, not ${given}; or leave it out`;
  return specError('interval', 'invalid_value', message);
}

function belowMinute(file: string, apart: number) {
  const rule = 'candles shorter than 1m are not stored';
  const message = `its bars are ${spanOf(apart)} apart, and ${rule}: check --time-unit, or make candles of 1m`;
  return specError(file, 'no_interval', message);
}

function noInterval(file: string, times: Float64Array) {
  const step = regularInterval(times);
  const apart = step !== null && times.length > FEW_STEPS ? ` (its bars are ${spanOf(step)} apart)` : '';
  return specError(
    file,
    'no_interval',
    `the interval cannot be deduced from its times${apart}, give it: one of ${KNOWN}`,
  );
}

function shortestAndLongest(times: Float64Array): readonly [number, number] {
  let [shortest, longest] = [Number.POSITIVE_INFINITY, 0];
  for (let i = 1; i < times.length; i += 1) {
    const step = at(times, i) - at(times, i - 1);
    if (step < shortest) shortest = step;
    if (step > longest) longest = step;
  }
  return [shortest, longest];
}

function spanOf(ms: number): string {
  const minutes = ms / MINUTE_MS;
  if (minutes < 1) return `${ms / 1000} seconds`;
  if (minutes % 1440 === 0) return `${minutes / 1440} days`;
  return minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`;
}

function distinct(ascending: Float64Array): Float64Array {
  return ascending.filter((time, i) => i === 0 || time !== ascending[i - 1]);
}

/** Names an interval; null when it is none of ours. */
function nameOf(interval: number | null): Timeframe | null {
  const names = Object.keys(TIMEFRAMES).filter(isInterval);
  return names.find((name) => TIMEFRAMES[name] === interval) ?? null;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
