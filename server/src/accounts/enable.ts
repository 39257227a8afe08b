// enable: an account that was disabled may sign in again, with its password; sessions and tokens do not come back.

import type { Db } from '../queue/job.ts';
import { accountColumns, type UserAccount } from './account.ts';

export async function enableAccount(db: Db, user_id: string): Promise<UserAccount | null> {
  const { rows } = await db.query<UserAccount>(ENABLE, [user_id]);
  return rows[0] ?? null;
}

const ENABLE = `
update backtest_accounts set disabled_at = null where user_id = $1
returning ${accountColumns}`;
