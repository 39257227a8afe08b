// Bodies of the routes here: every problem at once, with its path. What was sent stays out of the messages, as it may be a
// password.

import { SpecError, type Problem } from '@backtest-jobs/engine';
import { z } from 'zod';
import { accountName, NAME_RULE } from '../../accounts/account.ts';
import { isPassword, PASSWORD_RULE } from '../../accounts/password.ts';

/** Takes the name of an account, in small letters. */
export const NameInput = z
  .string(NAME_RULE)
  .max(64, NAME_RULE)
  .transform((text, context) => {
    const name = accountName(text);
    if (name === null) context.addIssue({ code: 'custom', message: NAME_RULE });
    return name ?? '';
  });

/** Takes a password to be checked. */
export const PasswordInput = z.string('must be text').max(1000, 'must have at most 1000 characters');

/** Takes a password to be chosen. */
export const NewPasswordInput = z.string(PASSWORD_RULE).max(1000, PASSWORD_RULE).refine(isPassword, PASSWORD_RULE);

/** @throws {SpecError} */
export function readBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const read = schema.safeParse(body ?? {});
  if (read.success) return read.data;
  const sent: object = typeof body === 'object' && body !== null ? body : {};
  throw new SpecError(
    read.error.issues.flatMap(({ path, message, ...rest }): Problem[] => {
      if ('keys' in rest && rest.code === 'unrecognized_keys')
        return rest.keys.map((key) => ({ path: key, code: 'unknown_field', message: 'is not a field here' }));
      const [first] = path;
      const missing = typeof first === 'string' && !Object.hasOwn(sent, first);
      return [{ path: path.join('.'), code: missing ? 'required' : 'invalid_value', message }];
    }),
  );
}
