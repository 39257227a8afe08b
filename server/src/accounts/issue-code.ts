// issue-code: a code with which the owner of an account chooses a password, once, within 15 minutes. A later code replaces
// an earlier one.

import type { Db } from '../queue/job.ts';
import { hashSecret, newCode } from './secret.ts';

export const CODE_MINUTES = 15;

/** Returns the code; null when there is no such account with a name, or it is disabled. */
export async function issueCode(db: Db, user_id: string): Promise<string | null> {
  const code = newCode();
  const { rowCount } = await db.query(ISSUE, [user_id, hashSecret(code), CODE_MINUTES]);
  return rowCount === 1 ? code : null;
}

const ISSUE = `
insert into backtest_one_time_codes (user_id, secret_hash, created_at, expires_at)
select user_id, $2, now(), now() + $3 * interval '1 minute'
from backtest_accounts
where user_id = $1 and name is not null and disabled_at is null
for share
on conflict (user_id) do update
set secret_hash = excluded.secret_hash, created_at = excluded.created_at, expires_at = excluded.expires_at`;
