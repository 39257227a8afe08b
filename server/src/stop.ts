// Ctrl-C for commands that run long: the first asks to stop, the second stops at once. npm passes on the signal that
// the terminal has sent to us already, so two within half a second are one.

const ONE_MS = 500;

/** 128 + SIGINT, what shells expect of a command that was interrupted. */
export const INTERRUPTED = 130;

export interface StopSignals extends Disposable {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
}

export function listenForStop(atOnce: () => void = () => process.exit(INTERRUPTED)): StopSignals {
  const controller = new AbortController();
  let firstAt = 0;
  const onSignal = (): void => {
    const now = performance.now();
    if (!controller.signal.aborted) {
      firstAt = now;
      controller.abort(new Error('interrupted'));
    } else if (now - firstAt > ONE_MS) {
      atOnce();
    }
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}

export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** What `work` answers; rejects when the signal aborts first. The work goes on, only nobody waits for it any longer. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const gaveUp = Promise.withResolvers<never>();
  const giveUp = (): void => gaveUp.reject(signal.reason);
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp);
  try {
    return await Promise.race([work, gaveUp.promise]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** The steps of work that fails with the reason of the signal when that cuts it short: then they just end. */
export async function* untilAborted<T>(steps: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T, void> {
  try {
    yield* steps;
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
  }
}

/**
 * Resolves when whoever started us with an IPC channel is gone; never, when nobody did. Listening alone does not keep
 * the process alive, or a process that has ended its work would wait for its parent.
 */
export function orphaned(): Promise<void> {
  if ('connected' in process && !process.connected) return Promise.resolve();
  return new Promise((resolve) => {
    process.once('disconnect', resolve);
    process.channel?.unref();
  });
}
