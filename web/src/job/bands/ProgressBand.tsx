// The band of a job that is going on: how long it will take, how far it is, and the best so far.

import type { Schemas } from '@backtest-jobs/client';
import type { JSX } from 'react';
import { segmentsOf, shareDone, simulationsOf } from '../../jobs/job-words.ts';
import { Sign } from '../../parts/Sign.tsx';
import type { NamedAxis } from '../../words/axes.ts';
import { count, decimal, span } from '../../words/format.ts';
import { Winner } from '../verdict/Winner.tsx';
import { Band } from './Band.tsx';
import { BestSoFar } from './BestSoFar.tsx';
import { stagesOf } from './stages.ts';

interface ProgressBandProps {
  readonly job: Schemas['JobStatus'];
  readonly request: Schemas['JobRequest'] | undefined;
  readonly axes: readonly NamedAxis[];
  readonly row: Schemas['TopVariant'] | undefined;
}

export function ProgressBand({ job, request, axes, row }: ProgressBandProps): JSX.Element {
  const isStopping = job.cancel_requested_at !== null;
  const percent = Math.floor(100 * shareDone(job));
  const isBest = row?.variant_index === job.best?.variant_index;
  return (
    <Band
      label="Progress"
      caption={job.state === 'succeeded' ? 'Finished, the verdict is coming' : isStopping ? 'Stopping' : 'Searching'}
      head={job.eta_seconds === null ? `${percent}% done` : `${span(job.eta_seconds)} left`}
      evidence={
        <>
          <Winner job={job} axes={axes} row={isBest ? row : null} words="Best so far" held={null} />
          <BestSoFar job={job} />
          <p className="known">
            <Sign name="dash" /> <b>Verdict</b>
            <span>Comes with the last stage. {knownWords(job)}</span>
          </p>
        </>
      }
    >
      <Stages job={job} request={request} />
      <p className="rate">
        {job.variants_per_second !== null && (
          <>
            <b className="num">{count(job.variants_per_second)}</b> variants a second ·{' '}
          </>
        )}
        close this page if you like, the search goes on
      </p>
    </Band>
  );
}

/** What is known of the verdict already. */
function knownWords(job: Schemas['JobStatus']): string {
  const { time_range: range } = job;
  const years = range === null ? null : (Date.parse(range.end) - Date.parse(range.start)) / (365.25 * 86_400_000);
  return `Known already: ${simulationsOf(job)} simulations${years === null ? '' : ` on ${decimal(years, 1)} years`}.`;
}

/** The stages with their counts, and a bar of segments as wide as their work. */
export function Stages({ job, request }: Pick<ProgressBandProps, 'job' | 'request'>): JSX.Element {
  const percent = Math.floor(100 * shareDone(job));
  return (
    <>
      <div
        className="stage-bar"
        role="progressbar"
        aria-label="Progress"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={`${percent}%`}
      >
        {segmentsOf(job).map(({ stage, width, done }) => (
          <span key={stage} style={{ flexGrow: width }}>
            <i style={{ transform: `scaleX(${done})` }} />
          </span>
        ))}
      </div>
      <ol className="stages">
        {stagesOf(job, request?.spec).map(({ id, words, done, isNow }, at) => (
          <li key={id} {...(isNow && { 'aria-current': 'step' as const })}>
            <span>
              {at + 1}. {words}
            </span>
            <span className="num">{done}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
