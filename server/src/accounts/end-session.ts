// end-session: one session of a user is over, at once: signed out, or revoked from another one.

import type { Db } from '../queue/job.ts';

/** Returns whether there was such a session of this user. */
export async function endSession(db: Db, session_id: string, user_id: string): Promise<boolean> {
  const { rowCount } = await db.query(END, [session_id, user_id]);
  return rowCount === 1;
}

const END = 'delete from backtest_sessions where session_id = $1 and user_id = $2';
