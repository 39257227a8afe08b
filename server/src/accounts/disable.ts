// disable: an account stays out, and its sessions, tokens and code end at once. The last administrator who can still sign in
// is kept, however many ask at once: they queue behind one lock, and each looks by a snapshot younger than it.

import type pg from 'pg';
import { transaction } from '../db.ts';
import { accountColumns, type UserAccount } from './account.ts';

export type Disabled =
  | { readonly outcome: 'disabled'; readonly account: UserAccount }
  | { readonly outcome: 'last_admin' | 'not_found' };

export async function disableAccount(pool: pg.Pool, user_id: string): Promise<Disabled> {
  return transaction(pool, async (client) => {
    await client.query(LOCK_ADMINS);
    const { rows } = await client.query<UserAccount>(DISABLE, [user_id]);
    const [account] = rows;
    if (account === undefined) {
      const { rowCount } = await client.query('select from backtest_accounts where user_id = $1', [user_id]);
      return { outcome: rowCount === 0 ? 'not_found' : 'last_admin' };
    }
    for (const table of ['backtest_sessions', 'backtest_api_tokens', 'backtest_one_time_codes']) {
      await client.query(`delete from ${table} where user_id = $1`, [user_id]);
    }
    return { outcome: 'disabled', account };
  });
}

const LOCK_ADMINS = `select pg_advisory_xact_lock(hashtextextended('backtest_accounts admins', 0))`;

const DISABLE = `
update backtest_accounts a
set disabled_at = coalesce(disabled_at, clock_timestamp())
where user_id = $1
  and (role <> 'admin' or disabled_at is not null or exists (
    select from backtest_accounts other
    where other.user_id <> a.user_id and other.role = 'admin' and other.disabled_at is null
  ))
returning ${accountColumns}`;
