// find: one account by its name, or by its id, which those of an external identity provider have only.

import type { Db } from '../queue/job.ts';
import { accountColumns, type UserAccount } from './account.ts';

export async function findAccount(db: Db, which: string): Promise<UserAccount | null> {
  const { rows } = await db.query<UserAccount>(FIND, [which.toLowerCase()]);
  return rows[0] ?? null;
}

const FIND = `select ${accountColumns} from backtest_accounts where name = $1 or user_id::text = $1`;
