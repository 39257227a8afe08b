// backtest submit SPEC: sends a spec to the API; the job it becomes is found again by its id.

import { API_OPTIONS, openClient, type JobView } from './client.ts';
import { command, INVOCATION } from './command.ts';
import { print } from './show/table.ts';
import { showWarnings } from './show/warnings.ts';
import { readSpecFile } from './specfile.ts';
import { followToEnd, showEnd } from './watch.ts';

export const submit = command({
  name: 'submit',
  about: 'Submits a spec (JSON or YAML, - for stdin) as a job and prints its id. A spec with problems becomes no job.',
  takes: ['SPEC'],
  options: {
    ...API_OPTIONS,
    'idempotency-key': { value: 'KEY', about: 'the same key again answers with the job that is there already' },
    parent: { value: 'JOB', about: 'the job that the spec was made from: what it tried is told beside the verdict' },
    watch: { about: 'follow the job to its end' },
    wait: { about: 'the same, without drawing its progress: for scripts' },
    json: { about: "print the job's status object" },
  },
  notes: [
    'With --watch or --wait the exit code is 0 when the job succeeded, 1 when it failed or was cancelled, and 130 after',
    'Ctrl-C, which leaves the job running.',
  ],
  examples: [
    'submit spec.yaml',
    'submit spec.yaml --watch',
    'submit spec.yaml --wait && echo done',
    'submit - --json < spec.json',
  ],
  run: async (values, [path]) => {
    const client = openClient(values.api);
    const file = await readSpecFile(path);
    const key = values['idempotency-key'];
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    const parent =
      values.parent === undefined ? '' : `?${new URLSearchParams({ parent_job_id: values.parent }).toString()}`;
    const job = await file.check(() => client.post<JobView>(`/backtests/jobs${parent}`, file.input, headers));
    showWarnings(job.warnings ?? []);
    if (!values.watch && !values.wait) {
      if (values.json) print(JSON.stringify(job));
      else {
        print(job.job_id);
        process.stderr.write(`${job.state}; follow it with ${INVOCATION} watch ${job.job_id}\n`);
      }
      return 0;
    }
    const followed = await followToEnd(client, job.job_id, { quiet: values.wait, first: `job ${job.job_id}` });
    return showEnd(followed, values.json);
  },
});
