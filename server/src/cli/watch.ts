// backtest watch JOB: asks for the job's status twice a second and draws it until the job has ended. Watching changes
// nothing: whoever stops watching leaves the job running.

import { setTimeout as delay } from 'node:timers/promises';
import type { Permuted } from '@backtest-jobs/engine/internal';
import { INTERRUPTED, listenForStop } from '../stop.ts';
import { API_OPTIONS, openClient, Unreachable, type Client, type JobView } from './client.ts';
import { command, INVOCATION } from './command.ts';
import { openProgress, type ShownProgress, type ProgressLine } from './show/progress.ts';
import { print, seconds } from './show/table.ts';
import { validationLines } from './show/validation.ts';
import { verdictLines } from './show/verdict.ts';

export const watch = command({
  name: 'watch',
  about: 'Follows a job to its end. Ctrl-C stops the watching, not the job.',
  takes: ['JOB'],
  options: { ...API_OPTIONS, json: { about: 'print the last status object when the job has ended' } },
  notes: ['Exit code 0 when the job succeeded, 1 when it failed or was cancelled, 130 when you stopped watching.'],
  examples: ['watch 01890a5d-ac96-774b-bcce-b302099a8057', 'watch 01890a5d-ac96-774b-bcce-b302099a8057 --json'],
  run: async (values, [jobId]) => showEnd(await followToEnd(openClient(values.api), jobId), values.json),
});

/** Says how the job ended; null means that the user stopped watching. */
export function showEnd(job: JobView | null, json: boolean): number {
  if (job === null) return INTERRUPTED;
  if (json) print(JSON.stringify(job));
  else if (job.state === 'succeeded') {
    print(`succeeded${tookText(job)}; its best variants: ${INVOCATION} top ${job.job_id}`);
    if (job.validation) for (const line of validationLines(job.validation)) print(line);
    if (job.verdict) for (const line of verdictLines(job.verdict)) print(line);
  } else {
    print(`${job.state}${job.last_error === null ? '' : `: ${job.last_error}`}`);
    if (job.permuted) print(testedText(job.permuted));
  }
  return job.state === 'succeeded' ? 0 : 1;
}

interface Following {
  /** Draws no progress. */
  readonly quiet?: boolean;
  /** Line to begin with; Ctrl-C is heard from it on. */
  readonly first?: string;
}

/** Follows until the job has ended or the user presses Ctrl-C, which gives null and says that the job goes on. */
export async function followToEnd(
  client: Client,
  jobId: string,
  { quiet = false, first }: Following = {},
): Promise<JobView | null> {
  using stop = listenForStop();
  using line = quiet ? openQuiet() : openProgress();
  if (first !== undefined) line.say(first);
  try {
    return await follow(client, jobId, line, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    line.say(`the job goes on without you; watch it again with ${INVOCATION} watch ${jobId}`);
    return null;
  }
}

/** Says what must be said and draws nothing. */
function openQuiet(): ProgressLine {
  const line = openProgress();
  return { say: (text) => line.say(text), update() {}, clear() {}, [Symbol.dispose]() {} };
}

const POLL_MS = 500;
const PATIENCE_MS = 60_000;

/** Draws the job until it has ended; rejects when `signal` is aborted or the API stays away for a minute. */
export async function follow(client: Client, jobId: string, line: ProgressLine, signal: AbortSignal): Promise<JobView> {
  let reachedAt = performance.now();
  for (;;) {
    signal.throwIfAborted();
    try {
      const job = await client.get<JobView>(`/backtests/jobs/${encodeURIComponent(jobId)}`);
      reachedAt = performance.now();
      if (job.state !== 'queued' && job.state !== 'running') return job;
      line.update(progressOf(job));
    } catch (error) {
      const silent = performance.now() - reachedAt;
      if (!(error instanceof Unreachable) || silent > PATIENCE_MS) throw error;
      line.update(waiting(`${error.brief}, for ${seconds(silent / 1000)} now`));
    }
    await delay(POLL_MS, undefined, { signal });
  }
}

export function progressOf(job: JobView): ShownProgress {
  if (job.waiting_text !== null) return waiting(job.waiting_text);
  if (job.waiting_for_worker_seconds !== null) {
    return waiting(`waiting for a worker since ${Math.floor(job.waiting_for_worker_seconds)} s`);
  }
  if (job.state === 'queued') return waiting('queued, waiting for a worker to take it');
  return {
    stage: job.stage,
    processed: job.processed_units,
    total: job.total_units,
    perSecond: job.variants_per_second,
    etaSeconds: job.eta_seconds,
    waiting: job.cancel_requested_at === null ? null : 'cancelling',
  };
}

function waiting(why: string): ShownProgress {
  return { stage: null, processed: 0, total: 0, perSecond: null, etaSeconds: null, waiting: why };
}

/** Says how far the luck test of a job came that has no verdict. */
function testedText({ done, asked, as_good, p }: Permuted): string {
  const found = p === null ? '' : `; the search found something as good in ${as_good} of them (p ${p.toFixed(2)})`;
  return `its luck test had searched ${done} of ${asked} permuted markets${found}`;
}

function tookText({ started_at, finished_at }: JobView): string {
  if (started_at === null || finished_at === null) return '';
  return ` in ${seconds((Date.parse(finished_at) - Date.parse(started_at)) / 1000)}`;
}
