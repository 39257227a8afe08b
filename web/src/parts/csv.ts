// A table as a CSV file.

export type Cell = number | string | null;

export interface Column {
  readonly name: string;
  /** Writes a cell of it in the table; without it a text stands as it is. */
  readonly format?: (value: Cell) => string;
}

/** The numbers behind a chart. */
export interface Table {
  readonly title: string;
  /** Name of the file without its ending. */
  readonly file: string;
  readonly columns: readonly Column[];
  /** Number of rows. */
  readonly length: number;
  /** NaN and null: there is none. */
  readonly cell: (row: number, column: number) => Cell;
}

/** Writes a table with all digits of its numbers; infinities are `inf` and `-inf`, as in exports of the server. */
export function csvOf({ columns, length, cell }: Pick<Table, 'columns' | 'length' | 'cell'>): string {
  const lines = [columns.map(({ name }) => csvCell(name)).join(',')];
  for (let row = 0; row < length; row += 1) lines.push(columns.map((_, at) => csvCell(cell(row, at))).join(','));
  return `${lines.join('\n')}\n`;
}

function csvCell(value: Cell): string {
  if (value === null || Number.isNaN(value)) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : value > 0 ? 'inf' : '-inf';
  // A spreadsheet would run a text that begins like a formula.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Returns the rows in the order of a column; what has no value is last either way. */
export function sortedRows({ length, cell }: Table, column: number, descending: boolean): Uint32Array {
  const rows = Uint32Array.from({ length }, (_, row) => row);
  const sign = descending ? -1 : 1;
  return rows.sort((a, b) => sign * compare(cell(a, column), cell(b, column), sign) || a - b);
}

function compare(a: Cell, b: Cell, sign: number): number {
  const [noA, noB] = [a === null || Number.isNaN(a), b === null || Number.isNaN(b)];
  if (noA || noB) return sign * (Number(noA) - Number(noB));
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : Number(a > b);
  return String(a).localeCompare(String(b), 'en');
}
