// What a report page is made of, as plain JSON. A whole job or one variant of it: parts that are not there are null or empty.

import type { Ledger, Verdict } from '@backtest-jobs/engine';
import type { MonteCarlo, TradeRow, ValidationResult } from '@backtest-jobs/engine/internal';
import type { Measured } from './words.ts';

type Metrics = Readonly<Record<string, Measured>>;
type Value = number | string | null;

/** A kept variant as a row of the table of the best. */
export interface ReportRow {
  readonly rank: number;
  readonly variant_index: number;
  /** On each of `parameters`; null is a stop that is off. */
  readonly values: readonly Value[];
  readonly metrics: Metrics;
  /** On the bars held out. */
  readonly unseen: Metrics | null;
  readonly equity_line: readonly number[] | null;
}

/** A variant on some of the bars. */
export interface ReportPart {
  readonly metrics: Metrics;
  readonly rows: readonly { readonly metric: string; readonly value: string; readonly definition?: string }[];
  readonly months: readonly { readonly month: string; readonly return_pct: number; readonly benchmark_pct: number }[];
  /** The first and the last where there are more than are shown. */
  readonly trades: readonly TradeRow[];
  readonly trades_total: number;
  readonly series: {
    readonly time: readonly number[];
    readonly equity: readonly number[];
    readonly drawdown: readonly number[];
    readonly benchmark: readonly number[];
  };
  readonly monte_carlo: MonteCarlo | null;
}

export interface ReportVariant extends ReportPart {
  /** Null: it is none of the kept rows. */
  readonly rank: number | null;
  readonly values: readonly Value[];
  readonly variant_index: number | null;
  readonly variant_key: string;
  readonly unseen: ReportPart | null;
  /** False: the candles have changed since the job ran; null: it cannot be told. */
  readonly same_candles: boolean | null;
  readonly same_engine: boolean | null;
}

export interface ReportData {
  readonly about: 'search' | 'variant';
  readonly title: string;
  readonly job_id: string | null;
  /** Why there is no verdict: the state of a job that has not succeeded. Null: it has. */
  readonly unfinished: string | null;
  /** Instrument, timeframe, range and the like, one short text each. */
  readonly facts: readonly string[];
  readonly primary_metric: string;
  readonly verdict: Verdict | null;
  readonly validation: ValidationResult | null;
  readonly ledger: Ledger | null;
  readonly parameters: readonly string[];
  readonly rows: readonly ReportRow[];
  /** Rows that were kept; null: more than `rows` has. */
  readonly kept: number | null;
  /** The best, or the one that was asked for; null: nothing was ranked. */
  readonly variant: ReportVariant | null;
  /** Why the best could not be run again; null: it was, or nothing was ranked. */
  readonly missing: string | null;
  /** How it ran: name and value. */
  readonly ran: readonly (readonly [string, string])[];
  readonly spec_yaml: string;
  readonly command: string | null;
}
