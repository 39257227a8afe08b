// A job as clients see it: the schema picks these fields out of what the queue returns, and nothing else gets out.

import { STAGES } from '@backtest-jobs/engine/internal';
import { z } from 'zod';
import { JOB_MODES, JOB_STATES, type Job } from '../queue/job.ts';
import type { Overviewed, SummaryField } from '../queue/reads/overview.ts';
import { ValidationResult } from './job/validation.ts';
import { Ledger } from './job/variant-parts.ts';
import { asStored, utc } from './replies.ts';
import { PermutedSoFar, Verdict } from './verdict.ts';
import { Warnings } from './warnings.ts';

const hash = z.string().describe('sha256, hex');
const units = z.int().min(0).describe('over all stages');

export const StageUnits = z
  .object({ stage_a: z.int().min(0), stage_b: z.int().min(0), finalizing: z.int().min(0) })
  .describe('units of progress of each stage, over all folds; null for jobs of earlier versions');

const share = z.number().min(0).max(1).nullable();
const VerdictSummary = z
  .object({
    luck: z.string().nullable(),
    trials: z.int().min(0).nullable(),
    p: share.describe('of the luck test; null: there was none, or it was impossible'),
    as_good: z.int().min(0).nullable().describe('permuted markets in which the search found something as good'),
    of: z.int().min(0).nullable().describe('permuted markets that were searched'),
    loss_probability: share.describe('that the best of one half of the history loses in the other'),
    sharpe_annual: z.number().nullable(),
    lucky_sharpe_annual: z.number().nullable(),
    deflated_sharpe: share,
    overfitting_probability: share,
  } satisfies Record<SummaryField, z.ZodType>)
  .meta({ id: 'VerdictSummary', description: 'What a list shows of a verdict' });

/** What a job is about. */
const about = {
  parent_job_id: z.uuid().nullable().describe('the job that this one was made from; it may have been deleted since'),
  instruments: z.array(z.object({ market_id: z.int(), symbol: z.string() })),
  timeframes: z.array(z.string()),
  across: z.literal('each').nullable().describe('each: every instrument and timeframe is ranked by itself'),
  time_range: z.object({ start: z.string(), end: z.string() }).nullable(),
  validation_mode: z.enum(['holdout', 'walk_forward']).nullable().describe('null: no bars are held out'),
  primary_metric: z.string().nullable().describe('what variants are ranked by'),
  stage_units: StageUnits.nullable(),
  best: z
    .object({
      value: z.union([z.number(), z.literal('inf'), z.literal('-inf'), z.null()]),
      variant_index: z.int().min(0),
    })
    .nullable()
    .describe('the first of the ranking, or the best so far: its primary metric; null: no variant is ranked'),
  verdict_summary: VerdictSummary.nullable().describe('null until the job has succeeded'),
};

const summary = z.object({
  ...about,
  job_id: z.uuid(),
  user_id: z.uuid().describe('its owner'),
  name: z.string().nullable(),
  mode: z.enum(JOB_MODES),
  state: z.enum(JOB_STATES),
  stage: z.enum(STAGES).describe('a job that walks forward goes through stage_a and stage_b once for each fold'),
  created_at: utc,
  updated_at: utc,
  started_at: utc.nullable(),
  finished_at: utc.nullable(),
  cancel_requested_at: utc.nullable(),
  progress_updated_at: utc.nullable(),
  processed_units: units,
  total_units: units,
  attempt: z.int().min(0).describe('how often a worker has taken it'),
  variants_per_second: z.number().nullable().describe('of the present attempt; null while nobody runs the job'),
  eta_seconds: z.number().nullable(),
  request_hash: hash,
  engine_params_hash: hash,
  backtest_runtime_config_hash: hash,
  spec_hash: hash.nullable(),
  last_error: z.string().nullable(),
  last_error_json: z.object({ code: z.string(), message: z.string(), details: z.unknown() }).nullable(),
  waiting_for_worker_seconds: z
    .number()
    .nullable()
    .describe('since when a running job has had nobody who runs it; null while somebody does'),
  waiting_for: z
    .string()
    .nullable()
    .describe(
      'candles_unreachable while candles cannot be read, also after the worker has given the job back for it; else null',
    ),
  waiting_since: utc.nullable().describe('since when attempts in a row have waited for it'),
  waiting_text: z.string().nullable().describe('both in words'),
});

export const JobStatus = summary
  .extend({
    ledger: asStored(Ledger).nullable().describe('what candles the result stands on; null until the job has succeeded'),
    verdict: Verdict.nullable().describe('how likely the best variant is luck; null until the job has succeeded'),
    ancestors: z
      .object({
        jobs: z.int().min(0).describe('on the same instrument, over a part of the same time'),
        trials: z
          .int()
          .min(0)
          .describe('variants that they have scored: the best of this job was chosen after those too'),
        complete: z.boolean().describe('false: one of them was deleted, or there are more than are looked at'),
      })
      .nullable()
      .describe(
        'what was tried before this job, along parent_job_id; the verdict counts this job alone; null: no parent',
      ),
    validation: asStored(ValidationResult)
      .nullable()
      .describe('what it came to on bars it was not searched on, fold by fold; null where the spec asked for none'),
    warnings: Warnings.optional().describe('of the spec; in the reply to its submission only'),
    permuted: asStored(PermutedSoFar)
      .nullable()
      .describe(
        'what the same search found on permuted markets; of a job that runs or was cancelled, what it found so far: ' +
          '`done` of `asked`; null where the spec asked for none, or it has not begun',
      ),
  })
  .meta({ id: 'JobStatus', description: 'The job' });

export const JobSummary = summary.meta({ id: 'JobSummary', description: 'A job without what it found out' });

export const JobList = z
  .object({
    items: z.array(JobSummary).describe('newest first'),
    next_cursor: z.string().nullable().describe('for the next page; null: that was all'),
  })
  .meta({ id: 'JobList', description: 'One page of jobs' });

type Waiting = Pick<Job, 'waiting_for' | 'waiting_since'>;

function waitingText({ waiting_for, waiting_since }: Waiting): string | null {
  if (waiting_for === null) return null;
  const what = waiting_for === 'candles_unreachable' ? 'its candles cannot be read' : `it waits for ${waiting_for}`;
  const since = waiting_since === null ? '' : ` since ${waiting_since.slice(0, 19).replace('T', ' ')} UTC`;
  return `${what}${since}: a worker tries again, nothing is lost`;
}

/** Returns a job with what it is about under the names of the reply. */
export function withAbout<J extends Overviewed & Waiting>({ overview, verdict_summary, ...job }: J) {
  return {
    ...job,
    waiting_text: waitingText(job),
    instruments: [...(overview?.instruments ?? [])],
    timeframes: [...(overview?.timeframes ?? [])],
    across: overview?.across ?? null,
    time_range: overview?.time_range ?? null,
    validation_mode: overview?.validation_mode ?? null,
    primary_metric: overview?.primary_metric ?? null,
    stage_units: overview?.stage_units ?? null,
    verdict_summary: verdict_summary as z.infer<typeof VerdictSummary> | null,
  };
}
