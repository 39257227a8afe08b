// What an idle worker waits on: a notice that there is work, or the poll. A notice that comes while a claim is on its way
// counts for the wait after it: the claim may have looked before the job was there (measured: a job in sixty waited for
// the poll of a second).

export interface Bell {
  ring(): void;
  /** Forgets what rang so far; to be called before asking the queue. */
  hush(): void;
  /** Until it rings, or has rung since the last hush, or the poll is due, or the signal aborts. */
  wait(pollSeconds: number, signal: AbortSignal): Promise<void>;
}

export function openBell(): Bell {
  let rung = false;
  let waiting: (() => void) | null = null;
  return {
    ring() {
      rung = true;
      waiting?.();
    },
    hush() {
      rung = false;
    },
    async wait(pollSeconds, signal) {
      if (rung || signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const wake = (): void => resolve();
      waiting = wake;
      // Jitter keeps a fleet from polling in step.
      const timer = setTimeout(wake, pollSeconds * 1000 * (0.75 + Math.random() / 2));
      signal.addEventListener('abort', wake);
      await promise;
      waiting = null;
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
    },
  };
}
