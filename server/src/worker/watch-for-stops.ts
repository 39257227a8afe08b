// What may stop a run from outside: the drain signal, a notice or the poll of a cancel, and a child that stalls.

import { STALL_MS } from '../config/crash.ts';
import { cancelRequested } from '../queue/cancel.ts';
import type { Child } from './child.ts';
import type { Hold, StopReason } from './hold.ts';
import type { RunContext } from './run-context.ts';

interface Watched {
  readonly hold: Hold;
  readonly child: Child;
  readonly context: RunContext;
}

/** Calls `stop` on each reason to stop, and reports progress at every poll, until it is disposed. */
export function watchForStops({ hold, child, context }: Watched, stop: (why: StopReason) => void): Disposable {
  const { drain, jobs, pool, onCancelNotice } = context;
  const { job_id } = hold.lease;
  const watches = new DisposableStack();
  const askCancel = (): void => {
    // An error here is harmless: the next poll or heartbeat brings the same news.
    cancelRequested(pool, job_id).then(
      (requested) => requested && stop('cancelled'),
      () => {},
    );
  };
  const draining = (): void => stop('draining');
  if (drain.aborted) draining();
  drain.addEventListener('abort', draining);
  watches.defer(() => drain.removeEventListener('abort', draining));
  watches.defer(onCancelNotice(job_id, askCancel));
  const poll = setInterval(() => {
    void hold.reportProgress();
    askCancel();
  }, jobs.claim_poll_seconds * 1000);
  watches.defer(() => clearInterval(poll));
  const watchdog = setInterval(() => {
    const silentMs = performance.now() - child.progressAt;
    if (silentMs > Math.max(STALL_MS, 20 * child.meanChunkMs)) stop('stalled');
  }, 1000);
  watches.defer(() => clearInterval(watchdog));
  return watches;
}
