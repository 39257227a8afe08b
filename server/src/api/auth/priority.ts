// Who may say which job goes first: a user among the own ones, by putting some of them back, and an administrator among all.

import { specError } from '@backtest-jobs/engine/internal';
import type { User } from '../user.ts';

/** @throws {SpecError} */
export function requirePriority({ role }: User, priority: number): void {
  if (priority <= 0 || role === 'admin') return;
  const rule = 'must be 0 or less: only an administrator, who has signed in, puts a job before those of others';
  throw specError('priority', 'invalid_value', `${rule}, not ${priority}`);
}
