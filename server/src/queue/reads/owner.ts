// owner: whose job it is, for an administrator, who sees and cancels the jobs of all.

import type { Db } from '../job.ts';

export async function ownerOf(db: Db, job_id: string): Promise<string | null> {
  const { rows } = await db.query<{ user_id: string }>(OWNER, [job_id]);
  return rows[0]?.user_id ?? null;
}

const OWNER = 'select user_id from backtest_jobs where job_id = $1';
