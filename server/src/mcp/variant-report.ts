// variant_report: one variant run again: metrics, the table of the report, its last trades and months. A server that keeps
// series and all trades makes them; only a few go on from here.

import { z } from 'zod';
import { JobId } from './job-line.ts';
import { tool, wholeFromTo } from './tool.ts';
import { MetricJson, MetricsReply, parametersIn, ParametersJson, PayloadReply, unseenMetrics } from './variant-json.ts';

const Trade = z.object({
  direction: z.string(),
  entry_time: z.string(),
  entry_fill: z.number(),
  exit_time: z.string(),
  exit_fill: z.number(),
  return_pct: z.number(),
  exit_reason: z.string(),
});
const Month = z.object({ month: z.string(), return_pct: z.number(), benchmark_pct: z.number() });

const Reply = z.object({
  variant_index: z.int().nullable(),
  payload: PayloadReply,
  metrics: MetricsReply,
  table_md: z.string(),
  trades: z.array(Trade),
  monthly: z.array(Month),
  out_of_sample: z.object({ metrics: MetricsReply }).nullable(),
  job: z.object({ same_candles: z.boolean().nullable(), same_engine: z.boolean().nullable() }).nullable(),
});

export const variantReportTool = tool({
  name: 'variant_report',
  title: 'One variant in full',
  about:
    'Runs one variant of a job again: all metrics, the report as a table, the last trades and the last months, newest first. ' +
    'Any variant of the grid may be asked for by its variant_index, kept or not.',
  input: z.strictObject({
    job_id: JobId,
    variant_index: wholeFromTo(0, Number.MAX_SAFE_INTEGER).describe('as top gives it'),
    trades: wholeFromTo(0, 20).default(5).describe('how many of the last trades'),
    months: wholeFromTo(0, 60).default(24).describe('how many of the last months'),
  }),
  output: z.object({
    job_id: z.string(),
    variant_index: z.int().nullable(),
    parameters: ParametersJson,
    metrics: z.record(z.string(), MetricJson),
    unseen: MetricsReply.optional().describe('on bars that were held out'),
    table_md: z.string(),
    trades_total: z.int(),
    trades: z.array(Trade),
    months_total: z.int(),
    months: z.array(Month),
    same_candles: z.boolean().nullable().describe('false: the candles have changed since the job'),
    same_engine: z.boolean().nullable(),
  }),
  lists: ['trades', 'months'],
  async run({ job_id, variant_index, trades, months }, { ask }) {
    const body = { job_id, variant_index, points: 4 };
    const report = Reply.parse(await ask({ method: 'POST', path: '/backtests/variant-report', body }));
    const { payload, metrics, table_md, out_of_sample, job } = report;
    return {
      job_id,
      variant_index: report.variant_index,
      parameters: parametersIn(payload),
      metrics,
      ...(out_of_sample && { unseen: unseenMetrics(out_of_sample.metrics) }),
      table_md,
      trades_total: report.trades.length,
      trades: newest(report.trades, trades),
      months_total: report.monthly.length,
      months: newest(report.monthly, months),
      same_candles: job?.same_candles ?? null,
      same_engine: job?.same_engine ?? null,
    };
  },
});

/** Returns the last ones of a list in order of time, the newest first. */
function newest<T>(list: readonly T[], most: number): T[] {
  return list.slice(Math.max(0, list.length - most)).toReversed();
}
