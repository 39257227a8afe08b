// An account as the verbs of this folder return it, and the words of its columns, which a test holds to the checks of the
// table. A user's id is the one that jobs and strategies carry.

import { iso } from '../queue/job.ts';

export const ROLES = ['user', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What a token may do: `read` what its user has, `jobs` also change it, `candles` upload. */
export const SCOPES = ['read', 'jobs', 'candles'] as const;
export type Scope = (typeof SCOPES)[number];

export interface UserAccount {
  readonly user_id: string;
  /** Null: it is one of an external identity provider. */
  readonly name: string | null;
  readonly role: Role;
  readonly issuer: string | null;
  readonly subject: string | null;
  /** ISO text with microseconds. */
  readonly created_at: string;
  readonly disabled_at: string | null;
}

/** The select list that makes a UserAccount of a row of backtest_accounts. */
export const accountColumns = `user_id, name, role, issuer, subject,
  ${iso('created_at')} as created_at, ${iso('disabled_at')} as disabled_at`;

/** Owner of what a machine without accounts has stored. Fixed, so that it is still its user's after a restart. */
export const LOCAL_USER_ID = '00000000-0000-7000-8000-000000000001';

export const NAME_RULE =
  'must have 1 to 64 letters, digits or . _ @ + - and begin with a letter or digit; capitals count as small letters';

/** A name as people may write it. */
export const NAME = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/;

/** Returns the name as it is stored; null when it is none. */
export function accountName(text: string): string | null {
  return NAME.test(text) ? text.toLowerCase() : null;
}
