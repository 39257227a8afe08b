// /auth, for whoever is signed in: who that is, signing out, the password, the sessions. What manages an account is for
// people with a session; no token gets there.

import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { checkPassword } from '../../accounts/check-password.ts';
import { endSession } from '../../accounts/end-session.ts';
import { listSessions } from '../../accounts/list-sessions.ts';
import { hashPassword } from '../../accounts/password.ts';
import { setPassword } from '../../accounts/set-password.ts';
import { ApiError, BODY_ERRORS, errorReplies } from '../errors.ts';
import { idInput } from '../inputs.ts';
import { reply, utc } from '../replies.ts';
import { allButBodies } from '../spec-body.ts';
import type { User } from '../user.ts';
import { clearSession } from './cookies.ts';
import { NewPasswordInput, PasswordInput, readBody } from './read-body.ts';
import { SignedIn, type SignInParts } from './sign-in.ts';
import { cookieRules } from './who.ts';

const tags = ['accounts'];

const SessionItem = z
  .object({
    session_id: z.uuid(),
    created_at: utc,
    last_seen_at: utc.describe('exact to a minute'),
    expires_at: utc,
    address: z.string().nullable(),
    agent: z.string().nullable().describe('program that signed in, as it names itself'),
    current: z.boolean().describe('it is the session of this request'),
  })
  .meta({ id: 'Session', description: 'A session of yours' });

const SessionIdInput = z.strictObject({ session_id: idInput('a session') });
const SessionEnded = z.object({ session_id: z.uuid().nullable().describe('null: there was none') });

const PasswordBody = z
  .strictObject({ old_password: PasswordInput, new_password: NewPasswordInput })
  .meta({ id: 'PasswordChange', description: 'The password of now and the next one' });

/** Must be registered behind requireUser. */
export const ownAccount: FastifyPluginAsyncZod<SignInParts> = async (app, parts) => {
  const { pool, config, place } = parts;
  const rules = cookieRules(place, config);
  app.setValidatorCompiler(allButBodies);
  app.get(
    '/auth/me',
    {
      schema: {
        operationId: 'whoAmI',
        summary: 'Who is signed in',
        tags,
        response: {
          200: reply(SignedIn, 'the user of this request'),
          ...errorReplies(),
        },
      },
    },
    async ({ user: { user_id, name, role = 'user', session_id = null } }) => ({ user_id, name, role, session_id }),
  );

  app.post(
    '/auth/sign-out',
    {
      config: { scope: 'account' },
      schema: {
        operationId: 'signOut',
        summary: 'End this session',
        tags,
        response: {
          200: reply(SessionEnded, 'signed out'),
          ...errorReplies(...BODY_ERRORS),
        },
      },
    },
    async (request, answer) => {
      const { user_id, session_id = null } = request.user;
      if (session_id !== null) await endSession(pool, session_id, user_id);
      clearSession(request, answer, rules);
      return { session_id };
    },
  );

  await app.register(passwordRoute, parts);
  await app.register(sessionRoutes, parts);
};

const passwordRoute: FastifyPluginAsyncZod<SignInParts> = async (app, parts) => {
  app.post(
    '/auth/password',
    {
      config: { scope: 'account' },
      schema: {
        operationId: 'changePassword',
        summary: 'Change your password; all your other sessions end',
        tags,
        body: PasswordBody,
        response: {
          200: reply(z.object({ name: z.string() }), 'the new password counts from now on'),
          ...errorReplies('conflict', ...BODY_ERRORS),
        },
      },
    },
    async ({ body, user, ip: address }) => {
      const { old_password, new_password } = readBody(PasswordBody, body);
      const name = nameOf(user);
      await changePassword(parts, { user, name, address, old_password, new_password });
      return { name };
    },
  );
};

const sessionRoutes: FastifyPluginAsyncZod<SignInParts> = async (app, { pool, config }) => {
  app.get(
    '/auth/sessions',
    {
      config: { scope: 'account' },
      schema: {
        operationId: 'listSessions',
        summary: 'Your sessions, newest first',
        tags,
        response: {
          200: reply(z.object({ items: z.array(SessionItem) }), 'those that have not ended'),
          ...errorReplies(),
        },
      },
    },
    async ({ user }) => {
      const sessions = await listSessions(pool, user.user_id, config.backtest.accounts.session_idle_hours);
      return { items: sessions.map((one) => Object.assign({ current: one.session_id === user.session_id }, one)) };
    },
  );

  app.delete(
    '/auth/sessions/:session_id',
    {
      config: { scope: 'account' },
      schema: {
        operationId: 'endSession',
        summary: 'End one of your sessions, at once',
        tags,
        params: SessionIdInput,
        response: {
          200: reply(SessionEnded, 'it is over'),
          ...errorReplies('not_found', ...BODY_ERRORS),
        },
      },
    },
    async ({ params: { session_id }, user_id }) => {
      if (!(await endSession(pool, session_id, user_id)))
        throw new ApiError('not_found', `you have no session ${session_id}`);
      return { session_id };
    },
  );
};

interface PasswordChange {
  readonly user: User;
  readonly name: string;
  readonly address: string;
  readonly old_password: string;
  readonly new_password: string;
}

async function changePassword({ pool, throttle }: SignInParts, change: PasswordChange): Promise<void> {
  const { user, name, address, old_password, new_password } = change;
  await throttle.wait({ name, address }); // a stolen session must not guess the password either
  const known = await checkPassword(pool, name, old_password);
  if (known === null) {
    throttle.failed({ name, address });
    throw new ApiError('forbidden', 'the old password is wrong');
  }
  const password_hash = await hashPassword(new_password);
  const { user_id, session_id: keep } = user;
  if (!(await setPassword(pool, { user_id, password_hash, instead_of: known.password_hash, keep })))
    throw new ApiError('conflict', 'the password was changed by somebody else just now');
}

/** Returns the name of an account with a password. */
function nameOf({ by, name }: User): string {
  if (by === 'session' && name !== null) return name;
  const why =
    by === undefined ? 'this machine has no accounts' : 'the account belongs to an external identity provider';
  throw new ApiError('conflict', `there is no password to change: ${why}`);
}
