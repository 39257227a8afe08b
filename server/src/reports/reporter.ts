// Variant reports away from the event loop of the API: a child process reads the candles, runs the variant and writes
// the JSON, so that serving a report costs the API no more than sending bytes. Whoever hangs up kills it, and the next
// question starts another. A thread would be lighter, but one that is ended while DuckDB works in it takes the whole
// process down.

import type { Spec, Which } from '@backtest-jobs/engine';
import type { SourceSettings } from '../config/settings.ts';
import type { ToAnswerer } from './answer-questions.ts';
import { errorOf, type NoAnswer } from './no-answer.ts';
import type { FoundSearch } from './page-data.ts';
import { openProcessPool } from './process-pool.ts';

export interface ReportQuestion {
  readonly spec: Spec;
  readonly which: Which;
  /** At most so many rows of the plot series; null: one a bar. */
  readonly points: number | null;
  /** The job it is a variant of, with the digest of the candles it ran on. */
  readonly job: {
    readonly job_id: string;
    readonly data_digest: string | null;
    readonly engine_version: string | null;
  } | null;
}

/** Asks for the report page of a search or of one variant. */
export interface PageQuestion {
  readonly spec: Spec;
  /** The best, or the variant that was asked for; null: nothing was ranked. */
  readonly which: Which | null;
  readonly found: FoundSearch;
}

type ReportAnswer = { readonly bytes: Uint8Array<ArrayBuffer> } | NoAnswer;

export interface VariantReports extends AsyncDisposable {
  /** Where the candles are. */
  readonly settings: SourceSettings;
  /** The report as JSON. Rejects with SpecError for what is wrong with the question, with OutOfTime at the deadline. */
  report(question: ReportQuestion, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** The page as HTML. Rejects as `report` does. */
  page(question: PageQuestion, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

/** A client waits 30 s. */
const DEADLINE_MS = 25_000;
const PROCESSES = 2;

export function openVariantReports(settings: SourceSettings, deadlineMs = DEADLINE_MS): VariantReports {
  const pool = openProcessPool<ToAnswerer<ReportQuestion | PageQuestion>, ReportAnswer>({
    module: './reporter-child.ts',
    processes: PROCESSES,
    deadlineMs,
    greeting: { settings },
  });
  const ask = async (
    question: ReportQuestion | PageQuestion,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> => {
    const answer = await pool.ask({ question }, signal);
    if ('bytes' in answer) return answer.bytes;
    throw errorOf(answer);
  };
  return {
    settings,
    report: ask,
    page: ask,
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}
