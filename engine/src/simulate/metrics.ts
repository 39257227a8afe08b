// What a simulation was worth, one function per number. Ranking and report call the same functions, so the score of a
// variant and the number in its report cannot differ. Sums run in time order. `a / 0` is +-Infinity and `0 / 0` is NaN,
// which prints N/A and ranks last: floating point already says what the rules ask for, so no case is written out.

import type { Candles } from '../bars/candles.ts';
import type { Buckets } from '../bars/timeframe.ts';
import { DAY_MS, METRICS, type Metric } from '../spec.ts';
import type { Simulation } from './setting.ts';
import type { Trades } from './trades.ts';

/**
 * `_pct`, `expectancy`: human percents; the others are ratios; `num_trades` is a count. Division by zero gives +-Infinity,
 * 0 / 0 and too little to measure NaN.
 */
export type Metrics = Readonly<Record<Metric | 'num_trades', number>>;

/** What a metric has to know that neither the simulation nor the candles say. */
export interface MeasureContext extends Buckets {
  readonly initCash: number;
  /** Daily returns in a year: 365, or 252 where the market trades in sessions. */
  readonly periodsPerYear: number;
}

/** The days of target bars, those of the market or of UTC: the last bar of each, and room for its equity and return. */
export interface Days {
  readonly lastBars: Int32Array;
  readonly equity: Float64Array;
  readonly returns: Float64Array;
}

/** What metrics are computed from, whoever made the trades: a simulation has the equity of every bar, a scorer has not. */
export interface Outcome {
  readonly finalEquity: number;
  readonly trades: Pick<Trades, 'count' | 'net' | 'ret'>;
  /** The deepest fall from the running peak, in percent of the peak. */
  readonly maxDrawdownPct: () => number;
  /** Returns of days, null where they have no meaning; valid until another outcome is asked for its own. */
  readonly dailyReturns: () => Float64Array | null;
}

type Formula = (outcome: Outcome, context: MeasureContext) => number;

const FORMULAS: Readonly<Record<Metric, Formula>> = {
  total_return_pct: totalReturnPct,
  max_drawdown_pct: (outcome) => outcome.maxDrawdownPct(),
  return_over_max_drawdown: (outcome, context) => totalReturnPct(outcome, context) / outcome.maxDrawdownPct(),
  profit_factor: profitFactor,
  sharpe,
  sortino,
  calmar,
  sqn,
  expectancy,
  win_rate_pct: winRatePct,
};

/**
 * All metrics of a simulation over the target bars. Drawdown runs over the equity at every close. Sharpe, sortino and
 * calmar are of daily returns, annualised by `periodsPerYear`, without a risk-free rate: W. F. Sharpe, The Sharpe Ratio
 * (1994), with the sample deviation; F. A. Sortino, L. N. Price, Performance Measurement in a Downside Risk Framework
 * (1994), with target 0 over all days; T. W. Young, Calmar Ratio (1991), over the whole range. SQN is V. K. Tharp's
 * system quality number over the nets of the trades. `days` are those of the target bars; whoever measures many simulations
 * has them at hand.
 */
export function measure(simulation: Simulation, target: Candles, context: MeasureContext, days?: Days): Metrics {
  const outcome = outcomeOf(simulation, context, () => days ?? daysOf(target, context));
  const values = everyMetric((metric) => measureOutcome(metric, outcome, context));
  return { ...values, num_trades: simulation.trades.count };
}

/** What a simulation ran over. */
export interface Measured {
  readonly target: Candles;
  readonly context: MeasureContext;
  /** The days of the target bars; whoever measures many simulations has them at hand. */
  readonly days?: Days;
}

/** Computes one metric alone. */
export function measureOne(metric: Metric, simulation: Simulation, { target, context, days }: Measured): number {
  const outcome = outcomeOf(simulation, context, () => days ?? daysOf(target, context));
  return measureOutcome(metric, outcome, context);
}

export function measureOutcome(metric: Metric, outcome: Outcome, context: MeasureContext): number {
  return FORMULAS[metric](outcome, context);
}

/** Three metrics ask for the deepest fall, and three for the daily returns: each is found once, if at all. */
function outcomeOf(
  { finalEquity, trades, equity }: Simulation,
  { initCash }: MeasureContext,
  daysOfBars: () => Days,
): Outcome {
  let deepest: number | null = null;
  let daily: Float64Array | null | undefined;
  return {
    finalEquity,
    trades,
    maxDrawdownPct: () => (deepest ??= maxDrawdownPct(equity, initCash)),
    dailyReturns: () => (daily === undefined ? (daily = dailyReturnsOf(equity, daysOfBars(), initCash)) : daily),
  };
}

/** As `dailyReturns`, from the equity of every bar. */
export function dailyReturnsOf(equity: Float64Array, days: Days, initCash: number): Float64Array | null {
  for (let day = 0; day < days.lastBars.length; day += 1) days.equity[day] = equity[days.lastBars[day]];
  return dailyReturns(days, initCash);
}

/** A bar belongs to the day of the last millisecond before its close; where bars follow the day of a market, none has two. */
export function daysOf({ time }: Candles, { timeframeMs, clock }: Buckets): Days {
  const lastBars: number[] = [];
  const toLastMs = clock ? 0 : timeframeMs - 1;
  let nextDay = -Infinity; // from here on a bar is not of the day of the bar before
  for (let bar = 0; bar < time.length; bar += 1) {
    const lastMs = time[bar] + toLastMs;
    if (lastMs < nextDay) continue;
    if (bar > 0) lastBars.push(bar - 1);
    nextDay = clock ? clock.end(lastMs) : (Math.floor(lastMs / DAY_MS) + 1) * DAY_MS;
  }
  if (time.length > 0) lastBars.push(time.length - 1);
  const { length } = lastBars;
  return { lastBars: Int32Array.from(lastBars), equity: new Float64Array(length), returns: new Float64Array(length) };
}

