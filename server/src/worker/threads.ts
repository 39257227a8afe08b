// Threads that score one job: the pool of the engine over Node's worker_threads. They start before there are candles, so
// that they have loaded the engine when there are. They load nothing else: to end a thread in the middle of a native
// addon's work (DuckDB's) would end the process.

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import {
  inPlace,
  openPool,
  prepare,
  scoreFor,
  type Candles,
  type Pool,
  type Spec,
  type Thread,
} from '@backtest-jobs/engine';
import { isShort } from '@backtest-jobs/engine/internal';

/** Its `prepared` is what the caller may read the ledger from. */
export type ReadyPool = Pool & Required<Pick<Pool, 'prepared'>>;

export interface Threads extends AsyncDisposable {
  /** A pool for the job, once its candles are there. */
  readonly pool: (candles: Candles, baseMs?: number) => ReadyPool;
  /** Ends the threads at once, in the middle of whatever they do; a search that waits for them fails with `why`. */
  readonly end: (why?: unknown) => Promise<void>;
}

const PURPOSE = 'score';
const now = (): number => performance.now();

/** Starts so many threads for a job; with one, or where a job is too short for others, it is scored in place. */
export function startThreads(spec: Spec, threads: number): Threads {
  const count = threads <= 1 || isShort(spec) ? 0 : threads;
  const workers = Array.from({ length: count }, () => new Worker(new URL(import.meta.url), { workerData: PURPOSE }));
  let end: Threads['end'] = async () => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
  return {
    pool(candles, baseMs) {
      const prepared = prepare(candles, spec, baseMs);
      if (count === 0) return { ...inPlace(prepared, now), prepared };
      const pool = openPool(prepared, workers.map(threadOf), now);
      end = pool.end;
      return pool;
    },
    end: (why) => end(why),
    [Symbol.asyncDispose]: () => end(),
  };
}

/** A Worker as the engine knows threads. */
function threadOf(worker: Worker): Thread {
  return {
    postMessage: (message) => worker.postMessage(message),
    terminate: () => worker.terminate(),
    addEventListener(type, hear) {
      if (type === 'message') worker.on('message', (data) => hear({ data }));
      else {
        worker.on('error', (error) => hear({ error }));
        worker.on('exit', (code) => hear({ error: new Error(`a scoring thread ended with code ${code}`) }));
      }
    },
  };
}

if (!isMainThread && workerData === PURPOSE) {
  const port = parentPort;
  scoreFor({
    postMessage: (message) => port?.postMessage(message),
    addEventListener: (_, hear) => port?.on('message', (data) => hear({ data })),
  });
}
