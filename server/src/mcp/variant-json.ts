// Variants in the fields that an agent needs: parameters under their full names, the metrics that people look at first.

import { z } from 'zod';

export const MetricJson = z.union([z.number(), z.string()]).nullable();

const parameterValue = z.union([z.number(), z.string()]);

export const ParametersJson = z
  .record(z.string(), parameterValue)
  .describe(
    'indicator_id.parameter, or the name of a rule parameter; stops as sl_pct, tp_pct, trail_pct, max_bars, where on',
  );

const values = z.record(z.string(), parameterValue);

/** What a payload has of a variant's parameters. */
export const PayloadReply = z.object({
  indicator_selections: z.array(z.object({ indicator_id: z.string(), inputs: values, params: values })),
  signal_params: z.record(z.string(), values),
  params: values.nullable(),
  risk_params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]).nullable()),
});

/** Returns the parameters of a variant under one flat name each. */
export function parametersIn(payload: z.output<typeof PayloadReply>): z.output<typeof ParametersJson> {
  const { indicator_selections, signal_params, params, risk_params } = payload;
  const found: Record<string, string | number> = {};
  for (const { indicator_id, inputs, params: own } of indicator_selections) {
    const all = { ...inputs, ...own, ...signal_params[indicator_id] };
    for (const [name, value] of Object.entries(all)) found[`${indicator_id}.${name}`] = value;
  }
  Object.assign(found, params);
  for (const name of ['sl_pct', 'tp_pct', 'trail_pct', 'max_bars']) {
    const value = risk_params[name];
    if (typeof value === 'number') found[name] = value;
  }
  return found;
}

export const MetricsReply = z.record(z.string(), MetricJson);

const MAIN = ['total_return_pct', 'max_drawdown_pct', 'sharpe', 'profit_factor', 'win_rate_pct', 'num_trades'] as const;
const MAIN_UNSEEN = ['total_return_pct', 'sharpe', 'num_trades'] as const;

type Metrics = z.output<typeof MetricsReply>;

/** Returns the metrics that are looked at first, and the one that ranks. */
export function mainMetrics(metrics: Metrics, primary: string): Metrics {
  return picked(metrics, [...new Set([primary, ...MAIN, 'plateau_score'])]);
}

/** Returns a few metrics of bars that were held out. */
export function unseenMetrics(metrics: Metrics): Metrics {
  return picked(metrics, MAIN_UNSEEN);
}

function picked(metrics: Metrics, names: readonly string[]): Metrics {
  return Object.fromEntries(names.flatMap((name) => (metrics[name] === undefined ? [] : [[name, metrics[name]]])));
}
