// A job as a list and its page say it: state, progress, best, and what it is about.

import type { Schemas } from '@backtest-jobs/client';
import { count, months, short, span } from '../words/format.ts';
import { metricText, metricWords } from '../words/metrics.ts';

export type Job = Schemas['JobSummary'];

export type Shape = 'ring' | 'arc' | 'dotted' | 'disc' | 'cross' | 'square';

export interface StateWords {
  readonly shape: Shape;
  readonly words: string;
  readonly tone: 'none' | 'accent' | 'caution' | 'loss';
}

type StateOfJob = Pick<Job, 'state' | 'waiting_for_worker_seconds' | 'waiting_for' | 'cancel_requested_at'>;

/** Returns the state of a job as a shape and a word. A job whose worker is gone waits; it never looks busy. */
export function stateWords(job: StateOfJob): StateWords {
  switch (job.state) {
    case 'queued':
      return { shape: 'ring', words: 'Queued', tone: 'none' };
    case 'running':
      if (job.waiting_for_worker_seconds !== null)
        return { shape: 'dotted', words: 'Waiting for a worker', tone: 'caution' };
      if (job.waiting_for !== null) return { shape: 'dotted', words: 'Waiting for candles', tone: 'caution' };
      return { shape: 'arc', words: job.cancel_requested_at === null ? 'Running' : 'Stopping', tone: 'accent' };
    case 'succeeded':
      return { shape: 'disc', words: 'Done', tone: 'none' };
    case 'failed':
      return { shape: 'cross', words: 'Failed', tone: 'loss' };
    case 'cancelled':
      return { shape: 'square', words: 'Cancelled', tone: 'none' };
  }
}

export const hasEnded = ({ state }: Pick<Job, 'state'>): boolean => state !== 'queued' && state !== 'running';

export interface Segment {
  readonly stage: Job['stage'];
  /** Shares of 1: how wide it is, and how much of it is done. */
  readonly width: number;
  readonly done: number;
}

const STAGES = ['stage_a', 'stage_b', 'finalizing'] as const;

/** Returns the progress of a job, a segment for each stage as wide as its work. */
export function segmentsOf({ stage_units, processed_units, total_units }: Job): readonly Segment[] {
  const units = stage_units ?? { stage_a: total_units, stage_b: 0, finalizing: 0 };
  const total = Math.max(1, units.stage_a + units.stage_b + units.finalizing);
  let before = 0;
  return STAGES.filter((stage) => units[stage] > 0).map((stage) => {
    const done = Math.min(1, Math.max(0, (processed_units - before) / units[stage]));
    before += units[stage];
    return { stage, width: units[stage] / total, done };
  });
}

export const shareDone = ({ processed_units, total_units }: Pick<Job, 'processed_units' | 'total_units'>): number =>
  total_units === 0 ? 0 : Math.min(1, processed_units / total_units);

/** Says how far a job is, or how it ended. */
export function progressWords(job: Job): string {
  const percent = `${Math.floor(100 * shareDone(job))}%`;
  switch (job.state) {
    case 'queued':
      return job.attempt === 0 ? 'in the queue' : 'in the queue again, nothing lost';
    case 'running': {
      if (job.waiting_for_worker_seconds !== null) return `since ${span(job.waiting_for_worker_seconds)}, nothing lost`;
      if (job.waiting_text) return job.waiting_text;
      const rate = job.variants_per_second === null ? '' : `, ${short(job.variants_per_second)}/s`;
      const left = job.eta_seconds === null ? '' : `, ${span(job.eta_seconds)} left`;
      return `${percent}${rate}${left}`;
    }
    case 'succeeded':
      return `took ${span(secondsOf(job))}`;
    case 'failed':
      return job.last_error_json?.message ?? job.last_error ?? 'failed';
    case 'cancelled':
      return `stopped at ${percent}`;
  }
}

/** Returns the seconds from the start of a job to its end; null while it has none. */
export function secondsOf({ started_at, finished_at }: Pick<Job, 'started_at' | 'finished_at'>): number | null {
  return started_at === null || finished_at === null ? null : (Date.parse(finished_at) - Date.parse(started_at)) / 1000;
}

/** Says what a job is about: instrument, timeframe, range, what is held out. */
export function aboutWords({ instruments, timeframes, time_range, validation_mode }: Job): string {
  const held = validation_mode === null ? null : validation_mode === 'holdout' ? 'holdout' : 'walk forward';
  const some = [
    instruments.map(({ symbol }) => symbol).join(', '),
    timeframes.join(', '),
    time_range && months(time_range),
    held,
  ];
  return some.filter((one) => one !== null && one !== '').join(' · ');
}

/** Returns the best of a job with the short name of its metric; null where nothing is ranked yet. */
export function bestWords({ best, primary_metric }: Job): { readonly value: string; readonly metric: string } | null {
  if (best === null || primary_metric === null) return null;
  const { name, unit } = metricWords(primary_metric);
  return { value: metricText(primary_metric, best.value), metric: unit === '%' && name === 'Return' ? 'return' : name };
}

/** Names a job; one without a name by the beginning of its id. */
export const nameOf = ({ name, job_id }: Pick<Job, 'name' | 'job_id'>): string => name ?? `Job ${job_id.slice(0, 8)}`;

/** Counts the simulations of a job: variants of both stages. */
export function simulationsOf({ stage_units, total_units }: Job): string {
  return count(stage_units === null ? total_units : stage_units.stage_a + stage_units.stage_b);
}
