// What a job was asked for, for whoever may read it: its owner, and an administrator.

import type pg from 'pg';
import { request, type Requested } from '../../queue/reads/request.ts';
import { actingAs } from '../auth/acting-as.ts';
import { notMine, type User } from '../user.ts';

/** Returns the request of a job, or throws what keeps the user from it. */
export async function requestedOf(
  pool: pg.Pool,
  user: User,
  job_id: string,
): Promise<Extract<Requested, { outcome: 'found' }>> {
  const found = await request(pool, { job_id, user_id: await actingAs(pool, user, job_id) });
  if (found.outcome !== 'found') throw notMine(found.outcome, job_id);
  return found;
}
