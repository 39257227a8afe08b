// A worker that met trouble of its own (excuses.ts) stops claiming, or it would spoil one job after another: it pauses, each
// time twice as long, then tries a canary, and claims again when that has passed. Meanwhile it is not ready.

import { setTimeout as delay } from 'node:timers/promises';
import type { Excuse } from '../queue/excuses.ts';

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

export interface RecoveryParts<T> {
  /** Does what a job will need; rejects with the reason when that does not work. */
  readonly canary: (cause: Excuse) => Promise<T>;
  readonly report: (text: string) => void;
  /** A test shortens the pauses. */
  readonly firstPauseMs?: number;
}

export interface Recovery<T> {
  /** Why the worker claims nothing; null: it does. */
  readonly reason: string | null;
  trip(cause: Excuse, detail: string): void;
  /** Notes that a job got on here: the next trouble begins with a short pause again. */
  gotOn(): void;
  /** Pauses and tries until a canary has passed and returns what it made; null at once when there is no trouble or `signal` aborts. */
  recover(signal: AbortSignal): Promise<T | null>;
}

export function openRecovery<T>({ canary, report, firstPauseMs = FIRST_PAUSE_MS }: RecoveryParts<T>): Recovery<T> {
  let trouble: { readonly cause: Excuse; readonly detail: string } | null = null;
  let streak = 0;
  const reason = (): string | null => trouble && `${trouble.cause}: ${trouble.detail}`;
  const trip = (cause: Excuse, detail: string): void => {
    trouble = { cause, detail };
    streak += 1;
  };
  return {
    get reason() {
      return reason();
    },
    trip,
    gotOn() {
      if (trouble === null) streak = 0;
    },
    async recover(signal) {
      while (trouble !== null && !signal.aborted) {
        const { cause } = trouble;
        const pause = Math.min(firstPauseMs * 2 ** (streak - 1), LONGEST_PAUSE_MS);
        report(
          `the worker claims no job for ${pause / 1000} s because of its own trouble, then tries again: ${reason()}`,
        );
        await delay(pause, undefined, { signal }).catch(() => {}); // rejects only when aborted
        if (signal.aborted) return null;
        try {
          const made = await canary(cause);
          trouble = null;
          return made;
        } catch (error) {
          trip(cause, error instanceof Error ? error.message : String(error));
        }
      }
      return null;
    },
  };
}
