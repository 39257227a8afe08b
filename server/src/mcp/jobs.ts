// jobs: the newest jobs of the user.

import { z } from 'zod';
import { JOB_STATES } from '../queue/job.ts';
import { JobLine, jobLine, JobReply } from './job-line.ts';
import { tool, wholeFromTo } from './tool.ts';

const Page = z.object({ items: z.array(JobReply), next_cursor: z.string().nullable() });

/** As many as always fit into an answer, so that a page is never cut and its cursor is right. */
const MOST_JOBS = 10;

export const jobsTool = tool({
  name: 'jobs',
  title: 'Your jobs',
  about: 'Your jobs, newest first: state, progress, the best so far, the level of the verdict.',
  input: z.strictObject({
    state: z.enum(JOB_STATES).optional(),
    q: z.string().max(200).optional().describe('part of the name'),
    limit: wholeFromTo(1, MOST_JOBS).default(MOST_JOBS),
    cursor: z.string().max(400).optional().describe('next_cursor of the page before'),
  }),
  output: z.object({ items: z.array(JobLine), next_cursor: z.string().nullable().describe('null: that was all') }),
  async run(query, { ask }) {
    const { items, next_cursor } = Page.parse(await ask({ path: '/backtests/jobs', query }));
    return {
      items: items.map((job) => jobLine({ ...job, last_error: job.last_error?.slice(0, 200) ?? null })),
      next_cursor,
    };
  },
});
