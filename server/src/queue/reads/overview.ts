// What lists show of a job's request, kept beside it: a request may have a megabyte, and a page of a list 250 jobs.

import type { Metric, Spec } from '@backtest-jobs/engine';
import type { Stage } from '@backtest-jobs/engine/internal';

export interface Overview {
  readonly instruments: readonly { readonly market_id: number; readonly symbol: string }[];
  readonly timeframes: readonly string[];
  /** How variants of several markets are ranked: each by itself. */
  readonly across: 'each';
  readonly time_range: Spec['time_range'];
  /** Null: no bars are held out. */
  readonly validation_mode: 'holdout' | 'walk_forward' | null;
  readonly primary_metric: Metric;
  /** Units of progress of each stage, over all folds; null: an earlier version submitted the job. */
  readonly stage_units: Readonly<Record<Stage, number>> | null;
}

/** Units as an estimate counts them. */
export interface Units {
  readonly stage_a_variants: number;
  readonly stage_b_variants: number;
  readonly total_units: number;
}

export function overviewOf(spec: Spec, { stage_a_variants, stage_b_variants, total_units }: Units): Overview {
  const { template, time_range, validation, ranking } = spec;
  return {
    instruments: [template.instrument_id],
    timeframes: [template.timeframe],
    across: 'each',
    time_range,
    validation_mode: validation?.mode ?? null,
    primary_metric: ranking.primary_metric,
    stage_units: {
      stage_a: stage_a_variants,
      stage_b: stage_b_variants,
      finalizing: total_units - stage_a_variants - stage_b_variants,
    },
  };
}

/** What lists and status show of a job beside its row. */
export interface Overviewed {
  readonly parent_job_id: string | null;
  /** Null: the job has no request. */
  readonly overview: Overview | null;
  /** The first of the ranking, or the best so far; null: none is ranked. */
  readonly best: { readonly value: number | 'inf' | '-inf' | null; readonly variant_index: number } | null;
  /** Null until the job has succeeded. */
  readonly verdict_summary: Readonly<Record<SummaryField, unknown>> | null;
}

/** What a list shows of a verdict, and where it stands there. */
const SUMMARY = {
  luck: '{luck}',
  trials: '{trials}',
  p: '{permuted,p}',
  as_good: '{permuted,as_good}',
  of: '{permuted,done}',
  loss_probability: '{loss_probability}',
  sharpe_annual: '{sharpe_annual}',
  lucky_sharpe_annual: '{lucky_sharpe_annual}',
  deflated_sharpe: '{deflated_sharpe}',
  overfitting_probability: '{overfitting_probability}',
} as const;
export type SummaryField = keyof typeof SUMMARY;

/** Larger results and rows than a worker writes are not read for a list. */
const RESULT_BYTES = 65_536;

/** Makes the SQL expression of the summary of a verdict, an expression of type jsonb that is not null. */
export function summarySql(verdict: string): string {
  const fields = Object.entries(SUMMARY).map(([name, path]) => `'${name}', ${verdict} #> '${path}'`);
  return `jsonb_build_object(${fields.join(', ')})`;
}

const json = (column: string): string =>
  `case ${column} when 'Infinity' then '"inf"' when '-Infinity' then '"-inf"' when 'NaN' then 'null' else to_json(${column}) end`;

/** The select list that makes an Overviewed, of the joins below. */
export const overviewColumns = 'parent_job_id, overview, leader.best, verdict_summary';

/**
 * Joins to a row `j` of backtest_jobs, each by `limit 1` looked up row by row, so that a list keeps the order of its index.
 * The rows of a result count once it is finished; before, heartbeats are newer. Results of earlier versions have no summary
 * beside them: it is made of what they say, where that is small.
 */
export const overviewJoins = `
left join lateral (
  select overview_json as overview from backtest_job_requests r where r.job_id = j.job_id limit 1
) request on true
left join lateral (
  select json_build_object('value', t.metrics_json -> (overview ->> 'primary_metric'), 'variant_index', t.variant_index) as best
  from backtest_job_top_variants t
  where t.job_id = j.job_id and t.rank = 1 and (j.state = 'succeeded' or j.best_variant_index is null)
    and pg_column_size(t.metrics_json) <= ${RESULT_BYTES}
  limit 1
) first on true
cross join lateral (
  select coalesce(first.best, case when j.state <> 'succeeded' and j.best_variant_index is not null then
    json_build_object('value', (${json('j.best_value')})::json, 'variant_index', j.best_variant_index) end) as best
) leader
left join lateral (
  select coalesce(f.summary_json, older.summary) as verdict_summary
  from backtest_job_results f
  left join lateral (
    select ${summarySql('verdict')} as summary
    from (select nullif(f.result_json -> 'verdict', 'null') as verdict) result
    where f.summary_json is null and pg_column_size(f.result_json) <= ${RESULT_BYTES} and verdict is not null
  ) older on true
  where f.job_id = j.job_id
  limit 1
) judged on true`;
