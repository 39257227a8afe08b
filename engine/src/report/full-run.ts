// Everything that is told about one variant, from one run of it over the target bars.

import { variantKey, type Payload } from '../grid/variant.ts';
import { targetOf, type Prepared } from '../prepare.ts';
import { caveatsOf, metricsJson, type MetricsJson } from '../simulate/metrics-json.ts';
import { daysOf } from '../simulate/metrics.ts';
import type { Risk } from '../simulate/setting.ts';
import { monteCarlo, type MonteCarlo } from './monte-carlo.ts';
import { monthReturns, type MonthReturn } from './months.ts';
import { report, type Report } from './report.ts';
import { openRerun } from './rerun.ts';
import { series, type Series } from './series.ts';
import { tradeRows, type TradeRow } from './trade-rows.ts';

export interface FullRun {
  readonly payload: Payload;
  readonly metrics: MetricsJson;
  /** The 25 rows of the report, and the same as `|Metric|Value|` markdown. */
  readonly rows: Report['rows'];
  readonly table_md: string;
  /** All of them, in time order. */
  readonly trades: () => readonly TradeRow[];
  readonly series: () => Series;
  /** Null: it made too few trades. */
  readonly monteCarlo: () => MonteCarlo | null;
  readonly monthly: () => readonly MonthReturn[];
}

/** Runs base variants under a risk setting, one by one. */
export function openFullRun(prepared: Prepared): (base: number, risk: Risk) => FullRun {
  const { target, context } = targetOf(prepared);
  const rerun = openRerun(prepared);
  const days = daysOf(target, context);
  return (base, risk) => {
    const { payload, simulation, bounds, history } = rerun(base, risk);
    const { rows, table_md, metrics } = report(simulation, target, context, days);
    return {
      payload,
      metrics: metricsJson(metrics, { ...caveatsOf(simulation, bounds, context), ...history }),
      rows,
      table_md,
      trades: () => tradeRows(simulation, target, context),
      series: () => series(simulation, target, context),
      monteCarlo: () => monteCarlo(simulation.trades, simulation.setting, variantKey(prepared.spec, payload)),
      monthly: () => monthReturns({ ...target, equity: simulation.equity }, context),
    };
  };
}
