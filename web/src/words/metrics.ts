// The metrics that variants are ranked by: their names, units, and how they are written.

import { count, decimal, signed, type MetricJson } from './format.ts';

export interface MetricWords {
  /** In a column's head. */
  readonly name: string;
  readonly unit: '%' | '';
  /** With its meaning, for hover and focus. */
  readonly long: string;
  readonly format: (value: MetricJson) => string;
  /** Whether its sign says gained or lost. */
  readonly signed?: true;
  /** 1: more is better; -1: less is; 0: neither. */
  readonly better: 1 | -1 | 0;
}

export const METRICS = {
  total_return_pct: {
    name: 'Return',
    unit: '%',
    long: 'Total return on the initial cash',
    format: (value) => signed(value, 1),
    signed: true,
    better: 1,
  },
  max_drawdown_pct: {
    name: 'Max DD',
    unit: '%',
    long: 'Maximum drawdown: the deepest fall of equity from a high',
    format: (value) => decimal(value, 1),
    better: -1,
  },
  return_over_max_drawdown: {
    name: 'Ret/DD',
    unit: '',
    long: 'Return over maximum drawdown',
    format: (value) => decimal(value, 1),
    better: 1,
  },
  profit_factor: {
    name: 'PF',
    unit: '',
    long: 'Profit factor: what winning trades made over what losing ones lost',
    format: (value) => decimal(value, 2),
    better: 1,
  },
  sharpe: {
    name: 'Sharpe',
    unit: '',
    long: 'Sharpe ratio a year, of daily returns',
    format: (value) => decimal(value, 2),
    better: 1,
  },
  sortino: {
    name: 'Sortino',
    unit: '',
    long: 'Sortino ratio a year: only falls count as risk',
    format: (value) => decimal(value, 2),
    better: 1,
  },
  calmar: {
    name: 'Calmar',
    unit: '',
    long: 'Calmar ratio: return a year over maximum drawdown',
    format: (value) => decimal(value, 2),
    better: 1,
  },
  sqn: {
    name: 'SQN',
    unit: '',
    long: 'System quality number: mean over deviation of trades, by the root of their number',
    format: (value) => decimal(value, 2),
    better: 1,
  },
  expectancy: {
    name: 'Exp.',
    unit: '%',
    long: 'Expectancy: mean return of a trade',
    format: (value) => signed(value, 2),
    signed: true,
    better: 1,
  },
  win_rate_pct: {
    name: 'Win',
    unit: '%',
    long: 'Trades that made money',
    format: (value) => decimal(value, 0),
    better: 1,
  },
  num_trades: { name: 'Trades', unit: '', long: 'Number of trades', format: count, better: 0 },
  ambiguous_bars: {
    name: 'Ambig.',
    unit: '',
    long: 'Bars that reached stop and target; which came first is not known',
    format: count,
    better: -1,
  },
} as const satisfies Readonly<Record<string, MetricWords>>;

export type MetricId = keyof typeof METRICS;

/** Returns the words of a metric; those of one that is not known are its name. */
export function metricWords(id: string): MetricWords {
  return id in METRICS
    ? METRICS[id as MetricId]
    : { name: id, unit: '', long: id, format: (value) => decimal(value, 2), better: 1 };
}

/** Writes a metric with its unit. */
export function metricText(id: string, value: MetricJson): string {
  const { format, unit } = metricWords(id);
  const text = format(value);
  return unit === '' || !/\d/.test(text) ? text : `${text}${unit}`;
}
