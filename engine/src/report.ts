// The 25 numbers a person reads about one variant, in their order and under their names.

import type { Candles } from './candles.ts';
import { formatDuration, formatNumber } from './format.ts';
import { measure } from './metrics.ts';
import type { MeasureContext, Metrics } from './metrics.ts';
import { drawdown } from './series.ts';
import type { Simulation } from './simulate.ts';
import { amountPerBar, isoTime, tradeTimes } from './trade-rows.ts';

interface ReportRow {
  readonly metric: string;
  readonly value: string;
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
  /** Stops decided by convention; the same simulation with `ambiguous: 'tp_first'` is the other bound. */
  readonly ambiguous_bars: number;
}

interface Spread {
  readonly max: number;
  readonly mean: number;
}

const quote = (value: number): string => formatNumber(value, 2);
const ratio = (value: number): string => formatNumber(value, 5);
const number = (value: number): string => formatNumber(value, 4);

/**
 * The report of a simulation over the target bars, of which there is at least one: 25 rows, always the same, in the same
 * order. Quote has 2 decimals, ratios 5, other numbers 4, half to even; `N/A` is undefined, `inf` infinite. Metrics are
 * those of `measure`, whose comment names their sources.
 */
export function report(simulation: Simulation, target: Candles, context: MeasureContext): Report {
  const metrics = measure(simulation, target, context);
  const rows = reportRows(simulation, target, context, metrics);
  const { bust, writtenOff, ambiguousBars } = simulation;
  return { rows, table_md: tableOf(rows), metrics, bust, written_off: writtenOff, ambiguous_bars: ambiguousBars };
}

function reportRows(simulation: Simulation, target: Candles, context: MeasureContext, metrics: Metrics): ReportRow[] {
  const { close, time } = target;
  const { trades, finalEquity, equity } = simulation;
  const start = time[0];
  const end = time[time.length - 1] + context.timeframeMs;
  const falls = drawdown(equity, context.initCash);
  const fallDurations = spreadOf(drawdownDurations(falls, time, end));
  const tradeDurations = spreadOf(durations(simulation, target, context.timeframeMs));
  const returns = trades.ret.subarray(0, trades.count);
  const exposure = exposureOf(simulation);
  const benchmark = ((close[close.length - 1] - close[0]) / close[0]) * 100;
  return [
    { metric: 'Start', value: isoTime(start) },
    { metric: 'End', value: isoTime(end) },
    { metric: 'Duration', value: formatDuration(end - start) },
    { metric: 'Init. Cash', value: quote(context.initCash) },
    { metric: 'Total Profit', value: quote(finalEquity - context.initCash) },
    { metric: 'Total Return [%]', value: number(metrics.total_return_pct) },
    { metric: 'Benchmark Return [%]', value: number(benchmark) },
    { metric: 'Position Coverage [%]', value: number(exposure.coveragePct) },
    { metric: 'Max. Drawdown [%]', value: number(metrics.max_drawdown_pct) },
    { metric: 'Avg. Drawdown [%]', value: number(spreadOf(falls).mean) },
    { metric: 'Max. Drawdown Duration', value: formatDuration(fallDurations.max) },
    { metric: 'Avg. Drawdown Duration', value: formatDuration(fallDurations.mean) },
    { metric: 'Num. Trades', value: number(metrics.num_trades) },
    { metric: 'Win Rate [%]', value: number(metrics.win_rate_pct) },
    { metric: 'Best Trade [%]', value: number(spreadOf(returns).max * 100) },
    { metric: 'Worst Trade [%]', value: number(-spreadOf(returns.map((ret) => -ret)).max * 100) },
    { metric: 'Avg. Trade [%]', value: number(metrics.expectancy) },
    { metric: 'Max. Trade Duration', value: formatDuration(tradeDurations.max) },
    { metric: 'Avg. Trade Duration', value: formatDuration(tradeDurations.mean) },
    { metric: 'Expectancy', value: number(metrics.expectancy) },
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

/** Milliseconds of each episode: from its first underwater bar to the first recovered one, or to the end. */
function drawdownDurations(falls: Float64Array, time: Float64Array, end: number): number[] {
  const found: number[] = [];
  let since = -1;
  for (let bar = 0; bar < falls.length; bar += 1) {
    if (falls[bar] > 0 && since < 0) since = bar;
    if (falls[bar] === 0 && since >= 0) {
      found.push(time[bar] - time[since]);
      since = -1;
    }
  }
  if (since >= 0) found.push(end - time[since]);
  return found;
}

function durations(simulation: Simulation, target: Candles, timeframeMs: number): number[] {
  return Array.from({ length: simulation.trades.count }, (_, trade) => {
    const { entry, exit } = tradeTimes(simulation, target, timeframeMs, trade);
    return exit - entry;
  });
}

/** Over all target bars: the share that any trade touches, and the mean of entry amount / equity. */
function exposureOf({ trades, equity }: Simulation): { readonly coveragePct: number; readonly gross: number } {
  const amounts = amountPerBar(trades, equity.length);
  let covered = 0;
  let total = 0;
  for (let bar = 0; bar < amounts.length; bar += 1) {
    if (Number.isNaN(amounts[bar])) continue;
    covered += 1;
    total += amounts[bar] / equity[bar];
  }
  return { coveragePct: (covered / amounts.length) * 100, gross: total / amounts.length };
}

/** Not-a-number where there is nothing. */
function spreadOf(values: ArrayLike<number>): Spread {
  let max = values.length === 0 ? Number.NaN : -Infinity;
  let total = 0;
  for (let i = 0; i < values.length; i += 1) {
    max = Math.max(max, values[i]);
    total += values[i];
  }
  return { max, mean: total / values.length };
}
