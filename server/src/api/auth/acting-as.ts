// Whose rights count for a job: an administrator sees and cancels one as its owner would, everybody else as himself.

import type pg from 'pg';
import { ownerOf } from '../../queue/reads/owner.ts';
import type { User } from '../user.ts';

export async function actingAs(pool: pg.Pool, { user_id, role }: User, job_id: string): Promise<string> {
  return role === 'admin' ? ((await ownerOf(pool, job_id)) ?? user_id) : user_id;
}
