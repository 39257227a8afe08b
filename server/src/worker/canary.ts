// The canary of a worker that was in trouble: it does what the next job will need, before that is claimed.

import type pg from 'pg';
import type { Excuse } from '../queue/excuses.ts';
import type { Child } from './child.ts';
import { room } from './room.ts';

/** Forks a child and waits until it has loaded; where the database was in trouble it must have room, too. */
export async function tryCanary(cause: Excuse, fork: () => Child, pool: pg.Pool): Promise<Child> {
  const child = fork();
  try {
    if (!(await child.ready)) {
      const end = await child.next();
      throw new Error(end.type === 'exit' ? end.detail : 'the compute child is not ready');
    }
    if (cause.startsWith('database_')) await room(pool);
    return child;
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
}
