// backtest delete JOB: takes a job that has ended out of the database, with everything it found out.

import { API_OPTIONS, openClient } from './client.ts';
import { command } from './command.ts';
import { print } from './show/table.ts';

export const deleteJob = command({
  name: 'delete',
  about: 'Deletes a job that has ended, with its variants and reports.',
  takes: ['JOB'],
  options: { ...API_OPTIONS, json: { about: 'print {job_id}' } },
  examples: ['delete 01890a5d-ac96-774b-bcce-b302099a8057'],
  run: async (values, [jobId]) => {
    const gone = await openClient(values.api).delete<{ job_id: string }>(
      `/backtests/jobs/${encodeURIComponent(jobId)}`,
    );
    print(values.json ? JSON.stringify(gone) : 'the job is deleted');
    return 0;
  },
});
