// What a screen reader hears of a job that is watched: how far it is, now and then, and its end once.

import type { Schemas } from '@backtest-jobs/client';
import { hasEnded, shareDone, stateWords } from '../../jobs/job-words.ts';
import { span } from '../../words/format.ts';
import { LEVELS } from '../../words/verdict.ts';

type Job = Schemas['JobStatus'];

export interface Announcement {
  readonly words: string;
  readonly atMs: number;
  readonly state: Job['state'];
}

const EVERY_MS = 10_000;

/** Returns what is said now; the same object where there is nothing new to say. */
export function announcement(before: Announcement | null, job: Job, nowMs: number): Announcement {
  const { state } = job;
  // Who comes to a page reads it: only what happens then is news.
  if (before === null) return { words: '', atMs: nowMs, state };
  // The verdict comes a moment after the state.
  if (state === 'succeeded' && job.verdict === null) return before;
  if (state !== before.state) return { words: newsOf(job), atMs: nowMs, state };
  if (hasEnded(job) || state === 'queued' || nowMs - before.atMs < EVERY_MS) return before;
  return { words: progressOf(job), atMs: nowMs, state };
}

function newsOf(job: Job): string {
  if (job.state !== 'succeeded') return stateWords(job).words;
  return job.verdict === null ? 'Finished.' : `Finished. ${LEVELS[job.verdict.luck].head}. ${job.verdict.sentence}`;
}

function progressOf(job: Job): string {
  if (job.waiting_for_worker_seconds !== null && job.waiting_for_worker_seconds !== undefined)
    return 'Waiting for a worker';
  const left = job.eta_seconds === null ? '' : `, ${span(job.eta_seconds)} left`;
  return `${Math.floor(100 * shareDone(job))}% done${left}`;
}
