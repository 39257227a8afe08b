// What an import found and would do, line by line, in words.

import type { Schemas } from '@backtest-jobs/client';
import { count, minute } from '../words/format.ts';

type Report = Schemas['ImportReport'];

export interface LedgerLine {
  readonly what: string;
  readonly words: string;
  readonly tone: 'caution' | '';
}

/** Returns the ledger of a file; what did not happen has no line. */
export function ledgerOf(report: Report): readonly LedgerLine[] {
  const { rows, added, replaced, stored, duplicates, revised, gaps, missing, other_rows: others } = report;
  return [
    line('Series', `${report.symbol}, ${report.interval}, ${minute(report.first)} to ${minute(report.last)}`),
    line('Rows read', count(rows) + inFiles(report.files_read)),
    line('New bars', count(added)),
    replaced > 0 && line('Bars replaced', `${count(replaced)}, which are stored with other numbers`, 'caution'),
    added === 0 && replaced === 0 && line('Changes', 'none: the store has all of these bars'),
    line('Bars then', count(stored)),
    gaps !== null && line('Gaps', gapWords(gaps, missing), gaps > 0 ? 'caution' : ''),
    duplicates > 0 && line('Repeated rows', `${count(duplicates)}, number for number the same`),
    revised > 0 && line('Revised bars', `${count(revised)}: two files have them, the later one counts`, 'caution'),
    report.moved.count > 0 && line('Late opens', `${count(report.moved.count)}, put in their place`, 'caution'),
    report.bad.count > 0 && line('Left out', `${count(report.bad.count)} that are no candles`, 'caution'),
    others !== undefined &&
      others > 0 &&
      line('Other rows', `${count(others)} of other symbols or intervals, not read`),
    some(report.left_out) && line('Files not read', report.left_out.join(', '), 'caution'),
    some(report.unused_columns) && line('Columns not used', report.unused_columns.join(', ')),
    some(report.time_units) && line('Times', `epochs in ${report.time_units.join(', ')}`),
  ].filter((one) => one !== false);
}

/** Returns the rows that were left out or moved, with their places in the file. */
export function accidentsOf({ bad, moved }: Report): readonly string[] {
  return [bad, moved].flatMap(({ count: all, shown }) =>
    all > shown.length ? shown.concat(`and ${count(all - shown.length)} more`) : shown,
  );
}

export function gapWords(gaps: number, missing: number | null): string {
  if (gaps === 0) return 'none';
  const bars = missing === null ? '' : `, ${count(missing)} ${missing === 1 ? 'bar' : 'bars'} missing`;
  return `${count(gaps)}${bars}`;
}

/** Guesses the symbol from a name like BTCUSDT-1h-2024-01.zip; empty where it says none. */
export function symbolIn(file: string): string {
  return (
    /^([A-Z0-9^][A-Z0-9.^=]{1,31})(?:[-_.]|$)/.exec(file)?.[1]?.replace(/\.(?:CSV|ZIP|PARQUET|JSON|GZ)$/, '') ?? ''
  );
}

/** Says a size: 812 B, 48 kB, 3.1 MB. */
export function bytesWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Writes the command that imports the same file at a terminal. */
export function importCommand(file: string, { market_id, symbol, interval }: Readonly<Record<string, string>>): string {
  const quoted = /^[\w.^/-]+$/.test(file) ? file : `'${file.replaceAll("'", String.raw`'\''`)}'`;
  const more = interval ? ` --interval ${interval}` : '';
  return `backtest candles import ${quoted} --market ${market_id || '1'} --symbol ${symbol || 'SYMBOL'}${more}`;
}

function line(what: string, words: string, tone: LedgerLine['tone'] = ''): LedgerLine {
  return { what, words, tone };
}

const inFiles = (files: number | undefined): string =>
  files !== undefined && files > 1 ? ` in ${count(files)} files` : '';

const some = (list: readonly string[] | undefined): list is readonly string[] => list !== undefined && list.length > 0;
