// How long the machine stood still: a beat every 50 ms that asks the server for nothing, and what the late ones lost.
// The one promise with a time in it (I9) is allowed that much more; on a machine that has time it is nothing.

import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';

export interface Pulse extends AsyncDisposable {
  /** Seconds lost in beats that came late, since the last reset. */
  lost(): number;
  reset(): void;
}

const BEAT_MS = 50;
// Below it is what a machine with other work has always; what waits for it waits within its own 2 s.
const LATE_MS = 100;

export function openPulse(pool: pg.Pool): Pulse {
  let lost = 0;
  const ended = new AbortController();
  const beating = (async () => {
    while (!ended.signal.aborted) {
      const since = performance.now();
      await delay(BEAT_MS);
      const answered = await pool.query('select').then(
        () => true,
        () => false, // the server is away, which is not the machine's fault
      );
      const late = performance.now() - since - BEAT_MS;
      if (answered && late > LATE_MS) lost += late / 1000;
    }
  })();
  return {
    lost: () => lost,
    reset: () => void (lost = 0),
    async [Symbol.asyncDispose]() {
      ended.abort();
      await beating;
    },
  };
}
