// Everything about one variant, whenever somebody asks: of any index of the grid, kept or not, or of a payload that was
// kept from another day. It is run again as finalizing runs it, so it cannot differ from the row of a search.

import type { Candles } from './candles.ts';
import { riskAt, valuesAt, type Grid } from './grid.ts';
import type { Ledger } from './ledger.ts';
import { caveatsOf, metricsJson, type MetricsJson } from './metrics.ts';
import { prepare, targetOf } from './prepare.ts';
import { specError } from './problems.ts';
import { readPayload } from './read-payload.ts';
import { report, type Report } from './report.ts';
import { openRerun } from './rerun.ts';
import { decimate, series, type Series } from './series.ts';
import type { Spec } from './spec.ts';
import { tradeRows, type TradeRow } from './trade-rows.ts';
import { variantKey, type Payload } from './variant.ts';

/** A variant of the spec's grid, or one that need not be in it, on the spec's instrument, bars and settings. */
export type Which = { readonly variant_index: number } | { readonly payload: unknown };

export interface VariantReport {
  readonly variant_key: string;
  /** Null for a payload: it has no place in a grid. */
  readonly variant_index: number | null;
  /** Everything needed to run it again. */
  readonly payload: Payload;
  readonly metrics: MetricsJson;
  /** The 25 rows of the report, and the same as `|Metric|Value|` markdown. */
  readonly rows: Report['rows'];
  readonly table_md: string;
  /** All of them, in time order. */
  readonly trades: readonly TradeRow[];
  readonly series: Series;
  /** What the numbers come from. */
  readonly ledger: Ledger;
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
  const rerun = openRerun(prepared);
  const { payload, simulation, tpFirst } = rerun((index - risk) / grid.riskTotal, riskAt(grid, risk));
  const { target, context } = targetOf(prepared);
  const { rows, table_md, metrics } = report(simulation, target, context);
  const full = series(simulation, target, context);
  return {
    variant_key: variantKey(prepared.spec, payload),
    variant_index: byIndex ? index : null,
    payload,
    metrics: metricsJson(metrics, caveatsOf(simulation, tpFirst, context)),
    rows,
    table_md,
    trades: tradeRows(simulation, target, context),
    series: points === undefined ? full : decimate(full, points),
    ledger: prepared.timeline.ledger,
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
