// POST /auth/sign-in and /auth/sign-out, and what a person does with a password: change it, or set one with a one-time code.
// Checking a password is costly and worth guessing at, so it waits for the throttle first.

import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import { ROLES } from '../../accounts/account.ts';
import { checkPassword } from '../../accounts/check-password.ts';
import { openSession } from '../../accounts/open-session.ts';
import { hashPassword } from '../../accounts/password.ts';
import type { Throttle } from '../../accounts/throttle.ts';
import { useCode } from '../../accounts/use-code.ts';
import type { Config } from '../../config/config.ts';
import { YAML } from '../bodies.ts';
import { ApiError, BODY_ERRORS, errorReplies } from '../errors.ts';
import { reply } from '../replies.ts';
import { allButBodies } from '../spec-body.ts';
import { isPrivate, setSession } from './cookies.ts';
import { NameInput, NewPasswordInput, PasswordInput, readBody } from './read-body.ts';
import { cookieRules, type Place } from './who.ts';

export interface SignInParts {
  readonly pool: pg.Pool;
  readonly config: Config;
  readonly place: Place;
  readonly throttle: Throttle;
}

const tags = ['accounts'];

const SignInBody = z
  .strictObject({ name: NameInput, password: PasswordInput })
  .meta({ id: 'SignIn', description: 'Name and password' });

export const SignedIn = z
  .object({
    user_id: z.uuid(),
    name: z.string().nullable().describe('null: of an external identity provider'),
    role: z.enum(ROLES),
    session_id: z.uuid().nullable().describe('null: by token, or on a machine without accounts'),
  })
  .meta({ id: 'SignedIn', description: 'Who is signed in' });

const CodeBody = z
  .strictObject({ name: NameInput, code: PasswordInput, new_password: NewPasswordInput })
  .meta({ id: 'CodeUse', description: 'A one-time code, and the password that it sets' });

const PasswordSet = z.object({ name: z.string() });

export const signIn: FastifyPluginAsyncZod<SignInParts> = async (app, { pool, config, place, throttle }) => {
  const rules = cookieRules(place, config);
  app.setValidatorCompiler(allButBodies);
  app.removeContentTypeParser(YAML); // it costs a judge, and whoever asks here is nobody yet
  app.addHook('onRequest', async (request, answer) => {
    void answer.header('cache-control', 'no-store');
    if (isPrivate(request)) return;
    const way = 'ask over https; where a proxy ends TLS, name it in backtest.api.trusted_proxies';
    throw new ApiError('forbidden', `passwords do not travel over plain http: ${way}`);
  });

  app.post(
    '/auth/sign-in',
    {
      schema: {
        operationId: 'signIn',
        summary: 'Sign in by name and password; the session comes as a cookie',
        description: 'Failures slow down the next attempts, of the account and of the address; none is locked out.',
        tags,
        body: SignInBody,
        response: {
          200: reply(SignedIn, 'signed in'),
          ...errorReplies('unauthorized', ...BODY_ERRORS, 'quota_exceeded'),
        },
      },
    },
    async (request, answer) => {
      const { name, password } = readBody(SignInBody, request.body);
      const attempt = { name, address: request.ip };
      await throttle.wait(attempt);
      const known = await checkPassword(pool, name, password);
      const agent = request.headers['user-agent'] ?? '';
      const session = known && (await openSession(pool, { ...known, ...rules, address: request.ip, agent }));
      if (known === null || session === null) {
        throttle.failed(attempt);
        throw new ApiError('unauthorized', 'name or password is wrong');
      }
      throttle.succeeded(attempt);
      setSession(request, answer, rules, session.secret);
      return { user_id: known.user_id, name: known.name, role: known.role, session_id: session.session_id };
    },
  );

  await app.register(codeRoute, { pool, throttle });
};

const codeRoute: FastifyPluginAsyncZod<Pick<SignInParts, 'pool' | 'throttle'>> = async (app, { pool, throttle }) => {
  app.post(
    '/auth/code',
    {
      schema: {
        operationId: 'useCode',
        summary: 'Set the password of an account with a one-time code; all its sessions end',
        tags,
        body: CodeBody,
        response: {
          200: reply(PasswordSet, 'the password is set: sign in with it'),
          ...errorReplies('unauthorized', ...BODY_ERRORS, 'quota_exceeded'),
        },
      },
    },
    async ({ body, ip: address }) => {
      const { name, code, new_password } = readBody(CodeBody, body);
      const attempt = { name, address };
      await throttle.wait(attempt);
      const password_hash = await hashPassword(new_password);
      if (!(await useCode(pool, { name, code: code.trim().toLowerCase(), password_hash }))) {
        throttle.failed(attempt);
        throw new ApiError('unauthorized', 'name or code is wrong, or the code is older than 15 minutes');
      }
      throttle.succeeded(attempt);
      return { name };
    },
  );
};
