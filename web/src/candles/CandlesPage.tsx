// Which candles there are, and how more come in: a file is judged before anything of it is stored.

import { useQuery } from '@tanstack/react-query';
import { useRef, useState, type JSX } from 'react';
import { useAddress } from '../lib/address.ts';
import { useKeys } from '../lib/keys.ts';
import { text } from '../lib/search.ts';
import { AsOf } from '../parts/AsOf.tsx';
import { Coming, Panel } from '../parts/Panel.tsx';
import { SearchBox } from '../parts/SearchBox.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import { count } from '../words/format.ts';
import { AddCandles } from './AddCandles.tsx';
import './candles.css';
import { useDroppedFile } from './drop.ts';
import { ImportPanel } from './ImportPanel.tsx';
import { listInstruments } from './queries.ts';
import { SeriesTable } from './SeriesTable.tsx';
import { StagedPanel } from './StagedPanel.tsx';

const FIELDS = { q: text(), import: text(), gaps: text() };

export default function CandlesPage(): JSX.Element {
  const [{ q, import: import_id, gaps }, change] = useAddress(FIELDS);
  const asked = useQuery(listInstruments(q));
  const search = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const isOver = useDroppedFile((dropped) => {
    setFile(dropped);
    change({ import: '' });
  });
  useKeys({ '/': () => search.current?.focus() });
  const open = (id: string): void => change({ import: id }, { push: true });
  return (
    <>
      <div className="head">
        <h1>Candles</h1>
        <AsOf asked={asked} />
        <div className="acts">
          <SearchBox
            input={search}
            label="Search by symbol or market"
            hint="Symbol, market"
            value={q}
            onChange={(next) => change({ q: next })}
          />
        </div>
      </div>
      {import_id === '' ? (
        <AddCandles
          file={file}
          isOver={isOver}
          onFile={setFile}
          onSent={(id) => {
            setFile(null);
            open(id);
          }}
        />
      ) : (
        <ImportPanel key={import_id} import_id={import_id} onClose={() => change({ import: '' }, { push: true })} />
      )}
      <StagedPanel except={import_id} onOpen={open} />
      <Panel
        title="Series"
        note={asked.data && (asked.data.total > asked.data.items.length ? someOf(asked.data) : undefined)}
        busy={asked.isPlaceholderData}
        flush
      >
        {asked.data ? (
          <SeriesTable
            instruments={asked.data.items}
            isFiltered={q !== ''}
            open={gaps}
            onOpen={(next) => change({ gaps: next })}
          />
        ) : asked.error ? (
          <Trouble what="The candles could not be listed" error={asked.error} onRetry={() => void asked.refetch()} />
        ) : (
          <Coming height={148} />
        )}
      </Panel>
    </>
  );
}

function someOf({ items, total }: { readonly items: readonly unknown[]; readonly total: number }): string {
  return `${count(items.length)} of ${count(total)} instruments: search for the others`;
}
