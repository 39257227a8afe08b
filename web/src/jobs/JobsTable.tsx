import type { JSX } from 'react';
import { useNow } from '../lib/clock.ts';
import { say } from '../parts/notices.tsx';
import { wordsOf } from '../parts/Trouble.tsx';
import { nameOf, type Job } from './job-words.ts';
import { JobRow } from './JobRow.tsx';
import { cancelJob } from './queries.ts';

interface JobsTableProps {
  readonly rows: readonly Job[];
  readonly chosen: ReadonlySet<string>;
  /** Row that keys act on; -1: none. */
  readonly current: number;
  readonly onChoose: (job_id: string) => void;
  readonly onDelete: (job_id: string) => void;
}

/** Ages of jobs are told anew this often. */
const AGE_MS = 10_000;

export function JobsTable({ rows, chosen, current, onChoose, onDelete }: JobsTableProps): JSX.Element {
  const now = useNow(AGE_MS);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">
            <span className="sr">Choose</span>
          </th>
          <th scope="col">Name</th>
          <th scope="col">State</th>
          <th scope="col">Progress</th>
          <th scope="col" className="n">
            Simulations
          </th>
          <th scope="col" className="n">
            Best
          </th>
          <th scope="col">Verdict</th>
          <th scope="col" className="n">
            Created
          </th>
          <th scope="col">
            <span className="sr">Acts</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((job, at) => (
          <JobRow
            key={job.job_id}
            job={job}
            now={now}
            isChosen={chosen.has(job.job_id)}
            isCurrent={at === current}
            onChoose={() => onChoose(job.job_id)}
            onCancel={() => void cancel(job)}
            onDelete={() => onDelete(job.job_id)}
          />
        ))}
      </tbody>
    </table>
  );
}

async function cancel(job: Job): Promise<void> {
  try {
    await cancelJob(job.job_id);
    say(`${nameOf(job)} stops and keeps its best so far.`);
  } catch (error) {
    say(wordsOf(error));
  }
}
