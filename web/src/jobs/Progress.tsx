import type { JSX } from 'react';
import { progressWords, segmentsOf, shareDone, stateWords, type Job } from './job-words.ts';

/** The progress of a job: a segment for each stage, as wide as its work, and words below it. */
export function Progress({ job }: { readonly job: Job }): JSX.Element {
  const hasBar = job.state === 'running' || job.state === 'cancelled';
  const words = progressWords(job);
  const { tone } = stateWords(job);
  return (
    <span className={`progress ${tone}`}>
      {hasBar && (
        <span
          className="segments-done"
          role="progressbar"
          aria-label="Progress"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.floor(100 * shareDone(job))}
          aria-valuetext={words}
        >
          {segmentsOf(job).map(({ stage, width, done }) => (
            <span key={stage} style={{ flexGrow: width }}>
              <i style={{ transform: `scaleX(${done})` }} />
            </span>
          ))}
        </span>
      )}
      <span className="words" title={words}>
        {words}
      </span>
    </span>
  );
}
