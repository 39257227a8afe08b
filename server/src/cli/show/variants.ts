// Variants as text: one short line of parameters each, the rows of the table of the best, the report of one.

import type { Payload } from '@backtest-jobs/engine';
import { DEFINITIONS } from '@backtest-jobs/engine/internal';
import { printTable, table, WIDTH, wrap, type Column } from './table.ts';

/** A metric in JSON: infinities have names, null is not a number. */
export type MetricValue = number | 'inf' | '-inf' | null;

export interface VariantLine {
  readonly rank: number;
  readonly metrics: Readonly<Record<string, MetricValue>>;
  readonly payload: Payload;
  /** On the bars that were held out, if any were. */
  readonly out_of_sample?: OutOfSampleLine | null;
}

interface OutOfSampleLine {
  readonly metrics: VariantLine['metrics'];
  readonly report_table_md: string;
}

/** The table of the best; where bars were held out, what the search saw beside what it did not. */
export function variantTable(variants: readonly VariantLine[]): {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
} {
  const validated = variants.some(({ out_of_sample }) => out_of_sample);
  const ranked = variants.some(({ metrics }) => metrics['plateau_score'] !== undefined);
  const told = validated
    ? { columns: [...WHICH, ...BESIDE_COLUMNS], rows: variants.map(besideRow) }
    : { columns: [...WHICH, ...COLUMNS], rows: variants.map(row) };
  if (!ranked) return told;
  return {
    columns: [...told.columns, PLATEAU],
    rows: told.rows.map((cells, at) => cells.concat(decimal(variants[at]?.metrics['plateau_score'], 2))),
  };
}

/** What ranks them, in the unit of the primary metric. */
const PLATEAU: Column = { title: 'plateau', align: 'right' };

export function printVariants(variants: readonly VariantLine[]): void {
  const { columns, rows } = variantTable(variants);
  printTable(columns, rows);
}

const WHICH: readonly Column[] = [
  { title: '#', align: 'right' },
  { title: 'parameters', gives: true },
];

const COLUMNS: readonly Column[] = [
  { title: 'return', align: 'right' },
  { title: 'max dd', align: 'right' },
  { title: 'pf', align: 'right' },
  { title: 'sharpe', align: 'right' },
  { title: 'trades', align: 'right' },
  { title: 'win', align: 'right' },
];

const BESIDE_COLUMNS: readonly Column[] = ['return', 'sharpe', 'trades'].flatMap((title): Column[] => [
  { title, align: 'right' },
  { title: `oos ${title}`, align: 'right' },
]);

function row({ rank, metrics, payload }: VariantLine): string[] {
  return [
    String(rank),
    parametersOf(payload),
    percent(metrics['total_return_pct'], 1),
    percent(metrics['max_drawdown_pct'], 1),
    decimal(metrics['profit_factor'], 2),
    decimal(metrics['sharpe'], 2),
    decimal(metrics['num_trades'], 0),
    percent(metrics['win_rate_pct'], 0),
  ];
}

function besideRow({ rank, metrics, payload, out_of_sample }: VariantLine): string[] {
  const both = (text: (of: VariantLine['metrics']) => string): string[] =>
    [metrics, out_of_sample?.metrics ?? {}].map(text);
  return [
    String(rank),
    parametersOf(payload),
    ...both((of) => percent(of['total_return_pct'], 1)),
    ...both((of) => decimal(of['sharpe'], 2)),
    ...both((of) => decimal(of['num_trades'], 0)),
  ];
}

/** `rsi(14) ≤30/≥70 · sma(50) · sl 5% tp off`, and of rules `fast=12 slow=26 · no stops` */
export function parametersOf({ indicator_selections, signal_params, params: named, risk_params }: Payload): string {
  const indicators = indicator_selections.map(({ indicator_id, inputs, params }) => {
    const { source } = inputs as { readonly source?: string };
    const shown = [...(source === undefined || source === 'close' ? [] : [source]), ...Object.values(params)];
    const short = indicator_id.slice(indicator_id.lastIndexOf('.') + 1);
    return [`${short}(${shown.join(',')})`, ...signalTexts(signal_params[indicator_id] ?? {})].join(' ');
  });
  const chosen = Object.entries(named ?? {}).map(([name, value]) => `${name}=${value}`);
  return [...indicators, ...(chosen.length === 0 ? [] : [chosen.join(' ')]), riskText(risk_params)].join(' · ');
}

function riskText(risk: Payload['risk_params']): string {
  const { sl_enabled, sl_pct, tp_enabled, tp_pct, trail_enabled, trail_pct, max_bars_enabled, max_bars } = risk;
  const texts = [
    ...(sl_enabled || tp_enabled
      ? [`sl ${sl_enabled ? `${sl_pct}%` : 'off'} tp ${tp_enabled ? `${tp_pct}%` : 'off'}`]
      : []),
    ...(trail_enabled ? [`trail ${trail_pct}%`] : []),
    ...(max_bars_enabled ? [`max ${max_bars} bars`] : []),
  ];
  return texts.length === 0 ? 'no stops' : texts.join(' ');
}

type SignalParams = Readonly<Record<string, number | string>>;

