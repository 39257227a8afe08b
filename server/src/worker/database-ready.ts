// Waits for a server that is slow, or starts together with us; a schema that is not ours, or a pooler that refuses us, is an
// error at once.

import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { isRetryable } from '../db.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../message.ts';
import { requireSchema } from '../migrate.ts';
import { seldom } from './seldom.ts';

const START_MS = 30_000;
const START_PAUSE_MS = 500;

export async function databaseReady(pool: pg.Pool, drain: AbortSignal, log: Log): Promise<void> {
  const until = performance.now() + START_MS;
  const report = seldom((text: string) => log.failure(text));
  for (;;) {
    try {
      return await requireSchema(pool);
    } catch (error) {
      if (!isRetryable(error) || drain.aborted || performance.now() > until) throw error;
      const left = Math.max(0, Math.round((until - performance.now()) / 1000));
      report(`the database is not ready: ${messageOf(error)}; the worker tries for another ${left} s, then exits`);
    }
    await delay(START_PAUSE_MS);
  }
}
