// list-tokens: the tokens of a user, newest first, those that have expired too.

import type { Db } from '../queue/job.ts';
import { MOST_TOKENS, tokenColumns, type ApiToken } from './create-token.ts';

export async function listTokens(db: Db, user_id: string): Promise<readonly ApiToken[]> {
  const { rows } = await db.query<ApiToken>(LIST, [user_id, MOST_TOKENS]);
  return rows;
}

const LIST = `
select ${tokenColumns}
from backtest_api_tokens t
where user_id = $1
order by t.created_at desc, t.token_id desc
limit $2`;
