// New job: while the form is filled in it tells what the search will cost, and whether its answer can be believed.

import { useQuery } from '@tanstack/react-query';
import { useMemo, type JSX } from 'react';
import { useAddress } from '../lib/address.ts';
import { byName, oneOf, text } from '../lib/search.ts';
import { Coming } from '../parts/Panel.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import { derivedFrom, firstDraft, strategyDraft, wishKey, type Parent } from './draft/begin.ts';
import type { BoundsOf } from './draft/derive.ts';
import type { Draft } from './draft/draft.ts';
import { keptDraft } from './draft/storage.ts';
import { JobForm } from './JobForm.tsx';
import { findInstruments, readCatalogue, readParent, readRuntime, type Catalogue } from './queries.ts';
import './new-job.css';

const FIELDS = {
  from: text(),
  refine: text(),
  box: byName(),
  widen: text(),
  validate: oneOf(['', 'holdout', 'walk_forward'], ''),
  strategy: text(),
  mode: oneOf(['', 'indicators', 'rules', 'saved', 'yaml'], ''),
};

export default function NewJobPage(): JSX.Element {
  const [{ mode, ...wish }, change] = useAddress(FIELDS);
  const made = wishKey(wish);
  const runtime = useQuery(readRuntime);
  const catalogue = useQuery(readCatalogue);
  const instruments = useQuery(findInstruments(''));
  const kept = useMemo(() => keptDraft(made), [made]);
  const isAsked = kept === null && wish.from !== '';
  const parent = useQuery(readParent(isAsked ? wish.from : null));
  const failed = [runtime, catalogue, instruments, parent].find(({ error }) => error !== null);
  const items = instruments.data?.items;
  const isReady = runtime.data && catalogue.data && items && (!isAsked || parent.data);
  if (failed !== undefined) {
    const what =
      failed === parent ? 'The job that this one is made from could not be read' : 'The form could not be opened';
    return (
      <section className="panel" aria-label="Failed">
        <Trouble what={what} error={failed.error} onRetry={() => void failed.refetch()} />
      </section>
    );
  }
  if (!isReady) return <Opening />;
  const begin = (): Draft => {
    if (isAsked && parent.data) return derivedFrom(parentOf(parent.data), wish, boundsIn(catalogue.data));
    return wish.strategy === '' ? firstDraft(items[0]) : strategyDraft(wish.strategy, items[0]);
  };
  return (
    <JobForm
      key={made}
      made={made}
      first={kept ?? begin()}
      anew={() => firstDraft(items[0])}
      mode={mode}
      onMode={(next) => change({ mode: next })}
      runtime={runtime.data}
      catalogue={catalogue.data}
      instruments={items}
    />
  );
}

/** The frame of the page while what it needs is read. */
function Opening(): JSX.Element {
  return (
    <>
      <div className="head">
        <div className="title">
          <h1>New job</h1>
          <p className="about">A grid of parameters, searched as a job that survives anything.</p>
        </div>
      </div>
      <div className="new-grid" aria-busy="true">
        <Coming height={900} />
        <Coming height={620} />
      </div>
    </>
  );
}

type Read = Awaited<ReturnType<NonNullable<ReturnType<typeof readParent>['queryFn']>>>;

function parentOf({ request, status }: { readonly request: Read['request']; readonly status: Read['status'] }): Parent {
  return {
    job_id: request.job_id,
    name: status.name ?? '',
    trials: status.verdict_summary?.trials ?? null,
    spec: request.spec,
    axes: request.axes,
    risk_axes: request.risk_axes,
    risk_settings: request.risk_settings,
    plateau: status.verdict?.plateau?.variant_index ?? null,
    best: status.best?.variant_index ?? null,
  };
}

/** Bounds of stops, as the engine has them, for an axis that is widened. */
const STOPS: Readonly<Record<string, { readonly min: number; readonly max: number }>> = {
  sl: { min: 0.01, max: 99 },
  tp: { min: 0.01, max: Infinity },
  trail: { min: 0.01, max: 99 },
  max_bars: { min: 1, max: Infinity },
};

function boundsIn(catalogue: Catalogue): BoundsOf {
  return ({ key, indicator_id, name }) => {
    if (indicator_id === undefined) return STOPS[key] ?? null;
    const row = catalogue.find((one) => one.indicator_id === indicator_id);
    const params = [...(row?.params ?? []), ...(row?.signal_params ?? [])];
    const param = params.find((one) => one.name === name);
    return param !== undefined && 'min' in param ? param : null;
  };
}
