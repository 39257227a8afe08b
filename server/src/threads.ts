// Threads that score chunks of one job. The bars lie in shared memory once; each thread builds its own grid from the
// same spec. Merging needs no order because the ranking is a total order, so the result does not depend on them.
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import {
  COLUMNS,
  buildGrid,
  prepare,
  scorer,
  type Candles,
  type Pool,
  type Scores,
  type Spec,
  type Task,
  type Timeline,
} from '@backtest-jobs/engine';
import { sharedCandles } from './candles/source.ts';

interface Start {
  readonly kind: 'score';
  readonly spec: Spec;
  readonly timeline: Timeline;
  /** How many threads share the memory for what variants share. */
  readonly sharers: number;
}

/** Its `prepared` is what the caller may read the ledger from. */
export type ThreadPool = Pool & Required<Pick<Pool, 'prepared'>> & AsyncDisposable;

type Reply = { readonly scores: Scores } | { readonly error: unknown };

/** A pool of `threads` scorers for this job; one thread scores in place. Disposing ends the threads at once. */
export async function openThreads(candles: Candles, spec: Spec, threads: number, baseMs?: number): Promise<ThreadPool> {
  const prepared = prepare(candles, spec, baseMs);
  if (threads <= 1) {
    const score = scorer(prepared);
    return { size: 1, prepared, score: async (task) => score(task), [Symbol.asyncDispose]: async () => {} };
  }
  const timeline = { ...prepared.timeline, candles: shared(prepared.timeline.candles) };
  const start: Start = { kind: 'score', spec, timeline, sharers: threads };
  const workers = Array.from({ length: threads }, () => new Worker(new URL(import.meta.url), { workerData: start }));
  const idle = [...workers];
  return {
    size: threads,
    prepared,
    async score(task) {
      const worker = idle.pop();
      if (worker === undefined) throw new Error(`asked for more than ${threads} chunks at once`);
      try {
        return await ask(worker, task);
      } finally {
        idle.push(worker);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function ask(worker: Worker, task: Task): Promise<Scores> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    const onMessage = (reply: Reply): void =>
      settle(() => ('scores' in reply ? resolve(reply.scores) : reject(reply.error)));
    const onError = (error: Error): void => settle(() => reject(error));
    const onExit = (code: number): void => settle(() => reject(new Error(`a scoring thread ended with code ${code}`)));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(task);
  });
}

/** Columns that threads can read without a copy of their own. */
function shared(candles: Candles): Candles {
  const copy = sharedCandles(candles.time.length);
  for (const name of COLUMNS) copy[name].set(candles[name]);
  return copy;
}

function isStart(value: unknown): value is Start {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'score';
}

if (!isMainThread && isStart(workerData)) {
  const { spec, timeline, sharers } = workerData;
  const score = scorer({ spec, timeline, grid: buildGrid(spec) }, sharers);
  parentPort?.on('message', (task: Task) => {
    let reply: Reply;
    try {
      reply = { scores: score(task) };
    } catch (error) {
      reply = { error };
    }
    parentPort?.postMessage(reply);
  });
}
