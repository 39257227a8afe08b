// A job as tools tell it: what it is, how far it is, and how it ended, in a few fields of the API's status.

import { z } from 'zod';
import { short } from './fit.ts';

export const JobId = z.string('must be the id of a job').max(100).describe('id of a job of yours');

export const jobPath = (job_id: string, rest = ''): string => `/backtests/jobs/${encodeURIComponent(job_id)}${rest}`;

const Metric = z.union([z.number(), z.string()]).nullable();

export const JobLine = z.object({
  job_id: z.string(),
  name: z.string().nullable(),
  state: z.string().describe('queued, running, succeeded, failed or cancelled'),
  stage: z.string().describe('stage_a, stage_b, finalizing'),
  created_at: z.string(),
  instruments: z.array(z.string()).describe('market_id:symbol'),
  timeframes: z.array(z.string()),
  progress_pct: z.number().nullable(),
  eta_seconds: z.number().nullable(),
  best: z
    .object({ metric: z.string().nullable(), value: Metric, variant_index: z.int() })
    .nullable()
    .describe('the best variant so far'),
  luck: z
    .string()
    .nullable()
    .describe('level of the verdict: likely, possible or unlikely luck, unknown; null: none yet'),
  waiting_for: z.string().nullable().optional(),
  cancelling: z.literal(true).optional(),
  last_error: z.string().nullable().optional(),
});

export const JobReply = z.object({
  job_id: z.string(),
  name: z.string().nullable(),
  state: z.string(),
  stage: z.string(),
  created_at: z.string(),
  instruments: z.array(z.object({ market_id: z.int(), symbol: z.string() })),
  timeframes: z.array(z.string()),
  primary_metric: z.string().nullable(),
  processed_units: z.int(),
  total_units: z.int(),
  eta_seconds: z.number().nullable(),
  best: z.object({ value: Metric, variant_index: z.int() }).nullable(),
  verdict_summary: z.object({ luck: z.string().nullable() }).nullable(),
  waiting_for: z.string().nullable(),
  waiting_for_worker_seconds: z.number().nullable(),
  cancel_requested_at: z.string().nullable(),
  last_error: z.string().nullable(),
});

export type JobTold = z.output<typeof JobReply>;

export function jobLine(job: JobTold): z.output<typeof JobLine> {
  const { job_id, state, stage, created_at, timeframes, processed_units, total_units } = job;
  const waiting = waitingFor(job);
  return {
    job_id,
    name: job.name === null ? null : short(job.name, 60),
    state,
    stage,
    created_at,
    instruments: job.instruments.slice(0, 3).map(({ market_id, symbol }) => short(`${market_id}:${symbol}`, 40)),
    timeframes: timeframes.slice(0, 3),
    progress_pct: total_units > 0 ? Math.floor((1000 * processed_units) / total_units) / 10 : null,
    eta_seconds: job.eta_seconds,
    best: job.best && { metric: job.primary_metric, ...job.best },
    luck: job.verdict_summary?.luck ?? null,
    ...(waiting !== null && { waiting_for: waiting }),
    ...(state === 'running' && job.cancel_requested_at !== null && { cancelling: true as const }),
    ...(job.last_error !== null && { last_error: short(job.last_error, 1000) }),
  };
}

function waitingFor({ state, waiting_for, waiting_for_worker_seconds }: JobTold): string | null {
  if (waiting_for !== null) return waiting_for;
  if (waiting_for_worker_seconds !== null) return `a worker, since ${Math.floor(waiting_for_worker_seconds)} s`;
  return state === 'queued' ? 'a worker to take it' : null;
}

export function hasEnded({ state }: JobTold): boolean {
  return state !== 'queued' && state !== 'running';
}
