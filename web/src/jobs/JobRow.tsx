import { useEffect, useRef, type JSX } from 'react';
import { Link } from 'wouter';
import { Sign } from '../parts/Sign.tsx';
import { ago, bothClocks, NONE, tone } from '../words/format.ts';
import { decidedBy, LEVELS, type Luck } from '../words/verdict.ts';
import { aboutWords, bestWords, hasEnded, nameOf, simulationsOf, type Job } from './job-words.ts';
import { Progress } from './Progress.tsx';
import { StateMark } from './StateMark.tsx';

interface JobRowProps {
  readonly job: Job;
  readonly now: number;
  readonly isChosen: boolean;
  readonly isCurrent: boolean;
  readonly onChoose: () => void;
  readonly onCancel: () => void;
  readonly onDelete: () => void;
}

/** One job of the list; its name is the link, and the whole row is its target. */
export function JobRow({ job, now, isChosen, isCurrent, onChoose, onCancel, onDelete }: JobRowProps): JSX.Element {
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (isCurrent) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  const name = nameOf(job);
  const best = bestWords(job);
  return (
    <tr ref={row} aria-selected={isChosen} data-job={job.job_id} {...(isCurrent && { 'data-current': true })}>
      <td className="tick">
        <input type="checkbox" className="check" checked={isChosen} onChange={onChoose} aria-label={`Choose ${name}`} />
      </td>
      <th scope="row">
        <Link className="name" href={`/jobs/${job.job_id}`}>
          {name}
        </Link>
        <span className="sub">{aboutWords(job)}</span>
      </th>
      <td>
        <StateMark job={job} />
      </td>
      <td className="how-far">
        <Progress job={job} />
      </td>
      <td className="n simulations">{simulationsOf(job)}</td>
      <td className="n">
        {best === null ? (
          NONE
        ) : (
          <>
            <b className={tone(best.metric === 'return' ? job.best?.value : 0)}>{best.value}</b>{' '}
            <span className="ink-2">{best.metric}</span>
          </>
        )}
      </td>
      <td>
        <VerdictCell job={job} />
      </td>
      <td className="n ink-2" title={bothClocks(job.created_at)}>
        <time dateTime={job.created_at}>{ago(job.created_at, now)}</time>
      </td>
      <td className="row-acts">
        <Link className="btn quiet icon small" href={`/jobs/new?from=${job.job_id}`} aria-label={`Clone ${name}`}>
          <Sign name="copy" />
        </Link>
        {hasEnded(job) ? (
          <button type="button" className="btn quiet icon small" aria-label={`Delete ${name}`} onClick={onDelete}>
            <Sign name="bin" />
          </button>
        ) : (
          <button type="button" className="btn quiet icon small" aria-label={`Cancel ${name}`} onClick={onCancel}>
            <Sign name="stop" />
          </button>
        )}
      </td>
    </tr>
  );
}

function VerdictCell({ job: { verdict_summary: summary } }: { readonly job: Job }): JSX.Element {
  if (summary === null || summary.luck === null) return <>{NONE}</>;
  const { sign, short, tone: colour } = LEVELS[summary.luck as Luck];
  return (
    <span className="verdict-cell">
      <b className={colour}>
        <Sign name={sign} /> {short}
      </b>
      <span className="sub">{decidedBy(summary)}</span>
    </span>
  );
}
