// The list of jobs: what runs, what was found, and what decided whether to believe it.

import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState, type JSX, type RefObject } from 'react';
import { useLocation } from 'wouter';
import { useAddress } from '../lib/address.ts';
import { useKeys } from '../lib/keys.ts';
import { oneOf, text, type Values } from '../lib/search.ts';
import { useStore } from '../lib/store.ts';
import { AsOf, type AsOfProps } from '../parts/AsOf.tsx';
import { deleteLater, leaving } from '../parts/delete-later.ts';
import { say } from '../parts/notices.tsx';
import { SearchBox } from '../parts/SearchBox.tsx';
import { Segments } from '../parts/Segments.tsx';
import { Sentinel } from '../parts/Sentinel.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import { ChosenBar } from './ChosenBar.tsx';
import { useHeldRows } from './held.ts';
import { hasEnded, type Job } from './job-words.ts';
import { JobsTable } from './JobsTable.tsx';
import { NoJobs } from './NoJobs.tsx';
import { deleteJob, listJobs } from './queries.ts';
import './jobs.css';

const FIELDS = {
  state: oneOf(['all', 'queued', 'running', 'succeeded', 'failed', 'cancelled'], 'all'),
  q: text(),
};

const STATES = [
  ['all', 'All'],
  ['queued', 'Queued'],
  ['running', 'Running'],
  ['succeeded', 'Done'],
  ['failed', 'Failed'],
  ['cancelled', 'Cancelled'],
] as const;

const idOf = ({ job_id }: Job): string => job_id;

export default function JobsPage(): JSX.Element {
  const [{ state, q }, change] = useAddress(FIELDS);
  const asked = useInfiniteQuery(listJobs({ state, q }));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isOver, setOver] = useState(false);
  const gone = useStore(leaving);
  const [current, setCurrent] = useState(-1);
  const all = useMemo(() => asked.data?.pages.flatMap(({ items }) => items) ?? [], [asked.data]);
  // The rows of the filter before stand until those of the new one are there.
  const listName = asked.isPlaceholderData ? '' : `${state} ${q}`;
  const { rows: held, waiting } = useHeldRows(listName, all, isOver || chosen.size > 0, idOf);
  const rows = held.filter(({ job_id }) => !gone.has(job_id));
  const search = useRef<HTMLInputElement>(null);
  const [, navigate] = useLocation();

  const toggle = (job_id: string): void => setChosen((before) => before.symmetricDifference(new Set([job_id])));
  const leave = (ids: readonly string[]): void => {
    const away = deleteLater({ ids, deleteOne: deleteJob });
    say(ids.length === 1 ? 'The job is deleted.' : `${ids.length} jobs are deleted.`, away.undo);
    setChosen(new Set());
  };
  const compare = (): void => navigate(compareAddress(rows.filter(({ job_id }) => chosen.has(job_id))));

  useKeys({
    '/': () => search.current?.focus(),
    j: () => setCurrent((at) => Math.min(rows.length - 1, at + 1)),
    k: () => setCurrent((at) => Math.max(0, at - 1)),
    Enter: () => rows[current] && navigate(`/jobs/${rows[current].job_id}`),
    x: () => rows[current] && toggle(rows[current].job_id),
    c: () => chosen.size > 0 && compare(),
    Escape: () => setChosen(new Set()),
  });

  const chosenEnded = rows.filter((job) => chosen.has(job.job_id) && hasEnded(job));
  return (
    <>
      <JobsHead state={state} q={q} search={search} asked={asked} change={change} />
      {chosen.size > 0 && (
        <ChosenBar
          count={chosen.size}
          ended={chosenEnded.length}
          onCompare={compare}
          onDelete={() => leave(chosenEnded.map(idOf))}
          onClear={() => setChosen(new Set())}
        />
      )}
      {asked.error && rows.length === 0 ? (
        <div className="panel">
          <Trouble what="The jobs could not be read" error={asked.error} onRetry={() => void asked.refetch()} />
        </div>
      ) : rows.length === 0 && !asked.isPending ? (
        <NoJobs isFiltered={state !== 'all' || q !== ''} asked={q} onShowAll={() => change({ state: 'all', q: '' })} />
      ) : (
        <div className="held" onPointerEnter={() => setOver(true)} onPointerLeave={() => setOver(false)}>
          {waiting > 0 && (
            <Pill
              waiting={waiting}
              onShow={() => {
                setOver(false);
                setChosen(new Set());
              }}
            />
          )}
          <div className="panel jobs" aria-busy={asked.isPlaceholderData}>
            <JobsTable
              rows={rows}
              chosen={chosen}
              current={current}
              onChoose={toggle}
              onDelete={(job_id) => leave([job_id])}
            />
            {asked.hasNextPage && <Sentinel onSeen={() => void asked.fetchNextPage()} />}
          </div>
        </div>
      )}
    </>
  );
}

type Filter = Values<typeof FIELDS>;

interface JobsHeadProps extends Filter {
  readonly search: RefObject<HTMLInputElement | null>;
  readonly asked: AsOfProps['asked'];
  readonly change: (changes: Partial<Filter>, how?: { readonly push?: boolean }) => void;
}

function JobsHead({ state, q, search, asked, change }: JobsHeadProps): JSX.Element {
  return (
    <div className="head">
      <h1>Jobs</h1>
      <AsOf asked={asked} />
      <div className="acts">
        <Segments
          label="State"
          value={state}
          options={STATES}
          onChange={(next) => change({ state: next }, { push: true })}
        />
        <SearchBox
          input={search}
          label="Search by name or symbol"
          hint="Name, symbol"
          value={q}
          onChange={(next) => change({ q: next })}
        />
      </div>
    </div>
  );
}

function compareAddress(jobs: readonly Job[]): string {
  const best = jobs.filter((job) => job.best !== null).slice(0, 8);
  return `/compare?v=${best.map((job) => `${job.job_id}.${job.best?.variant_index}`).join(',')}`;
}

/** Says that rows wait, and lets them in. */
function Pill({ waiting, onShow }: { readonly waiting: number; readonly onShow: () => void }): JSX.Element {
  return (
    <button type="button" className="btn small pill" onClick={onShow}>
      {waiting} new {waiting === 1 ? 'job' : 'jobs'}
    </button>
  );
}
