// The saved strategies: what each trades, and a job with it.

import { useInfiniteQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'wouter';
import { useAddress } from '../lib/address.ts';
import { text } from '../lib/search.ts';
import { useStore } from '../lib/store.ts';
import { AsOf } from '../parts/AsOf.tsx';
import { deleteLater, leaving } from '../parts/delete-later.ts';
import { say } from '../parts/notices.tsx';
import { Coming, Panel } from '../parts/Panel.tsx';
import { Sentinel } from '../parts/Sentinel.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import { deleteStrategy, listStrategies } from './queries.ts';
import './saved.css';
import { StrategiesTable, type Strategy } from './StrategiesTable.tsx';

const FIELDS = { open: text() };

export default function SavedPage(): JSX.Element {
  const [{ open }, change] = useAddress(FIELDS);
  const asked = useInfiniteQuery(listStrategies);
  const gone = useStore(leaving);
  const all = asked.data?.pages.flatMap(({ items }) => items) ?? [];
  const rows = all.filter(({ strategy_id }) => !gone.has(strategy_id));
  return (
    <>
      <div className="head">
        <h1>Strategies</h1>
        <AsOf asked={asked} />
      </div>
      {asked.data === undefined ? (
        <Panel title="Saved" flush>
          {asked.error ? (
            <Trouble
              what="The strategies could not be listed"
              error={asked.error}
              onRetry={() => void asked.refetch()}
            />
          ) : (
            <Coming height={118} />
          )}
        </Panel>
      ) : rows.length === 0 ? (
        <NoStrategies />
      ) : (
        <Panel title="Saved" note="newest first" flush>
          <StrategiesTable rows={rows} open={open} onOpen={(next) => change({ open: next })} onDelete={leave} />
          {asked.hasNextPage && <Sentinel onSeen={() => void asked.fetchNextPage()} />}
        </Panel>
      )}
    </>
  );
}

function leave({ strategy_id, name }: Strategy): void {
  const away = deleteLater({ ids: [strategy_id], deleteOne: deleteStrategy });
  say(`${name} is deleted. Jobs that used it stay.`, away.undo);
}

function NoStrategies(): JSX.Element {
  return (
    <section className="panel empty" aria-labelledby="no-strategies">
      <h2 id="no-strategies">No strategies yet</h2>
      <p>
        A strategy is what a job trades by, under a name: instrument, rules or indicators, and the values that are
        searched. Save one from a variant that you want to keep, or from the page of a new job.
      </p>
      <p className="acts">
        <Link className="btn" href="/jobs/new">
          New job
        </Link>
        <Link className="btn" href="/jobs">
          Jobs
        </Link>
      </p>
    </section>
  );
}
