// submit: a spec becomes a job.

import { z } from 'zod';
import { JobLine, jobLine, JobReply } from './job-line.ts';
import { SpecInput, SpecWarnings } from './spec-input.ts';
import { tool } from './tool.ts';

const Reply = JobReply.extend({ warnings: SpecWarnings });

export const submitTool = tool({
  name: 'submit',
  title: 'Submit a spec as a job',
  about:
    'Submits a spec as a job that workers run, and returns its job_id at once; watch follows it. ' +
    'Give an idempotency_key where the call may be repeated: the same key with the same spec is the same job.',
  input: z.strictObject({
    spec: SpecInput,
    idempotency_key: z.string().min(1).max(200).optional().describe('of your choice, for one submission'),
  }),
  output: JobLine.extend({ warnings: SpecWarnings }),
  changes: { destroys: false, again: 'more' },
  lists: ['warnings'],
  async run({ spec, idempotency_key: key }, { ask }) {
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    const job = Reply.parse(await ask({ method: 'POST', path: '/backtests/jobs', body: spec, headers }));
    return { ...jobLine(job), warnings: job.warnings };
  },
});
