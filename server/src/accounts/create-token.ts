// create-token: a token with which a program acts for a user, within its scopes, until it expires. The token itself is told
// once and stored nowhere.

import type pg from 'pg';
import { transaction } from '../db.ts';
import { iso } from '../queue/job.ts';
import { uuid7 } from '../queue/uuid7.ts';
import type { Scope } from './account.ts';
import { hashSecret, newToken } from './secret.ts';

export const MOST_TOKENS = 100;

export interface NewToken {
  readonly user_id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly days: number;
}

export interface ApiToken {
  readonly token_id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly Scope[];
  readonly created_at: string;
  readonly last_used_at: string | null;
  readonly expires_at: string;
}

export type Created =
  | { readonly outcome: 'created'; readonly token: string; readonly shown: ApiToken }
  | { readonly outcome: 'quota_exceeded' };

export const tokenColumns = `token_id, name, prefix, scopes, ${iso('created_at')} as created_at,
  ${iso('last_used_at')} as last_used_at, ${iso('expires_at')} as expires_at`;

export async function createToken(pool: pg.Pool, { user_id, name, scopes, days }: NewToken): Promise<Created> {
  const { token, prefix } = newToken();
  const { rows } = await transaction(pool, async (client) => {
    await client.query(LOCK_USER, [user_id]);
    const values = [uuid7(), user_id, name, prefix, hashSecret(token), scopes, days, MOST_TOKENS];
    return client.query<ApiToken>(CREATE, values);
  });
  const [shown] = rows;
  return shown === undefined ? { outcome: 'quota_exceeded' } : { outcome: 'created', token, shown };
}

const LOCK_USER = `select pg_advisory_xact_lock(hashtextextended('backtest_api_tokens create ' || $1::uuid, 0))`;

const CREATE = `
insert into backtest_api_tokens (token_id, user_id, name, prefix, secret_hash, scopes, expires_at)
select $1, a.user_id, $3, $4, $5, $6, clock_timestamp() + $7 * interval '1 day'
from (select user_id from backtest_accounts where user_id = $2 and disabled_at is null for share) a
where (select count(*) from backtest_api_tokens t where t.user_id = $2) < $8
returning ${tokenColumns}`;
