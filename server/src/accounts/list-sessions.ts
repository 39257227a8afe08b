// list-sessions: the sessions of a user that still count, newest first.

import { iso, type Db } from '../queue/job.ts';

export interface Session {
  readonly session_id: string;
  readonly created_at: string;
  readonly last_seen_at: string;
  readonly expires_at: string;
  readonly address: string | null;
  /** Program that signed in, as it names itself. */
  readonly agent: string | null;
}

export async function listSessions(db: Db, user_id: string, idleHours: number): Promise<readonly Session[]> {
  const { rows } = await db.query<Session>(LIST, [user_id, idleHours]);
  return rows;
}

const LIST = `
select session_id, ${iso('created_at')} as created_at, ${iso('last_seen_at')} as last_seen_at,
  ${iso('expires_at')} as expires_at, address, agent
from backtest_sessions s
where user_id = $1 and s.expires_at > clock_timestamp()
  and s.last_seen_at > clock_timestamp() - $2 * interval '1 hour'
order by s.created_at desc, s.session_id desc`;
