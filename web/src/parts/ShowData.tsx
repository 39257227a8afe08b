// Every chart shows its numbers as a table, and gives them as a file.

import { lazy, Suspense, useState, type JSX } from 'react';
import type { Table } from './csv.ts';
import { Sign } from './Sign.tsx';

const DataBox = lazy(() => import('./DataBox.tsx').then((all) => ({ default: all.DataBox })));

interface ShowDataProps {
  /** What the chart shows, for the label: "the landscape". */
  readonly what: string;
  /** Makes the table, when it is asked for; null: there is nothing to show yet. */
  readonly table: (() => Table) | null;
}

export function ShowData({ what, table }: ShowDataProps): JSX.Element {
  const [shown, show] = useState<Table | null>(null);
  return (
    <>
      <button
        type="button"
        className="btn quiet small icon"
        aria-label={`Show data of ${what}`}
        title="Show data"
        data-show-data
        disabled={table === null}
        onClick={() => show(table?.() ?? null)}
      >
        <Sign name="table" />
      </button>
      {shown !== null && (
        <Suspense>
          <DataBox table={shown} onClose={() => show(null)} />
        </Suspense>
      )}
    </>
  );
}
