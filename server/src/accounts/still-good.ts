// still-good: which of many sessions, tokens and accounts still let somebody in, in one statement: streams that are open
// are asked about again and again, and their number must not matter.

import type { Db } from '../queue/job.ts';

/** Returns those of the ids, each of a session, a token or an account, that are there, not over and not disabled. */
export async function stillGood(db: Db, ids: readonly string[], idleHours: number): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ id: string }>(GOOD, [ids, idleHours]);
  return new Set(rows.map(({ id }) => id));
}

const GOOD = `
select s.session_id as id
from backtest_sessions s join backtest_accounts a using (user_id)
where s.session_id = any ($1::uuid[]) and a.disabled_at is null
  and s.expires_at > clock_timestamp() and s.last_seen_at > clock_timestamp() - $2 * interval '1 hour'
union all
select t.token_id
from backtest_api_tokens t join backtest_accounts a using (user_id)
where t.token_id = any ($1::uuid[]) and a.disabled_at is null and t.expires_at > clock_timestamp()
union all
select a.user_id
from backtest_accounts a
where a.user_id = any ($1::uuid[]) and a.disabled_at is null`;
