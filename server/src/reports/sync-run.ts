// Searches whose client waits for the result: each in a child process that a deadline or the client's leaving ends. Nothing of
// them is stored.

import type { Spec, SpecError } from '@backtest-jobs/engine';
import { specError } from '@backtest-jobs/engine/internal';
import type { SourceSettings } from '../config/settings.ts';
import type { ToAnswerer } from './answer-questions.ts';
import { errorOf, type NoAnswer } from './no-answer.ts';
import { openProcessPool, OutOfTime } from './process-pool.ts';

/** Searches at once; as many may be asked for, so that none waits. */
export const SYNC_RUNS = 2;

/** Whoever tries specs asks again soon, and a search may have taken gigabytes. */
const IDLE_MS = 60_000;

export interface RunQuestion {
  readonly spec: Spec;
  readonly threads: number;
  /** Members of the reply that come before the result. */
  readonly head: object;
}

type RunAnswer = { readonly json: Uint8Array<ArrayBuffer> } | NoAnswer;

export interface SyncRuns extends AsyncDisposable {
  /** The result as JSON. Rejects with SpecError: for what is wrong with the spec, or when the deadline passes. */
  run(question: RunQuestion, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

export function openSyncRuns(settings: SourceSettings, deadlineSeconds: number): SyncRuns {
  const pool = openProcessPool<ToAnswerer<RunQuestion>, RunAnswer>({
    module: './sync-run-child.ts',
    processes: SYNC_RUNS,
    deadlineMs: deadlineSeconds * 1000,
    idleMs: IDLE_MS,
    greeting: { settings },
  });
  return {
    async run(question, signal) {
      const answer = await pool.ask({ question }, signal).catch((error: unknown) => {
        throw error instanceof OutOfTime ? tooSlow(error.message) : error;
      });
      if ('json' in answer) return answer.json;
      throw errorOf(answer);
    },
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

/** Makes the error of a search that takes too long to wait for. */
export function tooSlow(takes: string): SpecError {
  return specError('', 'too_slow', `the search ${takes}: submit it as a job (POST /backtests/jobs), or search less`);
}
