// Variant reports away from the event loop of the API: one thread reads the candles, runs the variant and writes the JSON,
// so that serving a report costs the API no more than sending bytes. It starts with the first question and stays, one
// question after the other; whoever hangs up ends it, and the next question starts another.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import {
  loadRange,
  SpecError,
  specError,
  variantReport,
  type Problem,
  type Spec,
  type Which,
} from '@backtest-jobs/engine';
import { openSource, type SourceSettings } from './candles/open.ts';
import { CandlesUnreachable, type CandleSource } from './candles/source.ts';
import { variantJson } from './variant-json.ts';

export interface ReportQuestion {
  readonly spec: Spec;
  readonly which: Which;
  /** At most so many rows of the plot series; null: one a bar. */
  readonly points: number | null;
  /** The job it is a variant of, with the digest of the candles it ran on. */
  readonly job: { readonly job_id: string; readonly data_digest: string | null } | null;
}

export interface VariantReports extends AsyncDisposable {
  /** The report as JSON. Rejects with SpecError for what is wrong with the question. */
  report(question: ReportQuestion, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

/** JSON of more rows than this would be hundreds of megabytes. */
const MOST_ROWS = 1_000_000;

interface Start {
  readonly kind: 'variant-reports';
  readonly settings: SourceSettings;
}

type Answer =
  | { readonly json: Uint8Array<ArrayBuffer> }
  | { readonly problems: readonly Problem[] }
  | { readonly unreachable: string }
  | { readonly error: unknown };

export function openVariantReports(settings: SourceSettings): VariantReports {
  let thread: Worker | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  const start = (): Worker => {
    const started = new Worker(new URL(import.meta.url), {
      workerData: { kind: 'variant-reports', settings } satisfies Start,
    });
    started.once('exit', () => {
      if (thread === started) thread = null;
    });
    return started;
  };
  return {
    report(question, signal) {
      const mine = turn.then(async () => {
        signal.throwIfAborted();
        thread ??= start();
        return ask(thread, question, signal);
      });
      turn = mine.catch(() => {});
      return mine;
    },
    async [Symbol.asyncDispose]() {
      await thread?.terminate();
    },
  };
}

function ask(thread: Worker, question: ReportQuestion, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      thread.off('message', onMessage).off('error', onError).off('exit', onExit);
      signal.removeEventListener('abort', onAbort);
      thread.unref(); // while nobody asks it keeps no process alive
      act();
    };
    const onMessage = (answer: Answer): void =>
      settle(() => {
        if ('json' in answer) resolve(answer.json);
        else reject(errorOf(answer));
      });
    const onError = (error: Error): void => settle(() => reject(error));
    const onExit = (code: number): void =>
      settle(() => reject(signal.aborted ? signal.reason : new Error(`the report thread ended with code ${code}`)));
    const onAbort = (): void => void thread.terminate();
    thread.ref();
    thread.on('message', onMessage).on('error', onError).on('exit', onExit);
    signal.addEventListener('abort', onAbort, { once: true });
    thread.postMessage(question);
  });
}

async function reportJson(
  source: CandleSource,
  { spec, which, points, job }: ReportQuestion,
): Promise<Uint8Array<ArrayBuffer>> {
  const { instrument_id, timeframe } = spec.template;
  const { candles, baseMs } = await source.read(instrument_id, { ...loadRange(spec), timeframe });
  const report = variantReport(candles, spec, which, { baseMs, ...(points !== null && { points }) });
  const rows = report.series.time.length;
  if (rows > MOST_ROWS)
    throw specError('points', 'required', `the series have ${rows} rows: ask for at most ${MOST_ROWS} points`);
  const ofJob = job && {
    job_id: job.job_id,
    same_candles: job.data_digest === null ? null : job.data_digest === report.ledger.digest,
  };
  return new TextEncoder().encode(JSON.stringify({ ...variantJson(report), job: ofJob }));
}

/** An error of ours forgets on the way between threads what it is. */
function told(error: unknown): Answer {
  if (error instanceof SpecError) return { problems: error.problems };
  return error instanceof CandlesUnreachable ? { unreachable: error.message } : { error };
}

function errorOf(answer: Exclude<Answer, { readonly json: unknown }>): unknown {
  if ('problems' in answer) return new SpecError(answer.problems);
  return 'unreachable' in answer ? new CandlesUnreachable(answer.unreachable) : answer.error;
}

function isStart(value: unknown): value is Start {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'variant-reports';
}

if (!isMainThread && isStart(workerData)) {
  const source = openSource(workerData.settings, { hurry: true });
  const tell = async (question: ReportQuestion): Promise<void> => {
    try {
      const json = await reportJson(await source, question);
      parentPort?.postMessage({ json } satisfies Answer, [json.buffer]);
    } catch (error) {
      parentPort?.postMessage(told(error));
    }
  };
  parentPort?.on('message', (question: ReportQuestion) => void tell(question));
}
