// Bodies of the routes here: every problem at once, with its path.

import { SpecError } from '@backtest-jobs/engine';
import { z } from 'zod';
import { NAME, NAME_RULE } from '../../accounts/account.ts';
import { isPassword, PASSWORD_RULE } from '../../accounts/password.ts';
import { problemsOf } from '../inputs.ts';

/** Takes the name of an account, in small letters. */
export const NameInput = z
  .string(NAME_RULE)
  .regex(NAME, NAME_RULE)
  .transform((text) => text.toLowerCase());

/** Takes a password to be checked. */
export const PasswordInput = z.string('must be text').max(1000, 'must have at most 1000 characters');

/** Characters, as JSON schema counts them: one outside the basic plane is one. */
const PASSWORD_LENGTH = { minLength: 10, maxLength: 200 };

/** Takes a password to be chosen. */
export const NewPasswordInput = z.string(PASSWORD_RULE).refine(isPassword, PASSWORD_RULE).meta(PASSWORD_LENGTH);

/** @throws {SpecError} */
export function readBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const read = schema.safeParse(body ?? {});
  if (read.success) return read.data;
  throw new SpecError(problemsOf(read.error.issues, body));
}
