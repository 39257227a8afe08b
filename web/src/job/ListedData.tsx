import type { JSX } from 'react';
import type { Cell } from '../parts/csv.ts';
import { ShowData } from '../parts/ShowData.tsx';

export interface ListedDataProps {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Shows the numbers of a drawing that are a short list at hand. */
export function ListedData({ title, head, rows }: ListedDataProps): JSX.Element {
  return (
    <ShowData
      what={title}
      table={() => ({
        title,
        file: title.toLowerCase().replaceAll(' ', '-'),
        columns: head.map((name) => ({ name })),
        length: rows.length,
        cell: (row, column) => rows[row]?.[column] ?? null,
      })}
    />
  );
}
