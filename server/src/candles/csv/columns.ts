// The columns of a file, found by the names that files really use, or as the caller says, by name or by number.

import { COLUMNS, specError } from '@backtest-jobs/engine/internal';

export type ColumnName = (typeof COLUMNS)[number];

/** Columns as the caller names them: a name in the header or a number from 1; the volume may be `none`. */
export type ColumnChoice = Readonly<Partial<Record<ColumnName, string>>>;

/** Position of a volume that is not there: every bar has 0. */
const NO_COLUMN = -1;

const NAMES: Readonly<Record<ColumnName, readonly string[]>> = {
  time: ['time', 'ts', 'ts_open', 'timestamp', 'date', 'datetime', 'open_time', 'open time', 'unix', 't'],
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c'],
  volume: ['volume', 'volume_base', 'vol', 'v'],
};

/** Finds the position of each of COLUMNS among the names in a file, whatever their case; throws SpecError. */
export function findColumns(names: readonly string[], file: string, choice: ColumnChoice = {}): readonly number[] {
  const lower = names.map((name) => name.trim().toLowerCase());
  const missing: string[] = [];
  const positions = COLUMNS.map((column) => {
    const chosen = choice[column];
    if (chosen !== undefined) return chosenPosition(column, chosen, lower, file);
    const found = lower.flatMap((name, position) => (NAMES[column].includes(name) ? [position] : []));
    if (found.length > 1) {
      const both = found.map((position) => names[position]?.trim()).join(' and ');
      const message = `${both} could both be the ${column}: say which with --${column}-column`;
      throw specError(file, 'ambiguous_column', message);
    }
    if (found[0] === undefined) missing.push(NAMES[column].slice(0, 3).join(' or '));
    return found[0] ?? NO_COLUMN;
  });
  if (missing.length === 0) return positions;
  const there = names.length === 0 ? 'nothing' : names.slice(0, 20).join(', ').slice(0, 200);
  throw specError(
    file,
    'missing_column',
    `the columns must be named, and there is no ${missing.join(', no ')} among: ${there}; say which is which with --time-column, --open-column, ...`,
  );
}

/**
 * Returns the columns of a file without a header: as the archives of exchanges have them (open time, open, high, low,
 * close, volume, whatever follows), or by the numbers that were given.
 */
export function positionsWithoutHeader(choice: ColumnChoice): readonly number[] {
  return COLUMNS.map((column, c) => {
    const chosen = choice[column];
    if (chosen === undefined) return c;
    return column === 'volume' && chosen === 'none' ? NO_COLUMN : numbered(chosen);
  });
}

/** Reports whether a column is named: then there must be a header. */
export function namesColumns(choice: ColumnChoice): boolean {
  return Object.entries(choice).some(([column, chosen]) => {
    return Number.isNaN(numbered(chosen)) && !(column === 'volume' && chosen === 'none');
  });
}

function chosenPosition(column: ColumnName, chosen: string, lower: readonly string[], file: string): number {
  const named = lower.indexOf(chosen.trim().toLowerCase());
  if (named >= 0) return named;
  if (column === 'volume' && chosen === 'none') return NO_COLUMN;
  const position = numbered(chosen);
  if (position < lower.length) return position;
  const message = `has no column ${JSON.stringify(chosen.slice(0, 40))} for the ${column} among: ${lower.slice(0, 20).join(', ').slice(0, 200)}`;
  throw specError(file, 'missing_column', message);
}

/** Reads a number from 1, as people count; NaN for anything else. */
function numbered(chosen: string): number {
  return /^[1-9]\d{0,3}$/.test(chosen) ? Number(chosen) - 1 : Number.NaN;
}
