// The 25 numbers a person reads about one variant, in their order and under their names.

import type { Candles } from '../bars/candles.ts';
import { barEnd, type Buckets } from '../bars/timeframe.ts';
import { measure, type Days, type MeasureContext, type Metrics } from '../simulate/metrics.ts';
import type { Simulation } from '../simulate/setting.ts';
import { DEFINITIONS } from './definitions.ts';
import { formatDuration, formatNumber } from './format.ts';
import { isoTime, tradeTimes } from './trade-rows.ts';

interface ReportRow {
  readonly metric: string;
  readonly value: string;
  /** What it means; only of rows that other programs compute otherwise. */
  readonly definition?: string;
}

/** What a person reads about one simulation. */
export interface Report {
  readonly rows: readonly ReportRow[];
  /** The rows as a markdown table `|Metric|Value|`, without a newline at the end. */
  readonly table_md: string;
  /** The unrounded numbers a job can rank by. */
  readonly metrics: Metrics;
  readonly bust: boolean;
  readonly written_off: number;
  /** Stops decided by convention; the other values of `Setting.ambiguous` give the other bounds. */
  readonly ambiguous_bars: number;
  /** Fills that waited for a market; whether the forced close had none. */
  readonly waited_fills: number;
  readonly carried_close: boolean;
}

