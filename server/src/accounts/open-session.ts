// open-session: a new session of an account that has just proved who it is. Every sign-in makes one, with a secret of its
// own; what has expired goes, and so does the oldest above the most that a user may have.

import type pg from 'pg';
import { transaction } from '../db.ts';
import { uuid7 } from '../queue/uuid7.ts';
import { hashSecret, newSecret } from './secret.ts';

const MOST_SESSIONS = 20;

export interface NewSession {
  readonly user_id: string;
  /** Hash that the password was verified against: a change of it in the meantime must not leave a session behind. */
  readonly password_hash: string;
  /** Hours after which it ends, whatever happens. */
  readonly hours: number;
  readonly address: string;
  readonly agent: string;
}

export interface OpenedSession {
  readonly session_id: string;
  /** What the client sends with each request; it is stored nowhere. */
  readonly secret: string;
}

/** Returns null when the account has been disabled, or its password changed, since it was verified. */
export async function openSession(pool: pg.Pool, wanted: NewSession): Promise<OpenedSession | null> {
  const [session_id, secret] = [uuid7(), newSecret()];
  const { user_id, password_hash, hours, address, agent } = wanted;
  return transaction(pool, async (client) => {
    const values = [session_id, user_id, hashSecret(secret), hours, address.slice(0, 100), agent.slice(0, 200)];
    const { rowCount } = await client.query(OPEN, [...values, password_hash]);
    if (rowCount === 0) return null;
    await client.query(TIDY, [user_id, MOST_SESSIONS]);
    return { session_id, secret };
  });
}

// The lock on the account makes it wait for whoever disables it or changes its password, and look again.
const OPEN = `
insert into backtest_sessions (session_id, user_id, secret_hash, expires_at, address, agent)
select $1, user_id, $3, clock_timestamp() + $4 * interval '1 hour', $5, $6
from backtest_accounts
where user_id = $2 and disabled_at is null and password_hash = $7
for share`;

const TIDY = `
delete from backtest_sessions
where user_id = $1 and (expires_at <= clock_timestamp() or session_id in (
  select s.session_id from backtest_sessions s where s.user_id = $1
  order by s.created_at desc, s.session_id desc offset $2
))`;
