// backtest jobs: the newest jobs of the user, one line each.

import { JOB_STATES } from '../queue/job.ts';
import { API_OPTIONS, openClient, type JobView } from './client.ts';
import { command, INVOCATION, wholeNumber } from './command.ts';
import { print, printTable } from './show/table.ts';

// en-GB: no comma before the or.
const oneOf = new Intl.ListFormat('en-GB', { type: 'disjunction' });

interface JobPage {
  readonly items: readonly JobView[];
  readonly next_cursor: string | null;
}

export const jobs = command({
  name: 'jobs',
  about: 'Lists your jobs, newest first.',
  takes: [],
  options: {
    ...API_OPTIONS,
    state: { value: 'STATE', about: `only ${oneOf.format(JOB_STATES)} ones` },
    limit: { value: 'N', about: 'at most N jobs (20)' },
    cursor: { value: 'CURSOR', about: 'go on where the page before ended' },
    json: { about: 'print the page as {items, next_cursor}' },
  },
  examples: ['jobs', 'jobs --state running', 'jobs --limit 100 --json'],
  run: async (values) => {
    const query = new URLSearchParams({ limit: String(wholeNumber('--limit', values.limit, 1, 250) ?? 20) });
    if (values.state !== undefined) query.set('state', values.state);
    if (values.cursor !== undefined) query.set('cursor', values.cursor);
    const page = await openClient(values.api).get<JobPage>(`/backtests/jobs?${query.toString()}`);
    if (values.json) {
      print(JSON.stringify(page));
      return 0;
    }
    if (page.items.length === 0) {
      print(`no jobs; ${INVOCATION} submit SPEC makes one`);
      return 0;
    }
    printTable(
      [
        { title: 'job' },
        { title: 'state' },
        { title: 'done', align: 'right' },
        { title: 'attempt', align: 'right' },
        { title: 'created' },
        { title: 'name', gives: true },
      ],
      page.items.map(rowOf),
    );
    if (page.next_cursor !== null) print(`more: --cursor ${page.next_cursor}`);
    return 0;
  },
});

function rowOf(job: JobView): string[] {
  const share = job.total_units > 0 ? `${Math.floor((100 * job.processed_units) / job.total_units)}%` : '';
  const cancelling = job.state === 'running' && job.cancel_requested_at !== null;
  const state = cancelling ? 'cancelling' : job.state;
  return [job.job_id, state, share, String(job.attempt), `${job.created_at.slice(0, 19)}Z`, job.name ?? ''];
}
