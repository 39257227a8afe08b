// Files of other programs that hold candles and are not read: told by their first bytes, each with the way out.

import { basename } from 'node:path';
import { specError } from '@backtest-jobs/engine/internal';

interface Foreign {
  readonly begins: string;
  readonly name: string;
  /** One command that makes a file we read; FILE stands for it. */
  readonly way: string;
}

const PYTHON = (read: string): string => `python3 -c "import pandas; pandas.${read}.to_parquet('FILE.parquet')"`;

const FOREIGN: readonly Foreign[] = [
  { begins: 'ARROW1', name: 'a feather (Arrow) file', way: PYTHON(`read_feather('FILE')`) },
  { begins: 'FEA1', name: 'a feather file', way: PYTHON(`read_feather('FILE')`) },
  { begins: '\u0089HDF', name: 'an HDF5 file', way: PYTHON(`read_hdf('FILE')`) },
  { begins: '\u00d0\u00cf\u0011\u00e0', name: 'an Excel file', way: 'save it as CSV' },
  {
    begins: 'SQLite format 3',
    name: 'an SQLite database',
    way: `sqlite3 -header -csv FILE 'select * from TABLE' > FILE.csv`,
  },
  { begins: '\u00ff\u00fe', name: 'text in UTF-16', way: 'iconv -f UTF-16 -t UTF-8 FILE > FILE.csv' },
  { begins: '\u00fe\u00ff', name: 'text in UTF-16', way: 'iconv -f UTF-16 -t UTF-8 FILE > FILE.csv' },
  { begins: '(\u00b5/\u00fd', name: 'packed with zstd', way: 'zstd -d FILE' },
  { begins: '\u00fd7zXZ', name: 'packed with xz', way: 'xz -dk FILE' },
  { begins: 'BZh', name: 'packed with bzip2', way: 'bzip2 -dk FILE' },
  { begins: '7z\u00bc\u00af', name: 'a 7-Zip archive', way: '7z x FILE' },
  { begins: 'Rar!', name: 'a RAR archive', way: 'unrar x FILE' },
];

/** Bytes that tell them. */
export const FOREIGN_BYTES = 16;

/** Throws SpecError for a file that is of another program, with what to do. */
export function refuseForeign(file: string, begins: string): void {
  const found = FOREIGN.find((one) => begins.startsWith(one.begins));
  if (found === undefined) return;
  const way = found.way.replaceAll('FILE', basename(file).replace(/[^\p{L}\p{N}_.-]/gu, '?'));
  throw specError(
    file,
    'bad_file',
    `is ${found.name}, which is not read: make a file of CSV or Parquet of it, like: ${way}`,
  );
}
