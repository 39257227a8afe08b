// set-password: an account gets another password, and all its sessions end but the one that asked. A one-time code that was
// still open ends too.

import type pg from 'pg';
import { transaction } from '../db.ts';

export interface NewPassword {
  readonly user_id: string;
  readonly password_hash: string;
  /** Hash that was verified before; when the account has another one by now, nothing changes. Left out: any. */
  readonly instead_of?: string;
  /** Session that goes on; left out: none. */
  readonly keep?: string | undefined;
}

/** Returns false when there is no such account with a name, or it has another password by now. */
export async function setPassword(pool: pg.Pool, wanted: NewPassword): Promise<boolean> {
  const { user_id, password_hash, instead_of = null, keep = null } = wanted;
  return transaction(pool, async (client) => {
    const { rowCount } = await client.query(SET, [user_id, password_hash, instead_of]);
    if (rowCount === 0) return false;
    await client.query('delete from backtest_sessions where user_id = $1 and session_id is distinct from $2', [
      user_id,
      keep,
    ]);
    await client.query('delete from backtest_one_time_codes where user_id = $1', [user_id]);
    return true;
  });
}

const SET = `
update backtest_accounts
set password_hash = $2
where user_id = $1 and name is not null and ($3::text is null or password_hash = $3)`;
