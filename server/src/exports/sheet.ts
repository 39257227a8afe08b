// A table that is exported: columns with their types, and rows that come in batches, so that none of it is in memory as a whole.

export type ColumnType = 'text' | 'number' | 'whole' | 'instant';

export interface SheetColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** A cell: text, a number (infinite ones too), an instant in epoch milliseconds, or nothing. */
export type Cell = string | number | null;
export type SheetRow = readonly Cell[];

export interface Sheet {
  readonly columns: readonly SheetColumn[];
  /** Of at most SHEET_ROWS rows each. */
  readonly batches: AsyncGenerator<readonly SheetRow[], void>;
}

/** Rows of a batch, which DuckDB takes no more of at once. */
export const SHEET_ROWS = 2048;

/** Cuts rows into batches. */
export async function* inBatches(
  rows: AsyncIterable<SheetRow> | Iterable<SheetRow>,
): AsyncGenerator<readonly SheetRow[], void> {
  let batch: SheetRow[] = [];
  for await (const row of rows) {
    if (batch.push(row) < SHEET_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
