// backtest cancel JOB: a queued job ends at once, a running one at its worker's next chunk. Asking twice is fine.

import { API_OPTIONS, openClient, type JobView } from './client.ts';
import { command } from './command.ts';
import { print } from './show/table.ts';

export const cancel = command({
  name: 'cancel',
  about: 'Cancels a job. The best variants so far stay.',
  takes: ['JOB'],
  options: { ...API_OPTIONS, json: { about: "print the job's status object" } },
  examples: ['cancel 01890a5d-ac96-774b-bcce-b302099a8057'],
  run: async (values, [jobId]) => {
    const job = await openClient(values.api).post<JobView>(`/backtests/jobs/${encodeURIComponent(jobId)}/cancel`);
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
