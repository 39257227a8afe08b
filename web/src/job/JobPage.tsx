// The page of a job: may I believe it, what is it, what do I do now.

import { ApiError, type Schemas } from '@backtest-jobs/client';
import { useInfiniteQuery, usePrefetchInfiniteQuery, usePrefetchQuery, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, useRef, type JSX } from 'react';
import { useParams } from 'wouter';
import { cache } from '../api.ts';
import { hasEnded, nameOf } from '../jobs/job-words.ts';
import { useAddress } from '../lib/address.ts';
import { useKeys } from '../lib/keys.ts';
import { KEYS } from '../live/cache.ts';
import { NotFound } from '../parts/NotFound.tsx';
import { Coming } from '../parts/Panel.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import { namedAxes } from '../words/axes.ts';
import { saveStrategy, trying } from './acts.ts';
import { FIELDS } from './address.ts';
import { Announced } from './Announced.tsx';
import { CancelledBand, FailedBand } from './bands/EndedBand.tsx';
import { ProgressBand } from './bands/ProgressBand.tsx';
import { WaitingBand } from './bands/WaitingBand.tsx';
import { BestVariants } from './best/BestVariants.tsx';
import { CandlesPanel, HowItRanPanel } from './facts/Facts.tsx';
import { JobHead } from './head/JobHead.tsx';
import { requestOf, statusOf, topOf } from './queries.ts';
import { VerdictBand } from './verdict/VerdictBand.tsx';
import './job.css';
import './band.css';
import './verdict.css';
import './best.css';

const slot = (name: 'Landscape' | 'Parameters' | 'WhereTheBestLive' | 'AllScores') =>
  lazy(() => import('./explored.ts').then((all) => ({ default: all[name] })));
const Landscape = slot('Landscape');
const Parameters = slot('Parameters');
const WhereTheBestLive = slot('WhereTheBestLive');
const AllScores = slot('AllScores');

export default function JobPage(): JSX.Element {
  const { job_id } = useParams<{ job_id: string }>();
  const status = useQuery(statusOf(job_id));
  // Asked for at once, beside the status.
  usePrefetchQuery(requestOf(job_id));
  usePrefetchInfiniteQuery(topOf(job_id));
  if (status.error instanceof ApiError && [400, 403, 404, 422].includes(status.error.status)) {
    return <NotFound what="There is no such job." />;
  }
  if (status.data !== undefined) return <Job key={job_id} job={status.data} readAtMs={status.dataUpdatedAt} />;
  if (status.error) {
    return (
      <section className="panel" aria-label="Job">
        <Trouble what="The job could not be read" error={status.error} onRetry={() => void status.refetch()} />
      </section>
    );
  }
  return (
    <div className="job-coming" aria-busy="true" aria-label="The job is coming">
      <Coming height={60} />
      <Coming height={394} />
      <Coming height={420} />
    </div>
  );
}

interface JobProps {
  readonly job: Schemas['JobStatus'];
  readonly readAtMs: number;
}

function Job({ job, readAtMs }: JobProps): JSX.Element {
  const [{ why, focus }, change] = useAddress(FIELDS);
  const { data: request } = useQuery(requestOf(job.job_id));
  const { data: top } = useInfiniteQuery(topOf(job.job_id));
  useWhatFollows(job);
  const axes = useMemo(() => (request === undefined ? [] : namedAxes(request)), [request]);
  const row = top?.pages[0]?.items[0];
  const turnNumbers = (): void => change({ why: !why });
  useKeys({ w: () => job.verdict !== null && turnNumbers() });
  const save = (): void => {
    if (request !== undefined && row !== undefined) void trying(() => saveStrategy(job, request, row));
  };
  const common = { job, request, axes, row };
  return (
    <>
      <title>{`${nameOf(job)} · Backtest Jobs`}</title>
      <Announced job={job} />
      <JobHead job={job} request={request} />
      {job.verdict !== null ? (
        <VerdictBand
          job={job}
          verdict={job.verdict}
          axes={axes}
          row={row}
          isOpen={why}
          onNumbers={turnNumbers}
          onSave={save}
        />
      ) : (
        <BandOf {...common} readAtMs={readAtMs} />
      )}
      <div className="job-grid" data-focus={focus}>
        <div className="place-top">
          <BestVariants job={job} axes={axes} />
        </div>
        {request !== undefined && (
          <Suspense>
            <div className="place-parameters">
              <Parameters job={job} request={request} />
            </div>
            <div className="place-landscape">
              <Landscape job={job} request={request} />
            </div>
            <div className="place-where">
              <WhereTheBestLive job={job} request={request} />
            </div>
            <div className="place-scores">
              <AllScores job={job} request={request} />
            </div>
          </Suspense>
        )}
      </div>
      <div className="job-facts">
        <CandlesPanel job={job} />
        <HowItRanPanel job={job} request={request} />
      </div>
    </>
  );
}

/** Asks anew for what changes with the state of a job, whichever way the page learned of it. */
function useWhatFollows({ job_id, state }: Schemas['JobStatus']): void {
  const known = useRef(state);
  useEffect(() => {
    if (known.current === state) return;
    known.current = state;
    void cache.invalidateQueries({ queryKey: KEYS.top(job_id) });
    void cache.invalidateQueries({ queryKey: KEYS.attempts(job_id) });
  }, [job_id, state]);
}

type BandOfProps = Parameters<typeof ProgressBand>[0] & { readonly readAtMs: number };

function BandOf({ readAtMs, ...common }: BandOfProps): JSX.Element {
  const { job } = common;
  if (job.state === 'failed') return <FailedBand {...common} />;
  if (job.state === 'cancelled') return <CancelledBand {...common} />;
  const isWaiting = job.waiting_for_worker_seconds !== null || job.waiting_for !== null;
  if (job.state === 'queued' || (!hasEnded(job) && isWaiting)) return <WaitingBand {...common} readAtMs={readAtMs} />;
  return <ProgressBand {...common} />;
}