/** Signs for what traders read as signs, `name=value` for the rest. */
function signalTexts(params: SignalParams): string[] {
  const {
    long_threshold: long,
    short_threshold: short,
    long_delta_periods: rise,
    short_delta_periods: fall,
    rule,
    inverted,
    ...rest
  } = params;
  return [
    ...(rule === undefined ? [] : [String(rule)]),
    ...(inverted ? ['inverted'] : []),
    ...(long === undefined || short === undefined ? [] : [long <= short ? `≤${long}/≥${short}` : `≥${long}/≤${short}`]),
    ...(rise === undefined || fall === undefined ? [] : [`Δ${rise}/${fall}`]),
    ...Object.entries(rest).map(([name, value]) => `${name}=${value}`),
  ];
}

/**
 * The 25 rows of a report, two side by side to save height, and below them what would mislead if it went unsaid. Where bars
 * were held out, one row a line with what was searched on beside what was not.
 */
export function reportLines(
  reportTable: string,
  metrics: VariantLine['metrics'],
  out?: OutOfSampleLine | null,
): string[] {
  const rows = reportRows(reportTable);
  if (!out) return [...sideBySide(rows), ...definitionLines(rows, metrics), ...caveatLines(metrics)];
  const held = reportRows(out.report_table_md);
  const columns: Column[] = [
    { title: '' },
    { title: 'in sample', align: 'right' },
    { title: 'out of sample', align: 'right' },
  ];
  return [
    ...table(
      columns,
      rows.map(({ metric, value }, at) => [metric, value, held[at]?.value ?? '']),
    ),
    ...definitionLines(rows, metrics),
    ...caveatLines(metrics),
    ...caveatLines(out.metrics).map((line) => `${line} (out of sample)`),
  ];
}

function sideBySide(rows: readonly ReportRow[]): string[] {
  const half = Math.ceil(rows.length / 2);
  const name = Math.max(...rows.map(({ metric }) => metric.length));
  const width = Math.max(...rows.map(({ value }) => value.length));
  return rows.slice(0, half).map((left, i) => {
    const pair = [left, ...rows.slice(half + i, half + i + 1)];
    return pair.map(({ metric, value }) => `${metric.padEnd(name)}  ${value.padStart(width)}`).join('    ');
  });
}

/** What the rows mean that other programs compute otherwise. */
function definitionLines(rows: readonly ReportRow[], { avg_drawdown_episode }: VariantLine['metrics']): string[] {
  const named = rows.filter(({ metric }) => Object.hasOwn(DEFINITIONS, metric));
  return named.flatMap(({ metric }) => {
    const episode = metric.startsWith('Avg. Drawdown') && typeof avg_drawdown_episode === 'number';
    const over = episode ? `; mean of the deepest of each drawdown ${percent(avg_drawdown_episode, 2)}` : '';
    return wrap(`${metric}: ${DEFINITIONS[metric]}${over}`, WIDTH);
  });
}

function caveatLines(metrics: VariantLine['metrics']): string[] {
  return [
    ...ambiguousLines(metrics),
    ...(metrics['bust'] === 1
      ? [`bust       a trade left nothing to trade with; ${decimal(metrics['written_off'], 2)} of debt is written off`]
      : []),
    ...waitLines(metrics),
    ...(Number(metrics['short_history_bars'] ?? 0) > 0
      ? [
          `no value   an indicator has none on the first ${decimal(metrics['short_history_bars'], 0)} bars: its history is too short`,
        ]
      : []),
  ];
}

function ambiguousLines(metrics: VariantLine['metrics']): string[] {
  const { ambiguous_bars: bars, total_return_pct: told, possible_trails: trails } = metrics;
  const { total_return_pct_tp_first: tpFirst, total_return_pct_trail_hit: trailHit } = metrics;
  const both = Number(bars) - Number(trails ?? 0);
  const ambiguous = `ambiguous  ${decimal(both, 0)} bars reached both a stop and the take-profit: total return`;
  const trailing = `ambiguous  ${decimal(trails, 0)} bars may have hit the trailing stop that they moved: total return`;
  return [
    ...(both > 0
      ? [`${ambiguous} ${percent(told, 2)} with the stop first, ${percent(tpFirst, 2)} with the take-profit first`]
      : []),
    ...(Number(trails ?? 0) > 0
      ? [`${trailing} ${percent(told, 2)} if none did, ${percent(trailHit, 2)} if all did`]
      : []),
  ];
}

function waitLines({ waited_fills: waited, carried_close: carried }: VariantLine['metrics']): string[] {
  const fills = `${decimal(waited, 0)} ${waited === 1 ? 'fill' : 'fills'}`;
  return [
    ...(Number(waited) > 0
      ? [`waited     ${fills} waited for a bar with a candle; nobody traded when they were due`]
      : []),
    ...(carried === 1
      ? ['no market  the last bar has no candle: the forced close has the price of the last one before']
      : []),
  ];
}

interface ReportRow {
  readonly metric: string;
  readonly value: string;
  readonly definition?: string;
}

/** Reads `|Metric|Value|` markdown back as rows, with the definitions of the engine. */
export function reportRows(reportTable: string): ReportRow[] {
  return reportTable
    .trim()
    .split('\n')
    .slice(2)
    .map((line) => {
      const [, metric = '', value = ''] = line.split('|').map((cell) => cell.trim());
      const definition = Object.hasOwn(DEFINITIONS, metric) ? DEFINITIONS[metric] : undefined;
      return definition === undefined ? { metric, value } : { metric, value, definition };
    });
}

export function percent(value: MetricValue | undefined, digits: number): string {
  return typeof value === 'number' ? `${decimal(value, digits)}%` : decimal(value, digits);
}

export function decimal(value: MetricValue | undefined, digits: number): string {
  if (value === null || value === undefined) return 'N/A';
  return typeof value === 'number'
    ? value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    : value;
}
