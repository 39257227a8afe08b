// The band of a job that ended without a verdict: failed, or cancelled with the best of what it had scored.

import type { Schemas } from '@backtest-jobs/client';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link, useLocation } from 'wouter';
import { shareDone } from '../../jobs/job-words.ts';
import type { NamedAxis } from '../../words/axes.ts';
import { count } from '../../words/format.ts';
import { runAgain, trying } from '../acts.ts';
import { attemptWords } from '../facts/attempts.ts';
import { attemptsOf } from '../queries.ts';
import { Winner } from '../verdict/Winner.tsx';
import { adviceFor } from './advice.ts';
import { Band } from './Band.tsx';
import { Stages } from './ProgressBand.tsx';

interface EndedBandProps {
  readonly job: Schemas['JobStatus'];
  readonly request: Schemas['JobRequest'] | undefined;
  readonly axes: readonly NamedAxis[];
  readonly row: Schemas['TopVariant'] | undefined;
}

export function CancelledBand({ job, request, axes, row }: EndedBandProps): JSX.Element {
  const percent = Math.floor(100 * shareDone(job));
  return (
    <Band
      label="Cancelled"
      caption="Nothing of it is lost"
      head={`Cancelled at ${percent}%`}
      evidence={
        <>
          <Winner job={job} axes={axes} row={row} words="The exact best of what was scored" held={null} />
          <p className="known">
            <b>No verdict</b>
            <span>
              Whether the best is luck is judged when all is scored: {count(job.processed_units)} of{' '}
              {count(job.total_units)} were.
            </span>
          </p>
        </>
      }
      foot={<Again job={job} words="Run it to the end" why="the same spec, as a new job" />}
    >
      <Stages job={job} request={request} />
    </Band>
  );
}

export function FailedBand({ job, request }: EndedBandProps): JSX.Element {
  const { data: attempts } = useQuery(attemptsOf(job.job_id));
  const error = job.last_error_json;
  const code = error?.code ?? 'failed';
  return (
    <Band
      label="Failed"
      tone="loss"
      caption={`After ${job.attempt} ${job.attempt === 1 ? 'attempt' : 'attempts'}`}
      head="Failed"
      evidence={
        <div className="failure">
          <h3>What to do</h3>
          <p>{adviceFor(code)}</p>
          <h3>Attempts</h3>
          <ul>
            {(attempts?.items ?? []).slice(-6).map((attempt) => (
              <li key={attempt.attempt}>{attemptWords(attempt)}</li>
            ))}
          </ul>
          <h3>
            Details <code>{code}</code>
          </h3>
          <pre className="mono" tabIndex={0} aria-label="Details">
            {JSON.stringify(error?.details ?? {}, null, 2)}
          </pre>
        </div>
      }
      foot={<Again job={job} words="Run it again" why="the same spec, as a new job" />}
    >
      <p className="decided">{error?.message ?? job.last_error ?? 'There is no message.'}</p>
      <Stages job={job} request={request} />
    </Band>
  );
}

interface AgainProps {
  readonly job: Schemas['JobStatus'];
  readonly words: string;
  readonly why: string;
}

function Again({ job, words, why }: AgainProps): JSX.Element {
  const [, navigate] = useLocation();
  const run = (): void => void trying(async () => navigate(`/jobs/${await runAgain(job.job_id)}`));
  return (
    <>
      <span className="caption">Next</span>
      <span className="step">
        <button type="button" className="link" onClick={run}>
          {words}
        </button>
        <span className="why-words">{why}</span>
      </span>
      <span className="step">
        <Link className="link" href={`/jobs/new?from=${job.job_id}`}>
          Change it first
        </Link>
        <span className="why-words">a new job, filled in from this one</span>
      </span>
    </>
  );
}