interface Spread {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

const quote = (value: number): string => formatNumber(value, 2);
const ratio = (value: number): string => formatNumber(value, 5);
const number = (value: number): string => formatNumber(value, 4);

/**
 * The report of a simulation over the target bars, of which there is at least one: 25 rows, always the same, in the same
 * order. Quote has 2 decimals, ratios 5, other numbers 4, half to even; `N/A` is undefined, `inf` infinite. Metrics are
 * those of `measure`, whose comment names their sources and what `days` are.
 */
export function report(simulation: Simulation, target: Candles, context: MeasureContext, days?: Days): Report {
  const metrics = measure(simulation, target, context, days);
  const rows = reportRows(simulation, target, context, metrics);
  const { bust, writtenOff, ambiguousBars, waitedFills, carriedClose } = simulation;
  const caveats = { bust, written_off: writtenOff, ambiguous_bars: ambiguousBars };
  const waits = { waited_fills: waitedFills, carried_close: carriedClose };
  return { rows, table_md: tableOf(rows), metrics, ...caveats, ...waits };
}

/** The return of buy and hold from the first close to the last, without costs. */
export function benchmarkReturnPct({ close }: Pick<Candles, 'close'>): number {
  return ((close[close.length - 1] - close[0]) / close[0]) * 100;
}

function reportRows(simulation: Simulation, target: Candles, context: MeasureContext, metrics: Metrics): ReportRow[] {
  const { time } = target;
  const { trades, finalEquity, equity } = simulation;
  const start = time[0];
  const end = barEnd(time[time.length - 1], context);
  const falls = fallsOf(equity, context.initCash, time, end);
  const tradeDurations = spreadOf(durations(simulation, target, context));
  const returns = spreadOf(trades.ret.subarray(0, trades.count));
  const exposure = exposureOf(simulation);
  return [
    { metric: 'Start', value: isoTime(start) },
    { metric: 'End', value: isoTime(end) },
    { metric: 'Duration', value: formatDuration(end - start) },
    { metric: 'Init. Cash', value: quote(context.initCash) },
    { metric: 'Total Profit', value: quote(finalEquity - context.initCash) },
    { metric: 'Total Return [%]', value: number(metrics.total_return_pct) },
    { metric: 'Benchmark Return [%]', value: number(benchmarkReturnPct(target)) },
    { metric: 'Position Coverage [%]', value: number(exposure.coveragePct) },
    { metric: 'Max. Drawdown [%]', value: number(metrics.max_drawdown_pct) },
    { metric: 'Avg. Drawdown [%]', value: number(falls.meanPct), definition: DEFINITIONS['Avg. Drawdown [%]'] },
    { metric: 'Max. Drawdown Duration', value: formatDuration(falls.durations.max) },
    { metric: 'Avg. Drawdown Duration', value: formatDuration(falls.durations.mean) },
    { metric: 'Num. Trades', value: number(metrics.num_trades) },
    { metric: 'Win Rate [%]', value: number(metrics.win_rate_pct) },
    { metric: 'Best Trade [%]', value: number(returns.max * 100) },
    { metric: 'Worst Trade [%]', value: number(returns.min * 100) },
    { metric: 'Avg. Trade [%]', value: number(metrics.expectancy) },
    { metric: 'Max. Trade Duration', value: formatDuration(tradeDurations.max) },
    { metric: 'Avg. Trade Duration', value: formatDuration(tradeDurations.mean) },
    { metric: 'Expectancy', value: number(metrics.expectancy), definition: DEFINITIONS['Expectancy'] },
    { metric: 'SQN', value: ratio(metrics.sqn) },
    { metric: 'Gross Exposure', value: number(exposure.gross) },
    { metric: 'Sharpe Ratio', value: ratio(metrics.sharpe) },
    { metric: 'Sortino Ratio', value: ratio(metrics.sortino) },
    { metric: 'Calmar Ratio', value: ratio(metrics.calmar) },
  ];
}

function tableOf(rows: readonly ReportRow[]): string {
  return ['|Metric|Value|', '|---|---|', ...rows.map(({ metric, value }) => `|${metric}|${value}|`)].join('\n');
}

/**
 * The mean of the percents below the running peak, and how long each fall took, in milliseconds: from its first underwater bar
 * to the first recovered one, or to the end.
 */
function fallsOf(
  equity: Float64Array,
  initCash: number,
  time: Float64Array,
  end: number,
): { readonly meanPct: number; readonly durations: Spread } {
  const found: number[] = [];
  let peak = initCash;
  let total = 0;
  let since = -1;
  for (let bar = 0; bar < equity.length; bar += 1) {
    const value = equity[bar];
    if (value < peak) {
      total += ((peak - value) / peak) * 100; // as `drawdown` of series.ts
      if (since < 0) since = bar;
      continue;
    }
    peak = value;
    if (since < 0) continue;
    found.push(time[bar] - time[since]);
    since = -1;
  }
  if (since >= 0) found.push(end - time[since]);
  return { meanPct: total / equity.length, durations: spreadOf(found) };
}

function durations(simulation: Simulation, target: Candles, buckets: Buckets): Float64Array {
  const found = new Float64Array(simulation.trades.count);
  for (let trade = 0; trade < found.length; trade += 1) {
    const { entry, exit } = tradeTimes(simulation, target, buckets, trade);
    found[trade] = exit - entry;
  }
  return found;
}

/**
 * Over all target bars: the share that any trade touches, from entry to exit, and the mean of entry amount / equity. A bar
 * that two trades share counts for the later one.
 */
function exposureOf({ trades, equity }: Simulation): { readonly coveragePct: number; readonly gross: number } {
  const { count, entryBar, exitBar, amount } = trades;
  let covered = 0;
  let total = 0;
  for (let trade = 0; trade < count; trade += 1) {
    const next = trade + 1 < count ? entryBar[trade + 1] : equity.length;
    const end = Math.min(exitBar[trade] + 1, next);
    for (let bar = entryBar[trade]; bar < end; bar += 1) total += amount[trade] / equity[bar];
    covered += Math.max(0, end - entryBar[trade]);
  }
  return { coveragePct: (covered / equity.length) * 100, gross: total / equity.length };
}

/** Not-a-number where there is nothing. */
function spreadOf(values: ArrayLike<number>): Spread {
  if (values.length === 0) return { min: Number.NaN, max: Number.NaN, mean: Number.NaN };
  let min = Infinity;
  let max = -Infinity;
  let total = 0;
  for (let i = 0; i < values.length; i += 1) {
    min = Math.min(min, values[i]);
    max = Math.max(max, values[i]);
    total += values[i];
  }
  return { min, max, mean: total / values.length };
}
