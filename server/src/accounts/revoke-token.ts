// revoke-token: a token of a user is worth nothing any more, at once.

import type { Db } from '../queue/job.ts';

/** Returns whether there was such a token of this user. */
export async function revokeToken(db: Db, token_id: string, user_id: string): Promise<boolean> {
  const { rowCount } = await db.query(REVOKE, [token_id, user_id]);
  return rowCount === 1;
}

const REVOKE = 'delete from backtest_api_tokens where token_id = $1 and user_id = $2';
