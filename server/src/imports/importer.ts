// The importer of candle files that users have sent, away from the event loop of the API: one child process, one file at a time,
// whatever the files unpack to. It judges a file, or makes it part of the store; killed at any moment it has done all or nothing.

import { SpecError, type Problem } from '@backtest-jobs/engine';
import { specError } from '@backtest-jobs/engine/internal';
import type { ImportOptions, ImportReport } from '../candles/import.ts';
import type { Range } from '../candles/source.ts';
import { openProcessPool, OutOfTime } from '../reports/process-pool.ts';

/** What a file is said to hold, and how it is to be read. */
export type ImportWish = Pick<
  ImportOptions,
  'market_id' | 'interval' | 'columns' | 'timeUnit' | 'skipLines' | 'timezone' | 'adjust'
> & { readonly symbol: string };

export interface ImportQuestion {
  readonly wish: ImportWish;
  /** Folder of the store. */
  readonly store: string;
  readonly calendar: 'continuous' | 'session';
  /** Folder of the file, and its name there. */
  readonly folder: string;
  readonly file: string;
  /** `judge` writes nothing; `add` fails where a bar would be replaced. */
  readonly how: 'judge' | 'add' | 'replace';
}

export interface Imported {
  readonly report: ImportReport;
  readonly changed: readonly Range[];
}

export type ImportAnswer = Imported | { readonly problems: readonly Problem[] } | { readonly error: string };

export interface Importer extends AsyncDisposable {
  /** Rejects with SpecError for what is wrong with the file, or at the deadline. */
  take(question: ImportQuestion, signal: AbortSignal): Promise<Imported>;
}

/** Twenty million rows, the most there may be, take half a minute. */
const DEADLINE_MS = 120_000;
/** Then the memory of the last file goes, two gigabytes at most. */
const IDLE_MS = 10_000;

export function openImporter(deadlineMs = DEADLINE_MS): Importer {
  const pool = openProcessPool<ImportQuestion, ImportAnswer>({
    module: '../imports/importer-child.ts',
    processes: 1,
    deadlineMs,
    idleMs: IDLE_MS,
  });
  return {
    async take(question, signal) {
      const answer = await pool.ask(question, signal).catch((error: unknown) => {
        throw error instanceof OutOfTime
          ? specError('file', 'too_slow', `reading it ${error.message}: split it`)
          : error;
      });
      if ('problems' in answer) throw new SpecError(answer.problems);
      if ('error' in answer) throw new Error(answer.error);
      return answer;
    },
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}
