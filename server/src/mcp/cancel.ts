// cancel: ends a job; what it has found so far stays.

import { z } from 'zod';
import { JobId, JobLine, jobLine, jobPath, JobReply } from './job-line.ts';
import { tool } from './tool.ts';

export const cancelTool = tool({
  name: 'cancel',
  title: 'Cancel a job',
  about:
    'Cancels a job: a queued one at once, a running one as soon as its worker stops, within a second or two. The best variants so ' +
    'far stay, but it cannot go on. A job that has ended is left as it is.',
  input: z.strictObject({ job_id: JobId }),
  output: JobLine,
  changes: { destroys: true, again: 'same' },
  run: async ({ job_id }, { ask }) =>
    jobLine(JobReply.parse(await ask({ method: 'POST', path: jobPath(job_id, '/cancel') }))),
});
