// The canary of a worker that was in trouble: it does what the next job will need, before that is claimed.

import type { Spec } from '@backtest-jobs/engine';
import type pg from 'pg';
import type { Excuse } from '../queue/excuses.ts';
import type { Child } from './child.ts';
import { room } from './room.ts';

interface CanaryParts {
  readonly fork: () => Child;
  readonly pool: pg.Pool;
  /** Spec of the job that met the trouble, whose candles are read again; null: there was no job. */
  readonly spec: Spec | null;
}

/** Causes that reading candles may have. */
const READING: ReadonlySet<Excuse> = new Set([
  'candles_unreachable',
  'worker_no_access',
  'worker_no_files',
  'worker_disk_error',
]);

/**
 * Forks a child and waits until it has loaded; where candles could not be read it must read them, and where the database was
 * in trouble that must have room.
 */
export async function tryCanary(cause: Excuse, { fork, pool, spec }: CanaryParts): Promise<Child> {
  const child = fork();
  try {
    if (!(await child.ready)) throw await ended(child);
    if (spec !== null && READING.has(cause)) {
      child.send({ type: 'probe', spec });
      const { type } = await child.next();
      if (type !== 'probed') throw await ended(child);
    }
    if (cause.startsWith('database_')) await room(pool);
    return child;
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
}

async function ended(child: Child): Promise<Error> {
  const end = await child.next();
  return new Error(end.type === 'exit' ? end.detail : 'the compute child is not ready');
}
