import type { Schemas } from '@backtest-jobs/client';
import type { JSX } from 'react';
import { Link, useLocation } from 'wouter';
import { hasEnded, nameOf } from '../../jobs/job-words.ts';
import { cancelJob, deleteJob } from '../../jobs/queries.ts';
import { useNow } from '../../lib/clock.ts';
import { deleteLater } from '../../parts/delete-later.ts';
import { Menu, MenuItem, MenuLine } from '../../parts/Menu.tsx';
import { say } from '../../parts/notices.tsx';
import { Sign } from '../../parts/Sign.tsx';
import { ago, bothClocks } from '../../words/format.ts';
import { copy, specOf, trying } from '../acts.ts';
import { aboutParts } from './about.ts';
import { asCommand, asCurl, exportAddress, EXPORTS, FORMATS, pageAddress } from './copies.ts';

interface JobHeadProps {
  readonly job: Schemas['JobStatus'];
  readonly request: Schemas['JobRequest'] | undefined;
}

const AGE_MS = 10_000;

/** The name of a job, what it is about, and what can be done with it. */
export function JobHead({ job, request }: JobHeadProps): JSX.Element {
  const now = useNow(AGE_MS);
  const at = job.finished_at ?? job.created_at;
  return (
    <div className="head job-head">
      <div className="title">
        <Link className="crumb" href="/jobs">
          Jobs
        </Link>
        <h1>{nameOf(job)}</h1>
        <p className="about">
          {aboutParts(job, request).join(' · ')}
          {' · '}
          <time dateTime={at} title={bothClocks(at)}>
            {ago(at, now)}
          </time>
        </p>
      </div>
      <div className="acts">
        {hasEnded(job) ? (
          <>
            <Link className="btn" href={`/jobs/new?from=${job.job_id}`} aria-label="Clone">
              <Sign name="copy" /> <span>Clone</span>
            </Link>
            <ExportMenu job={job} />
          </>
        ) : (
          <button
            type="button"
            className="btn"
            disabled={job.cancel_requested_at !== null}
            onClick={() => void trying(() => cancelJob(job.job_id))}
          >
            <Sign name="stop" />
            {job.cancel_requested_at === null ? 'Cancel' : 'Stopping'}
            {job.cancel_requested_at === null && <span className="keeps">, keep the best so far</span>}
          </button>
        )}
        <MoreMenu job={job} />
      </div>
    </div>
  );
}

/** Files of what the job found. They are links, so that a browser downloads them as it likes. */
function ExportMenu({ job }: { readonly job: Schemas['JobStatus'] }): JSX.Element {
  const there = EXPORTS.filter(({ what }) => job.state === 'succeeded' || what === 'top' || what === 'surface');
  return (
    <Menu
      trigger={
        <button type="button" className="btn" aria-label="Export">
          <Sign name="export" /> <span>Export</span>
        </button>
      }
    >
      {job.state === 'succeeded' && (
        <MenuItem onSelect={() => download(pageAddress(job.job_id))}>
          A page to share <span className="note">HTML</span>
        </MenuItem>
      )}
      {there.map(({ what, words }) =>
        FORMATS.map(([format, name]) => (
          <MenuItem key={`${what} ${format}`} onSelect={() => download(exportAddress(job.job_id, what, format))}>
            <a
              href={exportAddress(job.job_id, what, format)}
              download
              tabIndex={-1}
              onClick={(event) => event.preventDefault()}
            >
              {words}
            </a>
            <span className="note">{name}</span>
          </MenuItem>
        )),
      )}
    </Menu>
  );
}

/** Follows a link to a file: an item of a menu is chosen by keys too. */
function download(href: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = '';
  link.click();
}

function MoreMenu({ job }: { readonly job: Schemas['JobStatus'] }): JSX.Element {
  const [, navigate] = useLocation();
  const { job_id } = job;
  const copySpec = (write: (spec: object) => string, what: string): void => void copy(specOf(job_id).then(write), what);
  const remove = (): void => {
    const { undo } = deleteLater({ ids: [job_id], deleteOne: deleteJob });
    navigate('/jobs');
    say('The job is deleted.', undo);
  };
  return (
    <Menu
      trigger={
        <button type="button" className="btn quiet icon" aria-label="More">
          <Sign name="more" />
        </button>
      }
    >
      {job.verdict && (
        <MenuItem onSelect={() => void copy(job.verdict?.sentence ?? '', 'the verdict')}>Copy the verdict</MenuItem>
      )}
      <MenuItem onSelect={() => copySpec((spec) => JSON.stringify(spec, null, 2), 'the spec')}>Copy spec</MenuItem>
      <MenuItem onSelect={() => copySpec((spec) => asCurl(globalThis.location.origin, spec), 'the request')}>
        Copy as curl
      </MenuItem>
      <MenuItem onSelect={() => void copy(asCommand(job_id), 'the command')}>Copy as CLI command</MenuItem>
      {!hasEnded(job) && <MenuItem onSelect={() => navigate(`/jobs/new?from=${job_id}`)}>Clone</MenuItem>}
      {hasEnded(job) && (
        <>
          <MenuLine />
          <MenuItem onSelect={remove}>
            <span className="loss">Delete</span>
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
