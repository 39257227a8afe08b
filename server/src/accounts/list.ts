// list: all accounts, the oldest first, up to a bound.

import type { Db } from '../queue/job.ts';
import { accountColumns, type UserAccount } from './account.ts';

const MOST_ACCOUNTS_LISTED = 10_000;

export async function listAccounts(db: Db): Promise<readonly UserAccount[]> {
  const { rows } = await db.query<UserAccount>(LIST, [MOST_ACCOUNTS_LISTED]);
  return rows;
}

const LIST = `select ${accountColumns} from backtest_accounts a order by a.created_at, a.user_id limit $1`;
