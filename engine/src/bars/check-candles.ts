// Candles come from outside: what a series must be is checked once, here, and every broken bar is named.

import { SpecError, type Problem } from '../problems.ts';
import { COLUMNS, sliceCandles, type Candles } from './candles.ts';

/** Broken bars that are named; more are counted. */
const NAMED = 20;

/** Milliseconds from the epoch that a date can have. */
const MAX_TIME = 8.64e15;

/** Lists the columns of another length than `time`. */
export function lengthProblems(candles: Candles): readonly Problem[] {
  const { length } = candles.time;
  return COLUMNS.filter((name) => candles[name].length !== length).map((name) => ({
    path: `candles.${name}`,
    code: 'invalid_candles',
    message: `${name} has ${candles[name].length} values, time has ${length}`,
  }));
}

/**
 * Returns the candles that open in [start, end), checked. Times ascend over the whole series; of candles with the same
 * time the last counts, as the newest; `duplicates` are the times of the others.
 * @throws {SpecError} `invalid_candles`
 */
export function checkCandles(
  candles: Candles,
  { start, end }: { readonly start: number; readonly end: number },
): { rows: Candles; duplicates: readonly number[] } {
  const uneven = lengthProblems(candles);
  if (uneven.length > 0) throw new SpecError(uneven);
  const { time } = candles;
  const problems: Problem[] = [];
  let broken = 0;
  const duplicates: number[] = [];
  let from = 0;
  let to = 0;
  for (let bar = 0; bar < time.length; bar += 1) {
    if (time[bar] < start) from = bar + 1;
    if (time[bar] < end) to = bar + 1;
    const inRange = time[bar] >= start && time[bar] < end;
    const message = timeProblem(time, bar) ?? (inRange ? barProblem(candles, bar) : null);
    if (inRange && bar > from && time[bar] === time[bar - 1]) duplicates.push(time[bar]);
    if (message === null) continue;
    broken += 1;
    const at = Math.abs(time[bar]) <= MAX_TIME ? ` (${new Date(time[bar]).toISOString()})` : '';
    if (broken <= NAMED)
      problems.push({ path: `candles[${bar}]`, code: 'invalid_candles', message: `bar ${bar}${at}: ${message}` });
  }
  if (broken > NAMED) {
    problems.push({
      path: 'candles',
      code: 'invalid_candles',
      message: `${broken} bars are broken; the first ${NAMED} are named`,
    });
  }
  if (broken > 0) throw new SpecError(problems);
  const rows = sliceCandles(candles, from, to);
  return { rows: duplicates.length === 0 ? rows : lastOfEqualTimes(rows), duplicates };
}

/** Reports whether a number is an epoch millisecond that a date can have. */
export function isTime(time: number): boolean {
  return Number.isInteger(time) && Math.abs(time) <= MAX_TIME;
}

function timeProblem(time: Float64Array, bar: number): string | null {
  if (!isTime(time[bar])) return `time ${time[bar]} is no epoch millisecond`;
  if (bar > 0 && time[bar] < time[bar - 1]) return 'opens before the bar before it';
  return null;
}

function barProblem({ open, high, low, close, volume }: Candles, bar: number): string | null {
  for (const [name, column] of [
    ['open', open],
    ['high', high],
    ['low', low],
    ['close', close],
  ] as const) {
    if (!(column[bar] > 0 && column[bar] < Infinity)) return `${name} must be a price above 0, got ${column[bar]}`;
  }
  if (high[bar] < low[bar]) return `high ${high[bar]} is below low ${low[bar]}`;
  if (!(volume[bar] >= 0 && volume[bar] < Infinity)) return `volume must be 0 or more, got ${volume[bar]}`;
  return null;
}

function lastOfEqualTimes({ time, ...rest }: Candles): Candles {
  const isLast = (_: number, row: number): boolean => row === time.length - 1 || time[row] !== time[row + 1];
  const { open, high, low, close, volume } = rest;
  return {
    time: time.filter(isLast),
    open: open.filter(isLast),
    high: high.filter(isLast),
    low: low.filter(isLast),
    close: close.filter(isLast),
    volume: volume.filter(isLast),
  };
}
