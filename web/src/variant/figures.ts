// The 25 figures of a report in groups, each with its meaning and written as the screen writes numbers.

import { decimal, NONE, percent, signed, type MetricJson } from '../words/format.ts';

export interface ReportRow {
  readonly metric: string;
  readonly value: string;
  readonly definition?: string;
}

export interface Figure {
  readonly name: string;
  readonly meaning: string;
  readonly value: string;
  /** On the bars held out; null: none were. */
  readonly heldOut: string | null;
}

export interface Group {
  readonly name: string;
  readonly figures: readonly Figure[];
}

type Kind = 'money' | 'gain' | 'percent' | 'change' | 'ratio' | 'count' | 'span' | 'date';

interface Words {
  readonly group: string;
  readonly name: string;
  readonly kind: Kind;
  readonly meaning: string;
}

const words = (group: string, name: string, kind: Kind, meaning: string): Words => ({ group, name, kind, meaning });

/** By the name that the report gives. */
const FIGURES: Readonly<Record<string, Words>> = {
  'Init. Cash': words('Result', 'Initial cash', 'money', 'Cash at the start, in quote'),
  'Total Profit': words('Result', 'Total profit', 'gain', 'Cash at the end less that at the start, after all costs'),
  'Total Return [%]': words('Result', 'Total return', 'change', 'Total profit over the initial cash'),
  'Benchmark Return [%]': words(
    'Result',
    'Benchmark return',
    'change',
    'Buy and hold from the first to the last close, without costs',
  ),
  'Max. Drawdown [%]': words('Risk', 'Max drawdown', 'percent', 'Deepest fall of equity from its highest so far'),
  'Avg. Drawdown [%]': words(
    'Risk',
    'Avg drawdown',
    'percent',
    'Mean over all bars of the fall from the highest so far, 0 on bars without one',
  ),
  'Max. Drawdown Duration': words('Risk', 'Max drawdown duration', 'span', 'Longest time below a high'),
  'Avg. Drawdown Duration': words('Risk', 'Avg drawdown duration', 'span', 'Mean time below a high'),
  'Position Coverage [%]': words('Risk', 'Position coverage', 'percent', 'Share of the bars with an open position'),
  'Gross Exposure': words(
    'Risk',
    'Gross exposure',
    'ratio',
    'Mean over all bars of what was put into the position over equity',
  ),
  'Sharpe Ratio': words(
    'Ratios',
    'Sharpe ratio',
    'ratio',
    'Mean over standard deviation of daily returns, times the root of the days of a year',
  ),
  'Sortino Ratio': words(
    'Ratios',
    'Sortino ratio',
    'ratio',
    'Mean of daily returns over the root of the mean square of those below 0, times the root of the days of a year',
  ),
  'Calmar Ratio': words('Ratios', 'Calmar ratio', 'ratio', 'Compound return a year over the maximum drawdown'),
  SQN: words(
    'Ratios',
    'SQN',
    'ratio',
    'System quality number: root of the number of trades, times mean over deviation of their results',
  ),
  'Num. Trades': words('Trades', 'Trades', 'count', 'Number of closed trades'),
  'Win Rate [%]': words('Trades', 'Win rate', 'percent', 'Share of trades that made money'),
  'Best Trade [%]': words('Trades', 'Best trade', 'change', 'Highest return of one trade'),
  'Worst Trade [%]': words('Trades', 'Worst trade', 'change', 'Lowest return of one trade'),
  'Avg. Trade [%]': words('Trades', 'Avg trade', 'change', 'Mean return of a trade'),
  Expectancy: words('Trades', 'Expectancy', 'change', 'Mean return of a trade in percent, equal to the average trade'),
  'Max. Trade Duration': words('Trades', 'Max trade duration', 'span', 'Longest time in one trade'),
  'Avg. Trade Duration': words('Trades', 'Avg trade duration', 'span', 'Mean time in a trade'),
  Start: words('Period', 'Start', 'date', 'Open of the first bar, UTC'),
  End: words('Period', 'End', 'date', 'End of the last bar, UTC'),
  Duration: words('Period', 'Duration', 'span', 'From start to end'),
};

const GROUPS = ['Result', 'Risk', 'Ratios', 'Trades', 'Period'] as const;

/** Returns the figures in five groups; what a report has beside those that are known stands in a sixth. */
export function groupFigures(rows: readonly ReportRow[], heldOut: readonly ReportRow[] | null): readonly Group[] {
  const order = Object.keys(FIGURES);
  const sorted = rows.toSorted((a, b) => placeOf(order, a.metric) - placeOf(order, b.metric));
  const figures = sorted.map((row) => ({
    group: FIGURES[row.metric]?.group ?? 'Other',
    figure: figureOf(row, heldOut),
  }));
  return [...GROUPS, 'Other']
    .map((name) => ({ name, figures: figures.filter(({ group }) => group === name).map(({ figure }) => figure) }))
    .filter((group) => group.figures.length > 0);
}

const placeOf = (order: readonly string[], metric: string): number =>
  order.includes(metric) ? order.indexOf(metric) : order.length;

function figureOf({ metric, value, definition }: ReportRow, heldOut: readonly ReportRow[] | null): Figure {
  const known = FIGURES[metric];
  const other = heldOut?.find((row) => row.metric === metric)?.value;
  return {
    name: known?.name ?? metric,
    meaning: known?.meaning ?? definition ?? '',
    value: figureText(metric, value),
    heldOut: other === undefined ? null : figureText(metric, other),
  };
}

/** Writes one value of a report. */
export function figureText(metric: string, value: string): string {
  const kind = FIGURES[metric]?.kind;
  if (value === 'N/A') return NONE;
  if (kind === 'date') return value.slice(0, 10);
  if (kind === 'span') return spanText(value);
  const number = metricOf(value);
  if (kind === undefined || number === null) return value;
  if (kind === 'change') return percent(number, 2);
  if (kind === 'gain') return signed(number, 2);
  if (kind === 'percent') return `${decimal(number, 2)}%`;
  return decimal(number, kind === 'count' ? 0 : kind === 'ratio' ? 3 : 2);
}

/** Returns the number that a report writes; null: it is none. */
export function metricOf(value: string): MetricJson {
  if (value === 'inf' || value === '-inf') return value;
  const number = Number(value);
  return value.trim() === '' || Number.isNaN(number) ? null : number;
}

/** Writes a duration of a report, "35 days, 19:42:51", by its two largest units. */
function spanText(value: string): string {
  const [, days = '0', hours = '0', minutes = '0'] = /^(?:(\d+) days?, )?(\d+):(\d+)/.exec(value) ?? [];
  if (!/\d:\d/.test(value)) return value;
  const [d, h, m] = [Number(days), Number(hours), Number(minutes)];
  if (d >= 100 || (d > 0 && h === 0)) return `${decimal(d, 0)} d`;
  if (d > 0) return `${d} d ${h} h`;
  return h > 0 ? `${h} h ${m} min` : `${m} min`;
}
