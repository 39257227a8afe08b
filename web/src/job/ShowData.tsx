// The numbers of a drawing as a table, with a file of them.

import { useState, type JSX } from 'react';
import { DialogBox } from '../parts/DialogBox.tsx';
import { Sign } from '../parts/Sign.tsx';
import { decimal } from '../words/format.ts';
import { toCsv, type Cell } from './csv.ts';

interface ShowDataProps {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export function ShowData(props: ShowDataProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="btn quiet icon small"
        aria-label={`Show data: ${props.title}`}
        onClick={() => setOpen(true)}
      >
        <Sign name="table" />
      </button>
      {isOpen && <DataBox {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function DataBox({ title, head, rows, onClose }: ShowDataProps & { readonly onClose: () => void }): JSX.Element {
  const save = (): void => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([toCsv(head, rows)], { type: 'text/csv' }));
    link.download = `${title}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <DialogBox title={title} onClose={onClose}>
      <div className="data-scroll" tabIndex={0} role="region" aria-label={title}>
        <table className="numbers">
          <thead>
            <tr>
              {head.map((one) => (
                <th key={one} scope="col" className="n">
                  {one}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={`${at} ${String(row[0])}`}>
                {row.map((cell, place) => (
                  <td key={head[place]} className="n">
                    {typeof cell === 'number' ? decimal(cell, Number.isInteger(cell) ? 0 : 4) : (cell ?? '')}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="acts">
        <button type="button" className="btn" onClick={save}>
          Save as CSV
        </button>
        <button type="button" className="btn" onClick={onClose}>
          Close
        </button>
      </div>
    </DialogBox>
  );
}
