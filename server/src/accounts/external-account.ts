// external-account: the account of an identity of the external provider; on request it is made at first sight. However many
// requests are the first, it is made once.

import type { Db } from '../queue/job.ts';
import { uuid7 } from '../queue/uuid7.ts';
import type { Role } from './account.ts';
import type { Identity } from './verify-external.ts';

export interface ExternalUser {
  readonly user_id: string;
  readonly name: null;
  readonly role: Role;
}

/** Returns null when there is none, or it is disabled. */
export async function externalAccount(
  db: Db,
  { issuer, subject }: Identity,
  create: boolean,
): Promise<ExternalUser | null> {
  for (let look = 1; look <= 2; look += 1) {
    const values = [issuer, subject, uuid7(), create];
    const { rows } = await db.query<ExternalUser & { active: boolean }>(FIND_OR_CREATE, values);
    const [found] = rows;
    if (found !== undefined) return found.active ? { user_id: found.user_id, name: null, role: found.role } : null;
    if (!create) return null; // else somebody made it just now, and the next look finds it
  }
  return null;
}

const FIND_OR_CREATE = `
with found as (
  select user_id, role, disabled_at is null as active from backtest_accounts where issuer = $1 and subject = $2
), created as (
  insert into backtest_accounts (user_id, issuer, subject)
  select $3, $1, $2 where $4 and not exists (select from found)
  on conflict (issuer, subject) do nothing
  returning user_id, role, true as active
)
select * from found union all select * from created`;
