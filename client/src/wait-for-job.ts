// Waits until a job has ended, whatever happens to the connection meanwhile.

import { ApiError, orThrow } from './api-error.ts';
import type { Client } from './create-client.ts';
import type { components } from './openapi.ts';
import { passes, pauseAfter, watchJobs, type WatchOptions } from './watch-jobs.ts';

type JobStatus = components['schemas']['JobStatus'];

export interface WaitOptions extends Omit<WatchOptions, 'job_id'> {
  /** Called with each change of the job. */
  readonly onChange?: (job: components['schemas']['JobSummary']) => void;
}

/** Tells whether the job has succeeded, failed or been cancelled. */
export function hasEnded({ state }: Pick<JobStatus, 'state'>): boolean {
  return state !== 'queued' && state !== 'running';
}

/**
 * Returns the job when it has ended: succeeded, failed or cancelled.
 * @throws {ApiError} when the API refuses for good: the job is not there, or no longer; the reason of the signal when that is aborted
 */
export async function waitForJob(
  client: Client,
  job_id: string,
  { onChange, ...options }: WaitOptions = {},
): Promise<JobStatus> {
  const params = { path: { job_id } };
  const { signal } = options;
  /** Reads the job; trouble that passes is waited for, or, where the stream tells when it has passed, is null. */
  const read = async (lost: boolean): Promise<JobStatus | null> => {
    for (let failures = 1; ; failures += 1) {
      try {
        return await orThrow(client.GET('/backtests/jobs/{job_id}', { params, ...(signal && { signal }) }));
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof ApiError && !passes(error)) throw error;
        if (lost) return null;
      }
      await pauseAfter(failures, options);
    }
  };
  for await (const event of watchJobs(client, { ...options, job_id })) {
    if (event.kind === 'top') continue;
    if (event.kind === 'job') {
      onChange?.(event.job);
      if (!hasEnded(event.job)) continue;
    }
    // It may have ended before the stream began, while there was none, or now.
    const job = await read(event.kind === 'lost');
    if (job !== null && hasEnded(job)) return job;
  }
  throw signal?.reason;
}
