// A job waits for candles that are unavailable for a while, under its lease: every other job of this worker would find
// the same store unavailable, and attempts that crash one after another would end a sound job within a minute. The wait
// is bounded, so that a store that never comes back ends the job in the end.

import { setTimeout as sleep } from 'node:timers/promises';
import { CandlesUnreachable } from './source.ts';

/** Longest wait of a job in one attempt. */
export const PATIENCE_MS = 300_000;

const FIRST_PAUSE_MS = 500;
// With the longest question (compute.ts) still less than what the watchdog of the worker takes for a standstill.
const LONGEST_PAUSE_MS = 30_000;

export interface Wait {
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  /** Called before each pause. */
  readonly onAway: (message: string) => void;
}

/**
 * Returns what `read` returns; rejects with CandlesUnreachable when the patience is over, with any other error at once.
 */
export async function readPatiently<T>(read: () => Promise<T>, { patienceMs, signal, onAway }: Wait): Promise<T> {
  const until = performance.now() + patienceMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof CandlesUnreachable) || performance.now() + pause > until) throw error;
      onAway(error.message);
    }
    await sleep(pause * (0.75 + Math.random() / 4), undefined, { signal });
  }
}
