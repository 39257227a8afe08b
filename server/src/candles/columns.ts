// Which column of a file is which, by the names files really use.
import { COLUMNS, specError } from '@backtest-jobs/engine';

const NAMES: Readonly<Record<(typeof COLUMNS)[number], readonly string[]>> = {
  time: ['time', 'ts', 'ts_open', 'timestamp', 'date'],
  open: ['open'],
  high: ['high'],
  low: ['low'],
  close: ['close'],
  volume: ['volume', 'volume_base'],
};

/** The position of each of COLUMNS among the names in a file, whatever their case; throws SpecError. */
export function findColumns(names: readonly string[], file: string): readonly number[] {
  const lower = names.map((name) => name.trim().toLowerCase());
  const missing: string[] = [];
  const positions = COLUMNS.map((column) => {
    const found = lower.flatMap((name, position) => (NAMES[column].includes(name) ? [position] : []));
    if (found.length > 1) {
      const both = found.map((position) => names[position]?.trim()).join(' and ');
      throw specError(file, 'ambiguous_column', `${both} could both be the ${column}: keep one of them`);
    }
    if (found[0] === undefined) missing.push(NAMES[column].join(' or '));
    return found[0] ?? -1;
  });
  if (missing.length === 0) return positions;
  const there = names.length === 0 ? 'nothing' : names.slice(0, 20).join(', ').slice(0, 200);
  throw specError(
    file,
    'missing_column',
    `the columns must be named, and there is no ${missing.join(', no ')} among: ${there}`,
  );
}
