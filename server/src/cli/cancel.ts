// backtest cancel JOB: a queued job ends at once, a running one at its worker's next chunk. Asking twice is fine. With --all
// it cancels every job of the user that has not ended, after a question.

import { createInterface } from 'node:readline/promises';
import { ACTIVE_STATES } from '../queue/job.ts';
import { API_OPTIONS, openClient, type Client, type JobView } from './client.ts';
import { command, UsageError } from './command.ts';
import { count, print } from './show/table.ts';

export const cancel = command({
  name: 'cancel',
  about: 'Cancels a job, or all of yours that have not ended. The best variants so far stay.',
  takes: ['JOB?'],
  options: {
    ...API_OPTIONS,
    all: { about: 'instead of one JOB, all of yours that are queued or running; asks first' },
    yes: { about: 'with --all: do not ask' },
    json: { about: "print the job's status object; with --all {cancelled, cancelling}, the ids of jobs" },
  },
  examples: ['cancel 01890a5d-ac96-774b-bcce-b302099a8057', 'cancel --all', 'cancel --all --yes'],
  run: async (values, [jobId]) => {
    if ((jobId === '') !== values.all) throw new UsageError('cancel needs JOB or --all, and not both');
    if (values.yes && !values.all) throw new UsageError('--yes goes with --all');
    const client = openClient(values.api);
    if (values.all) return cancelAll(client, values);
    const job = await ask(client, jobId);
    if (values.json) print(JSON.stringify(job));
    else
      print(
        job.state === 'running'
          ? 'cancel requested; the worker stops within a second or two'
          : `the job is ${job.state}`,
      );
    return 0;
  },
});

function ask(client: Client, jobId: string): Promise<JobView> {
  return client.post<JobView>(`/backtests/jobs/${encodeURIComponent(jobId)}/cancel`);
}

interface All {
  readonly yes: boolean;
  readonly json: boolean;
}

async function cancelAll(client: Client, { yes, json }: All): Promise<number> {
  const active = await activeJobs(client);
  if (active.length > 0 && !yes && !(await agreed(active.length))) {
    process.stderr.write('nothing was cancelled\n');
    return 1;
  }
  const cancelled: string[] = [];
  const cancelling: string[] = [];
  for (const { job_id } of active) {
    const { state } = await ask(client, job_id);
    if (state === 'cancelled') cancelled.push(job_id);
    if (state === 'running') cancelling.push(job_id);
  }
  if (json) print(JSON.stringify({ cancelled, cancelling }));
  else print(allText({ active: active.length, cancelled: cancelled.length, cancelling: cancelling.length }));
  return 0;
}

/** Lists the jobs that have not ended, of every page. */
async function activeJobs(client: Client): Promise<readonly JobView[]> {
  const jobs = new Map<string, JobView>(); // one that is claimed meanwhile is in both lists
  for (const state of ACTIVE_STATES) {
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = new URLSearchParams({ state, limit: '250', ...(cursor === '' ? {} : { cursor }) });
      const page: { items: readonly JobView[]; next_cursor: string | null } = await client.get(
        `/backtests/jobs?${query.toString()}`,
      );
      for (const job of page.items) jobs.set(job.job_id, job);
      cursor = page.next_cursor;
    }
  }
  return [...jobs.values()];
}

async function agreed(jobs: number): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('cancel --all asks first, and nobody can answer here: give --yes');
  using line = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await line.question(`cancel ${jobsText(jobs)}? [y/N] `);
  return /^y(es)?$/i.test(answer.trim());
}

function allText(counts: { active: number; cancelled: number; cancelling: number }): string {
  const { active, cancelled, cancelling } = counts;
  if (active === 0) return 'no job is queued or running';
  const ended = active - cancelled - cancelling;
  return [
    `${jobsText(cancelled)} cancelled`,
    ...(cancelling > 0 ? [`${count(cancelling)} running, whose workers stop within a second or two`] : []),
    ...(ended > 0 ? [`${count(ended)} had ended meanwhile`] : []),
  ].join('; ');
}

function jobsText(jobs: number): string {
  return jobs === 1 ? '1 job' : `${count(jobs)} jobs`;
}
