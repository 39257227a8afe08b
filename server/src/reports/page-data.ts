// A search or a variant as the plain JSON that a report page is made of: parameters under short names, facts as short texts.

import type { Ledger, Spec, VariantReport, Verdict } from '@backtest-jobs/engine';
import { layoutOf, riskAt, type PartReport, type ValidationResult } from '@backtest-jobs/engine/internal';
import { stringify } from 'yaml';
import type { ReportData, ReportPart, ReportRow, ReportVariant } from '../pages/report-data.ts';
import { variantText } from '../pages/variant-text.ts';

/** Points of the drawing of an equity. */
export const PAGE_POINTS = 500;
/** Rows of the table of the best. */
export const PAGE_ROWS = 100;

/** A search as it is stored, or as it has just ended. */
export interface FoundSearch extends Pick<
  ReportData,
  'about' | 'job_id' | 'unfinished' | 'verdict' | 'validation' | 'kept' | 'ran'
> {
  readonly verdict: Verdict | null;
  readonly validation: ValidationResult | null;
  readonly ledger: Ledger | null;
  /** The best, in order. */
  readonly rows: readonly Omit<ReportRow, 'values'>[];
  /** Digest of the candles that it ran on, and whether this engine made it; null: it cannot be told. */
  readonly data_digest: string | null;
  readonly same_engine: boolean | null;
}

/** `report`: of the best, or of the variant that was asked for; null: nothing was ranked; a text says why it could not be made. */
export function pageData(found: FoundSearch, spec: Spec, made: VariantReport | string | null): ReportData {
  const [report, missing] = typeof made === 'string' ? [null, made] : [made, null];
  const { about, data_digest, same_engine, ...search } = found;
  const { names, valuesOf } = parametersOf(spec);
  const variant = report && {
    ...partOf(report),
    rank: found.rows.find(({ variant_index }) => variant_index === report.variant_index)?.rank ?? null,
    values: report.variant_index === null ? [] : valuesOf(report.variant_index),
    variant_index: report.variant_index,
    variant_key: report.variant_key,
    unseen: report.out_of_sample && partOf(report.out_of_sample),
    same_candles: data_digest === null ? null : data_digest === report.ledger.digest,
    same_engine,
  };
  const { runtime: _, ...asked } = spec;
  return {
    ...search,
    about,
    title: titleOf(spec, about === 'variant' ? variant : null, names),
    facts: factsOf(spec),
    primary_metric: spec.ranking.primary_metric,
    ledger: about === 'variant' ? (report?.ledger ?? null) : (found.ledger ?? report?.ledger ?? null),
    parameters: names,
    rows: about === 'variant' ? [] : found.rows.map((row) => ({ ...row, values: valuesOf(row.variant_index) })),
    variant,
    missing,
    spec_yaml: stringify(asked).trimEnd(),
    command:
      variant === null || variant.variant_index === null
        ? null
        : `backtest run spec.yaml --variant ${variant.variant_index}`,
  };
}

function titleOf({ name, template }: Spec, variant: ReportVariant | null, names: readonly string[]): string {
  const of = name ?? `${template.instrument_id.symbol} ${template.timeframe}`;
  if (variant === null) return of;
  return `${variantText(names, variant.values)} – ${of}`;
}

function factsOf({ template, time_range, ranking, validation }: Spec): readonly string[] {
  const { instrument_id, timeframe, direction_mode, execution } = template;
  const plateau = ranking.plateau === undefined ? '' : ' of plateaus';
  return [
    instrument_id.symbol,
    timeframe,
    `${time_range.start.slice(0, 10)} to ${time_range.end.slice(0, 10)}`,
    direction_mode.replaceAll('_', ' '),
    `fill ${execution.fill.replaceAll('_', ' ')}`,
    `fee ${execution.fee_pct}%, slip ${execution.slippage_pct}%`,
    `ranked by ${ranking.primary_metric.replace(/_pct$/, '').replaceAll('_', ' ')}${plateau}`,
    ...(validation === null ? [] : [heldText(validation)]),
  ];
}

function heldText(validation: NonNullable<Spec['validation']>): string {
  if (validation.mode === 'holdout') return `the last ${Math.round(validation.fraction * 100)}% held out`;
  return `walked forward in ${validation.folds} folds`;
}

function partOf({ metrics, rows, monthly, trades, series, monte_carlo }: PartReport): ReportPart {
  const { time, equity, drawdown, benchmark } = series;
  return {
    metrics,
    rows,
    months: monthly,
    trades,
    trades_total: trades.length,
    series: { time: [...time], equity: [...equity], drawdown: [...drawdown], benchmark: [...benchmark] },
    monte_carlo,
  };
}

type Value = number | string | null;

interface Parameters {
  readonly names: readonly string[];
  readonly valuesOf: (variant: number) => readonly Value[];
}

const RISKS = [
  ['sl', 'stop %'],
  ['tp', 'target %'],
  ['trail', 'trail %'],
  ['maxBars', 'most bars'],
] as const;

function parametersOf(spec: Spec): Parameters {
  const layout = layoutOf(spec);
  const { axes, strides, riskTotal } = layout;
  const keys = axes.map(({ key }) => key);
  return {
    names: [...keys.map((key) => nameOf(key, keys)), ...RISKS.map(([, name]) => name)],
    valuesOf: (variant) => {
      const base = Math.floor(variant / riskTotal);
      const risk = riskAt(layout, variant % riskTotal);
      return [
        ...axes.map(({ values }, at) => values[Math.floor(base / (strides[at] ?? 1)) % values.length] ?? null),
        ...RISKS.map(([key]) => risk[key]),
      ];
    },
  };
}

const PARAMETERS: Readonly<Record<string, string>> = { long_threshold: 'long at', short_threshold: 'short at' };

/** Says `momentum.rsi.window` as RSI; what is then the name of two axes is said in full. */
function nameOf(key: string, keys: readonly string[]): string {
  const short = shortOf(key);
  return keys.filter((other) => shortOf(other) === short).length > 1 ? key : short;
}

function shortOf(key: string): string {
  const parts = key.split('.');
  const [name = key, family = ''] = parts.toReversed();
  if (parts.length < 3) return key;
  const indicator = family.replaceAll('_', ' ').toUpperCase();
  return name === 'window' ? indicator : `${indicator} ${PARAMETERS[name] ?? name.replaceAll('_', ' ')}`;
}
