// Everything about one variant, whenever somebody asks: of any index of the grid, kept or not, or of a payload that was
// kept from another day. It is run again as finalizing runs it, so it cannot differ from the row of a search.

import type { Candles } from './bars/candles.ts';
import { foldCount } from './bars/folds.ts';
import type { Ledger } from './bars/ledger.ts';
import { readPayload } from './gate/parse-payload.ts';
import { riskAt, valuesAt, type Grid } from './grid/grid.ts';
import { variantKey, type Payload } from './grid/variant.ts';
import { inSample, outOfSample, prepare, type Prepared } from './prepare.ts';
import { specError } from './problems.ts';
import { openFullRun, type FullRun } from './report/full-run.ts';
import type { MonteCarlo } from './report/monte-carlo.ts';
import type { MonthReturn } from './report/months.ts';
import type { Report } from './report/report.ts';
import { decimate, type Series } from './report/series.ts';
import type { TradeRow } from './report/trade-rows.ts';
import type { MetricsJson } from './simulate/metrics-json.ts';
import type { Spec } from './spec.ts';

/** A variant of the spec's grid, or one that need not be in it, on the spec's instrument, bars and settings. */
export type Which = { readonly variant_index: number } | { readonly payload: unknown };

export interface VariantReport extends PartReport {
  readonly variant_key: string;
  /** Null for a payload: it has no place in a grid. */
  readonly variant_index: number | null;
  /** Everything needed to run it again. */
  readonly payload: Payload;
  /** The same on the bars that the spec holds out; everything else is then of the bars it searches on. */
  readonly out_of_sample: PartReport | null;
  /** What the numbers come from. */
  readonly ledger: Ledger;
}

/** A variant on some of the bars. */
export interface PartReport {
  readonly metrics: MetricsJson;
  /** The 25 rows of the report, and the same as `|Metric|Value|` markdown. */
  readonly rows: Report['rows'];
  readonly table_md: string;
  /** All of them, in time order. */
  readonly trades: readonly TradeRow[];
  readonly series: Series;
  /** The same trades in other orders, and others like them; null: it made too few. */
  readonly monte_carlo: MonteCarlo | null;
  /** By calendar month, from the equity of every bar: `points` leaves nothing of it out. */
  readonly monthly: readonly MonthReturn[];
}

export interface VariantReportOptions {
  /** At most so many rows of `series` (at least 4), extremes kept; by default one a bar. */
  readonly points?: number;
  /** Interval of the candles in milliseconds, if it is known; else it is deduced. */
  readonly baseMs?: number;
}

/**
 * Runs one variant in full: report, metrics, all trades, plot series. `candles` are base bars, warm-up included.
 * @throws {SpecError} `variant_index` when the grid has no such variant, `payload...` with everything that does not fit,
 *   `points`, and what `search` throws for candles.
 */
export function variantReport(
  candles: Candles,
  spec: Spec,
  which: Which,
  { points, baseMs }: VariantReportOptions = {},
): VariantReport {
  if (points !== undefined) checkPoints(points);
  const byIndex = 'variant_index' in which;
  const prepared = prepare(candles, byIndex ? spec : readPayload(spec, which.payload), baseMs);
  const { grid } = prepared;
  if (byIndex) checkIndex(grid, which.variant_index);
  const index = byIndex ? which.variant_index : 0;
  const risk = index % grid.riskTotal;
  const ran = (part: Prepared): FullRun => openFullRun(part)((index - risk) / grid.riskTotal, riskAt(grid, risk));
  const fold = foldCount(spec) - 1; // the one that ranks the rows of a search
  const searched = ran(inSample(prepared, fold));
  const held = outOfSample(prepared, fold);
  return {
    variant_key: variantKey(prepared.spec, searched.payload),
    variant_index: byIndex ? index : null,
    payload: searched.payload,
    ...partReport(searched, points),
    out_of_sample: held && partReport(ran(held), points),
    ledger: prepared.timeline.ledger,
  };
}

function partReport(run: FullRun, points: number | undefined): PartReport {
  const { metrics, rows, table_md } = run;
  const full = run.series();
  const series = points === undefined ? full : decimate(full, points);
  return {
    metrics,
    rows,
    table_md,
    trades: run.trades(),
    series,
    monte_carlo: run.monteCarlo(),
    monthly: run.monthly(),
  };
}

function checkIndex(grid: Grid, index: number): void {
  const total = grid.rawTotal * grid.riskTotal;
  if (!Number.isInteger(index) || index < 0 || index >= total) {
    throw specError('variant_index', 'no_such_variant', `must be a whole number from 0 to ${total - 1}, got ${index}`);
  }
  if (valuesAt(grid, Math.floor(index / grid.riskTotal)) !== null) return;
  const message = `${index} is a combination that constraints or its indicators exclude: not a variant of the grid`;
  throw specError('variant_index', 'no_such_variant', message);
}

function checkPoints(points: number): void {
  if (Number.isInteger(points) && points >= 4) return;
  throw specError('points', 'invalid_value', `must be a whole number of at least 4, got ${points}`);
}
