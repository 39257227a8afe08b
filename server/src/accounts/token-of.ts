// token-of: whose token this is and what it may do. The time of its last use is written once a minute, not with every
// request.

import type { Db } from '../queue/job.ts';
import type { Scope } from './account.ts';
import { hashSecret } from './secret.ts';

export interface TokenUser {
  readonly token_id: string;
  readonly user_id: string;
  /** Of the account; null: it is one of an external identity provider. */
  readonly name: string | null;
  readonly scopes: readonly Scope[];
}

export async function tokenOf(db: Db, token: string): Promise<TokenUser | null> {
  const { rows } = await db.query<TokenUser>(TOKEN, [hashSecret(token)]);
  return rows[0] ?? null;
}

const TOKEN = `
with live as (
  select token_id, user_id, scopes, last_used_at
  from backtest_api_tokens
  where secret_hash = $1 and expires_at > clock_timestamp()
), used as (
  update backtest_api_tokens t
  set last_used_at = clock_timestamp()
  from live
  where t.token_id = live.token_id
    and (live.last_used_at is null or live.last_used_at < clock_timestamp() - interval '1 minute')
)
select live.token_id, user_id, a.name, live.scopes
from live join backtest_accounts a using (user_id)
where a.disabled_at is null`;
