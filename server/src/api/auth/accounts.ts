// /auth/accounts, for administrators: list, add, disable, enable, and a one-time code for who has no password or has
// forgotten it. No administrator ever learns or sets a password of somebody else.

import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import { ROLES } from '../../accounts/account.ts';
import { addAccount } from '../../accounts/add.ts';
import { disableAccount } from '../../accounts/disable.ts';
import { enableAccount } from '../../accounts/enable.ts';
import { CODE_MINUTES, issueCode } from '../../accounts/issue-code.ts';
import { listAccounts } from '../../accounts/list.ts';
import { ApiError, BODY_ERRORS, errorReplies, type ErrorCode } from '../errors.ts';
import { idInput } from '../inputs.ts';
import { reply, utc } from '../replies.ts';
import { allButBodies } from '../spec-body.ts';
import { NameInput, readBody } from './read-body.ts';

const tags = ['accounts'];

const AccountItem = z
  .object({
    user_id: z.uuid(),
    name: z.string().nullable().describe('null: of an external identity provider'),
    role: z.enum(ROLES),
    issuer: z.string().nullable(),
    subject: z.string().nullable(),
    created_at: utc,
    disabled_at: utc.nullable(),
  })
  .meta({ id: 'Account', description: 'Somebody who may use this server' });

const AccountBody = z
  .strictObject({ name: NameInput, role: z.enum(ROLES, `must be one of ${ROLES.join(', ')}`).default('user') })
  .meta({ id: 'AccountRequest', description: 'A new account' });

const Code = z
  .object({ user_id: z.uuid(), code: z.string().describe('shown this once'), minutes: z.int() })
  .meta({ id: 'OneTimeCode', description: 'A code with which a password is set, once' });

const UserIdInput = z.strictObject({ user_id: idInput('an account') });

/** Must be registered behind requireUser. */
export const accounts: FastifyPluginAsyncZod<{ pool: pg.Pool }> = async (app, { pool }) => {
  app.setValidatorCompiler(allButBodies);
  app.get(
    '/auth/accounts',
    {
      config: { scope: 'admin' },
      schema: {
        operationId: 'listAccounts',
        summary: 'All accounts, for administrators',
        tags,
        response: {
          200: reply(z.object({ items: z.array(AccountItem) }), 'the oldest first'),
          ...errorReplies(),
        },
      },
    },
    async () => ({ items: [...(await listAccounts(pool))] }),
  );

  app.post(
    '/auth/accounts',
    {
      config: { scope: 'admin' },
      schema: {
        operationId: 'addAccount',
        summary: 'Add an account; its owner sets the password with the code',
        tags,
        body: AccountBody,
        response: { 201: reply(Code, 'the code of the new account'), ...errorReplies('conflict', ...BODY_ERRORS) },
      },
    },
    async ({ body }, answer) => {
      const added = await addAccount(pool, { ...readBody(AccountBody, body), password_hash: null });
      if (added.outcome === 'taken') throw new ApiError('conflict', 'another account has this name');
      return answer.code(201).send(await codeFor(pool, added.account.user_id, 'conflict'));
    },
  );
  await app.register(oneAccount, { pool });
};

const oneAccount: FastifyPluginAsyncZod<{ pool: pg.Pool }> = async (app, { pool }) => {
  app.post(
    '/auth/accounts/:user_id/disable',
    {
      config: { scope: 'admin' },
      schema: {
        operationId: 'disableAccount',
        summary: 'Keep an account out; its sessions and tokens end at once',
        tags,
        params: UserIdInput,
        response: { 200: reply(AccountItem, 'the account'), ...errorReplies('not_found', 'conflict', ...BODY_ERRORS) },
      },
    },
    async ({ params: { user_id } }) => {
      const done = await disableAccount(pool, user_id);
      if (done.outcome === 'disabled') return done.account;
      if (done.outcome === 'not_found') throw noAccount(user_id);
      throw new ApiError('conflict', 'it is the last administrator who can sign in: add or enable another one first');
    },
  );

  app.post(
    '/auth/accounts/:user_id/enable',
    {
      config: { scope: 'admin' },
      schema: {
        operationId: 'enableAccount',
        summary: 'Let an account in again',
        tags,
        params: UserIdInput,
        response: { 200: reply(AccountItem, 'the account'), ...errorReplies('not_found', ...BODY_ERRORS) },
      },
    },
    async ({ params: { user_id } }) => {
      const account = await enableAccount(pool, user_id);
      if (account === null) throw noAccount(user_id);
      return account;
    },
  );

  app.post(
    '/auth/accounts/:user_id/code',
    {
      config: { scope: 'admin' },
      schema: {
        operationId: 'issueCode',
        summary: 'A one-time code, with which the owner of an account sets a password',
        tags,
        params: UserIdInput,
        response: { 200: reply(Code, 'the code'), ...errorReplies('not_found', ...BODY_ERRORS) },
      },
    },
    async ({ params: { user_id } }) => codeFor(pool, user_id, 'not_found'),
  );
};

/** `failure`: what it is to the route that there is no such account, or no longer. */
async function codeFor(pool: pg.Pool, user_id: string, failure: ErrorCode): Promise<z.infer<typeof Code>> {
  const code = await issueCode(pool, user_id);
  if (code !== null) return { user_id, code, minutes: CODE_MINUTES };
  throw new ApiError(failure, `there is no account ${user_id} that is enabled and signs in by password`);
}

function noAccount(user_id: string): ApiError {
  return new ApiError('not_found', `there is no account ${user_id}`);
}
