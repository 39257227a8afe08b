// add: a new account. On request it takes over what the machine stored while it had no accounts, jobs and strategies alike.

import type pg from 'pg';
import { transaction } from '../db.ts';
import { uuid7 } from '../queue/uuid7.ts';
import { accountColumns, LOCAL_USER_ID, type UserAccount, type Role } from './account.ts';
import type { Identity } from './verify-external.ts';

export interface NewAccount {
  /** Null: it is one of an external identity provider. */
  readonly name: string | null;
  readonly identity?: Identity;
  readonly role: Role;
  /** Null: nobody can sign in before a one-time code has set one. */
  readonly password_hash: string | null;
  /** Whether the jobs and strategies of the local user become those of this account. */
  readonly adopt_local?: boolean;
}

export type Added =
  | { readonly outcome: 'added'; readonly account: UserAccount; readonly jobs: number; readonly strategies: number }
  | { readonly outcome: 'taken' };

export async function addAccount(pool: pg.Pool, wanted: NewAccount): Promise<Added> {
  const { name, identity, role, password_hash, adopt_local = false } = wanted;
  return transaction(pool, async (client) => {
    const { rows } = await client.query<UserAccount>(ADD, [
      uuid7(),
      name,
      role,
      password_hash,
      identity?.issuer,
      identity?.subject,
    ]);
    const [account] = rows;
    if (account === undefined) return { outcome: 'taken' };
    if (!adopt_local) return { outcome: 'added', account, jobs: 0, strategies: 0 };
    const owners = [LOCAL_USER_ID, account.user_id];
    const { rowCount: jobs } = await client.query(ADOPT_JOBS, owners);
    const { rowCount: strategies } = await client.query(ADOPT_STRATEGIES, owners);
    return { outcome: 'added', account, jobs: jobs ?? 0, strategies: strategies ?? 0 };
  });
}

const ADD = `
insert into backtest_accounts (user_id, name, role, password_hash, issuer, subject)
values ($1, $2, $3, $4, $5, $6)
on conflict do nothing
returning ${accountColumns}`;

// A new account has no idempotency key and no name of a strategy, so none can be there twice.
const ADOPT_JOBS = 'update backtest_jobs set user_id = $2 where user_id = $1';
const ADOPT_STRATEGIES = 'update backtest_strategies set user_id = $2 where user_id = $1';