/** One value for each metric, in the order of METRICS. */
export function everyMetric<T>(valueOf: (metric: Metric) => T): Record<Metric, T> {
  return Object.fromEntries(METRICS.map(({ name }) => [name, valueOf(name)])) as Record<Metric, T>;
}

export function totalReturnPct({ finalEquity }: Pick<Outcome, 'finalEquity'>, { initCash }: MeasureContext): number {
  return ((finalEquity - initCash) / initCash) * 100;
}

/**
 * The deepest fall from the running peak, which starts at initCash, in percent of the peak. Divides once per peak, by the
 * lowest equity under it: rounding is monotone, so this is the maximum over all bars to the last bit.
 */
export function maxDrawdownPct(equity: Float64Array, initCash: number): number {
  let peak = initCash;
  let trough = initCash;
  let worst = 0;
  for (let bar = 0; bar < equity.length; bar += 1) {
    const value = equity[bar];
    if (value > peak) {
      worst = Math.max(worst, (peak - trough) / peak);
      peak = value;
      trough = value;
    } else if (value < trough) {
      trough = value;
    }
  }
  return Math.max(worst, (peak - trough) / peak) * 100;
}

/** Mean over falls from the running peak of how deep each went, in percent of its peak; NaN where equity never fell. */
export function avgDrawdownEpisode(equity: Float64Array, initCash: number): number {
  let peak = initCash;
  let deepest = 0;
  let total = 0;
  let falls = 0;
  for (let bar = 0; bar < equity.length; bar += 1) {
    if (equity[bar] < peak) {
      if (deepest === 0) falls += 1;
      deepest = Math.max(deepest, ((peak - equity[bar]) / peak) * 100);
      continue;
    }
    total += deepest;
    deepest = 0;
    peak = equity[bar];
  }
  return (total + deepest) / falls;
}

function profitFactor({ trades: { net, count } }: Outcome): number {
  let won = 0;
  let lost = 0;
  for (let trade = 0; trade < count; trade += 1) {
    if (net[trade] > 0) won += net[trade];
    else lost -= net[trade];
  }
  return won / lost;
}

function winRatePct({ trades: { net, count } }: Outcome): number {
  let wins = 0;
  for (let trade = 0; trade < count; trade += 1) if (net[trade] > 0) wins += 1;
  return (wins / count) * 100;
}

/** The mean trade return in percent. */
function expectancy({ trades: { ret, count } }: Outcome): number {
  return meanOf(ret, count) * 100;
}

/** System quality number: sqrt(n) * mean(net) / std(net). */
function sqn({ trades: { net, count } }: Outcome): number {
  const mean = meanOf(net, count);
  return (Math.sqrt(count) * mean) / deviation(net, count, mean);
}

function sharpe(outcome: Outcome, { periodsPerYear }: MeasureContext): number {
  return dailySharpe(outcome.dailyReturns()) * Math.sqrt(periodsPerYear);
}

/** The ratio of one day; NaN where daily returns have no meaning. */
export function dailySharpe(returns: Float64Array | null): number {
  if (returns === null) return Number.NaN;
  const mean = meanOf(returns, returns.length);
  return mean / deviation(returns, returns.length, mean);
}

function sortino(outcome: Outcome, { periodsPerYear }: MeasureContext): number {
  const returns = outcome.dailyReturns();
  if (returns === null) return Number.NaN;
  let squares = 0;
  for (let day = 0; day < returns.length; day += 1) if (returns[day] < 0) squares += returns[day] * returns[day];
  return (meanOf(returns, returns.length) / Math.sqrt(squares / returns.length)) * Math.sqrt(periodsPerYear);
}

/** Compound annual growth over the maximum drawdown, both as fractions. */
function calmar(outcome: Outcome, { initCash, periodsPerYear }: MeasureContext): number {
  const returns = outcome.dailyReturns();
  if (returns === null) return Number.NaN;
  const growth = (outcome.finalEquity / initCash) ** (periodsPerYear / returns.length) - 1;
  return growth / (outcome.maxDrawdownPct() / 100);
}

/**
 * Fills `returns` from the equity at the last bars, the first against initCash, and answers with it; null if there are too
 * few, or one of them has no meaning.
 */
export function dailyReturns({ equity, returns }: Days, initCash: number): Float64Array | null {
  let before = initCash;
  for (let day = 0; day < equity.length; day += 1) {
    const value = equity[day];
    if (value <= 0) return null;
    returns[day] = value / before - 1;
    before = value;
  }
  return returns.length >= 2 ? returns : null;
}

/** The mean, as distance from the first value: equal values have exactly this mean and no deviation from it. */
export function meanOf(values: Float64Array, count: number): number {
  const first = values[0];
  let distance = 0;
  for (let i = 0; i < count; i += 1) distance += values[i] - first;
  return first + distance / count;
}

/** Values whose deviation is below this part of their mean differ by rounding: fills and returns keep some 10 digits. */
const ROUNDING = 1e-9;

/** Sample standard deviation (ddof 1), exactly 0 of values that differ by rounding; NaN for fewer than two values. */
export function deviation(values: Float64Array, count: number, mean: number): number {
  let squares = 0;
  for (let i = 0; i < count; i += 1) squares += (values[i] - mean) * (values[i] - mean);
  const found = Math.sqrt(squares / (count - 1));
  return found <= ROUNDING * Math.abs(mean) ? 0 : found;
}
