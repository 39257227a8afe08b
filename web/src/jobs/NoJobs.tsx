import { ApiError, orThrow } from '@backtest-jobs/client';
import { useMutation } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link, useLocation } from 'wouter';
import { client } from '../api.ts';
import { Trouble } from '../parts/Trouble.tsx';
import { SAMPLE } from './sample.ts';

interface NoJobsProps {
  readonly isFiltered: boolean;
  readonly asked: string;
  readonly onShowAll: () => void;
}

/** What stands in the place of a list that is empty. */
export function NoJobs({ isFiltered, asked, onShowAll }: NoJobsProps): JSX.Element {
  return isFiltered ? (
    <section className="panel empty" aria-label="No job">
      <p>No job matches{asked === '' ? ' the filter' : ` “${asked}”`}.</p>
      <button type="button" className="btn" onClick={onShowAll}>
        Show all
      </button>
    </section>
  ) : (
    <FirstJob />
  );
}

function FirstJob(): JSX.Element {
  const [, navigate] = useLocation();
  const run = useMutation({
    mutationFn: () => orThrow(client.POST('/backtests/jobs', { body: SAMPLE as never })),
    onSuccess: ({ job_id }) => navigate(`/jobs/${job_id}`),
  });
  return (
    <section className="panel empty" aria-labelledby="no-jobs">
      <h2 id="no-jobs">No jobs yet</h2>
      <p>
        A job searches all combinations of the parameters of a strategy on the candles of a market, keeps the best, and
        says whether luck explains them. It survives restarts: close this page, and it goes on.
      </p>
      <p className="acts">
        <Link className="btn primary" href="/jobs/new">
          New job
        </Link>
        <button type="button" className="btn" disabled={run.isPending} onClick={() => run.mutate()}>
          Run the sample
        </button>
      </p>
      {run.error && <Trouble what="The sample was not taken" error={run.error} />}
      {run.error instanceof ApiError && run.error.code === 'validation_error' && (
        <p className="ink-2">
          The sample needs daily candles of the S&amp;P 500 (^GSPC), which the local stack brings.
        </p>
      )}
    </section>
  );
}
