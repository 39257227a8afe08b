// Variant reports away from the event loop of the API: one child process reads the candles, runs the variant and writes
// the JSON, so that serving a report costs the API no more than sending bytes. It starts with the first question and stays,
// one question after the other; whoever hangs up kills it, and the next question starts another. A thread would be lighter,
// but one that is ended while DuckDB works in it takes the whole process down.

import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SpecError, type Problem, type Spec, type Which } from '@backtest-jobs/engine';
import { CandlesUnreachable } from '../candles/source.ts';
import { childEnvironment } from '../config/child-environment.ts';
import type { SourceSettings } from '../config/settings.ts';

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

export type ToReporter = { readonly settings: SourceSettings } | { readonly question: ReportQuestion };

export type ReportAnswer =
  | { readonly json: Uint8Array<ArrayBuffer> }
  | { readonly problems: readonly Problem[] }
  | { readonly unreachable: string }
  | { readonly error: unknown };

export interface VariantReports extends AsyncDisposable {
  /** The report as JSON. Rejects with SpecError for what is wrong with the question. */
  report(question: ReportQuestion, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

export function openVariantReports(settings: SourceSettings): VariantReports {
  let reporter: ChildProcess | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  const start = (): ChildProcess => {
    const started = fork(fileURLToPath(new URL('./reporter-child.ts', import.meta.url)), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: childEnvironment(),
    });
    const forget = (): void => {
      if (reporter === started) reporter = null;
    };
    started.on('exit', forget).on('error', forget); // a process that never came to be has no exit
    tell(started, { settings });
    return started;
  };
  return {
    report(question, signal) {
      const mine = turn.then(async () => {
        signal.throwIfAborted();
        reporter ??= start();
        return ask(reporter, question, signal);
      });
      turn = mine.catch(() => {});
      return mine;
    },
    async [Symbol.asyncDispose]() {
      if (reporter === null) return;
      const gone = new Promise((resolve) => reporter?.once('exit', resolve));
      reporter.kill('SIGKILL');
      await gone;
    },
  };
}

function ask(reporter: ChildProcess, question: ReportQuestion, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      reporter.off('message', onMessage).off('error', onError).off('exit', onExit);
      signal.removeEventListener('abort', onAbort);
      reporter.unref(); // while nobody asks it keeps no process alive
      reporter.channel?.unref();
      act();
    };
    const onMessage = (answer: ReportAnswer): void => {
      if (reporter.killed) return; // it was on its way; the next question must not go where this one's end comes from
      settle(() => {
        if ('json' in answer) resolve(answer.json);
        else reject(errorOf(answer));
      });
    };
    const onError = (error: Error): void => settle(() => reject(error));
    const onExit = (code: number | null, killed: string | null): void =>
      settle(() => reject(signal.aborted ? signal.reason : new Error(`the reporter ended with ${killed ?? code}`)));
    const onAbort = (): void => void reporter.kill('SIGKILL');
    reporter.ref();
    reporter.channel?.ref();
    reporter.on('message', onMessage).on('error', onError).on('exit', onExit);
    signal.addEventListener('abort', onAbort, { once: true });
    tell(reporter, { question });
  });
}

/** A message that comes too late is told by the exit. */
function tell(reporter: ChildProcess, message: ToReporter): void {
  reporter.send(message, () => {});
}

function errorOf(answer: Exclude<ReportAnswer, { readonly json: unknown }>): unknown {
  if ('problems' in answer) return new SpecError(answer.problems);
  return 'unreachable' in answer ? new CandlesUnreachable(answer.unreachable) : answer.error;
}
