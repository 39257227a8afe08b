// session-of: whose session a secret is. A session ends at its time, and after too long without a request; the time of the
// last one is written once a minute, not with every request.

import type { Db } from '../queue/job.ts';
import type { Role } from './account.ts';
import { hashSecret } from './secret.ts';

export interface SessionUser {
  readonly session_id: string;
  readonly user_id: string;
  readonly name: string;
  readonly role: Role;
}

export async function sessionOf(db: Db, secret: string, idleHours: number): Promise<SessionUser | null> {
  const { rows } = await db.query<SessionUser>(SESSION, [hashSecret(secret), idleHours]);
  return rows[0] ?? null;
}

const SESSION = `
with live as (
  select session_id, user_id, last_seen_at
  from backtest_sessions
  where secret_hash = $1 and expires_at > clock_timestamp()
    and last_seen_at > clock_timestamp() - $2 * interval '1 hour'
), seen as (
  update backtest_sessions s
  set last_seen_at = clock_timestamp()
  from live
  where s.session_id = live.session_id and live.last_seen_at < clock_timestamp() - interval '1 minute'
)
select live.session_id, user_id, a.name, a.role
from live join backtest_accounts a using (user_id)
where a.disabled_at is null`;
