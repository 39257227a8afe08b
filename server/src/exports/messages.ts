// What is exported, in which form, and what a child that does it says.

import type { Spec } from '@backtest-jobs/engine';
import type { SourceSettings } from '../config/settings.ts';

export const EXPORTS = ['top', 'trades', 'surface', 'equity'] as const;
export type Exported = (typeof EXPORTS)[number];

/** Forms by name, with their content type and the end of a file name. */
export const FORMATS = {
  csv: { type: 'text/csv; charset=utf-8', end: 'csv' },
  ndjson: { type: 'application/x-ndjson', end: 'ndjson' },
  parquet: { type: 'application/vnd.apache.parquet', end: 'parquet' },
} as const;
export type Format = keyof typeof FORMATS;

export interface ExportQuestion {
  readonly what: Exported;
  readonly format: Format;
  readonly spec: Spec;
  /** Of an equity; null: something else is exported. */
  readonly variant_index: number | null;
  /** Where its candles are. */
  readonly settings: SourceSettings;
  /** Folder for files of this export alone; the parent makes and removes it. */
  readonly folder: string;
}
