// check-password: whose name and password these are. An unknown name, an account without a password and a disabled one take
// the same time and get the same answer as a wrong password.

import type { Db } from '../queue/job.ts';
import type { Role } from './account.ts';
import { verifyPassword } from './password.ts';

export interface Known {
  readonly user_id: string;
  readonly name: string;
  readonly role: Role;
  /** Hash that the password fits. */
  readonly password_hash: string;
}

/** @throws {TooManyPasswords} */
export async function checkPassword(db: Db, name: string, password: string): Promise<Known | null> {
  const { rows } = await db.query<Known & { active: boolean; password_hash: string | null }>(FIND, [name]);
  const [found] = rows;
  const fits = await verifyPassword(password, found?.password_hash ?? null);
  if (!fits || found === undefined || !found.active || found.password_hash === null) return null;
  const { active: _, ...known } = found;
  return { ...known, password_hash: found.password_hash };
}

const FIND = `
select user_id, name, role, password_hash, disabled_at is null as active
from backtest_accounts
where name = $1`;
