// watch: waits for a job, for so long and no longer. It asks again and again, as the command line does; progress goes to clients
// that want it, and a cancelled call ends at once. Watching changes nothing.

import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { Refusal } from './ask-api.ts';
import { hasEnded, JobId, JobLine, jobLine, jobPath, JobReply, type JobTold } from './job-line.ts';
import { tool, wholeFromTo, type Doing } from './tool.ts';

const MOST_SECONDS = 300;
const POLL_MS = 1000;

export const watchTool = tool({
  name: 'watch',
  title: 'Wait for a job',
  about:
    'Waits until the job has ended, or (until: change) until its state or stage changes, for at most so many seconds, and returns ' +
    'how far it is. Call it again while `ended` is false. Cancelling the call leaves the job running.',
  input: z.strictObject({
    job_id: JobId,
    seconds: wholeFromTo(0, MOST_SECONDS).default(30).describe('at most; 0 returns at once'),
    until: z.enum(['end', 'change']).default('end'),
  }),
  output: JobLine.extend({ ended: z.boolean(), waited_seconds: z.number() }),
  async run({ job_id, seconds, until }, doing) {
    const began = performance.now();
    const job = await follow(job_id, { until, deadline: began + seconds * 1000 }, doing);
    const waited_seconds = Math.round((performance.now() - began) / 100) / 10;
    return { ...jobLine(job), ended: hasEnded(job), waited_seconds };
  },
});

interface Patience {
  readonly until: 'end' | 'change';
  /** On the clock of performance. */
  readonly deadline: number;
}

async function follow(job_id: string, { until, deadline }: Patience, doing: Doing): Promise<JobTold> {
  let first: JobTold | null = null;
  let told = -1;
  for (;;) {
    const job = await look(job_id, deadline, doing);
    first ??= job;
    const changed = job.state !== first.state || job.stage !== first.stage;
    const left = deadline - performance.now();
    if (hasEnded(job) || left <= 0 || (until === 'change' && changed)) return job;
    if (job.processed_units > told) {
      told = job.processed_units;
      await doing.progress(told, job.total_units, `${job.state}, ${job.stage}`);
    }
    await delay(Math.min(POLL_MS, left), undefined, { signal: doing.signal });
  }
}

/** Reads the job; an API that is not well, or has heard too much of us, is asked again until the time is up. */
async function look(job_id: string, deadline: number, { ask, signal }: Doing): Promise<JobTold> {
  for (;;) {
    try {
      return JobReply.parse(await ask({ path: jobPath(job_id) }));
    } catch (error) {
      const passing = error instanceof Refusal && (error.status >= 500 || error.status === 429);
      if (!passing || performance.now() + POLL_MS >= deadline) throw error;
    }
    await delay(POLL_MS, undefined, { signal });
  }
}
