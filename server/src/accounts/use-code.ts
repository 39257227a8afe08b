// use-code: sets the password of the account that a one-time code is of, and ends all its sessions. The code is gone with
// it: of two who use it at once, one does.

import type pg from 'pg';
import { transaction } from '../db.ts';
import { hashSecret } from './secret.ts';

export interface CodeUse {
  readonly name: string;
  readonly code: string;
  readonly password_hash: string;
}

/** Returns whether the code was right and in time. */
export async function useCode(pool: pg.Pool, { name, code, password_hash }: CodeUse): Promise<boolean> {
  return transaction(pool, async (client) => {
    const { rows } = await client.query<{ user_id: string }>(USE, [name, hashSecret(code)]);
    const [used] = rows;
    if (used === undefined) return false;
    const set = await client.query(SET, [used.user_id, password_hash]);
    if (set.rowCount === 0) return false; // it was disabled in between; the code is gone all the same
    await client.query('delete from backtest_sessions where user_id = $1', [used.user_id]);
    return true;
  });
}

const USE = `
delete from backtest_one_time_codes c
using backtest_accounts a
where a.user_id = c.user_id and a.name = $1 and c.secret_hash = $2 and c.expires_at > clock_timestamp()
returning c.user_id`;

const SET = 'update backtest_accounts set password_hash = $2 where user_id = $1 and disabled_at is null';
