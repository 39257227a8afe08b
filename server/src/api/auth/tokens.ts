// /auth/tokens: create, list, revoke. A token acts for its user within its scopes; it never manages tokens itself.

import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import { SCOPES } from '../../accounts/account.ts';
import { createToken, MOST_TOKENS, type ApiToken } from '../../accounts/create-token.ts';
import { listTokens } from '../../accounts/list-tokens.ts';
import { revokeToken } from '../../accounts/revoke-token.ts';
import { ApiError, BODY_ERRORS, errorReplies } from '../errors.ts';
import { idInput } from '../inputs.ts';
import { reply, utc } from '../replies.ts';
import { allButBodies } from '../spec-body.ts';
import { readBody } from './read-body.ts';

const tags = ['accounts'];
const MOST_DAYS = 366;

const TokenItem = z
  .object({
    token_id: z.uuid(),
    name: z.string(),
    prefix: z.string().describe('how the token begins'),
    scopes: z.array(z.enum(SCOPES)),
    created_at: utc,
    last_used_at: utc.nullable().describe('exact to a minute; null: never'),
    expires_at: utc,
  })
  .meta({ id: 'ApiToken', description: 'A token of yours, without its secret' });

const NewTokenReply = z
  .object({ token: z.string().describe('shown this once'), ...TokenItem.shape })
  .meta({ id: 'NewApiToken', description: 'A new token' });

const NAME = 'must have 1 to 100 characters';
const SCOPE = `must be a list of ${SCOPES.join(', ')}, each at most once`;
const DAYS = `must be a whole number from 1 to ${MOST_DAYS}`;

const TokenBody = z
  .strictObject({
    name: z
      .string(NAME)
      .min(1, NAME)
      .max(100, NAME)
      .refine((text) => !text.includes('\0'), 'must be text without NUL')
      .describe('what it is for'),
    scopes: z
      .array(z.enum(SCOPES, SCOPE), SCOPE)
      .min(1, SCOPE)
      .max(SCOPES.length, SCOPE)
      .refine((all) => new Set(all).size === all.length, SCOPE)
      .meta({
        uniqueItems: true,
        description: 'read: GETs and estimate; jobs: also submit, cancel, delete, strategies, reports; candles: upload',
      }),
    expires_in_days: z.int(DAYS).min(1, DAYS).max(MOST_DAYS, DAYS).default(90),
  })
  .meta({ id: 'TokenRequest', description: 'What the token may do, and for how long' });

const TokenIdInput = z.strictObject({ token_id: idInput('a token') });

/** Must be registered behind requireUser. */
export const tokens: FastifyPluginAsyncZod<{ pool: pg.Pool }> = async (app, { pool }) => {
  app.setValidatorCompiler(allButBodies);
  await app.register(createRoute, { pool });
  app.get(
    '/auth/tokens',
    {
      config: { scope: 'account' },
      schema: {
        operationId: 'listTokens',
        summary: 'Your tokens, newest first, those that have expired too',
        tags,
        response: {
          200: reply(z.object({ items: z.array(TokenItem) }), 'your tokens'),
          ...errorReplies(),
        },
      },
    },
    async ({ user_id }) => ({ items: (await listTokens(pool, user_id)).map(shown) }),
  );

  app.delete(
    '/auth/tokens/:token_id',
    {
      config: { scope: 'account' },
      schema: {
        operationId: 'revokeToken',
        summary: 'Revoke a token, at once',
        tags,
        params: TokenIdInput,
        response: {
          200: reply(TokenIdInput, 'it is worth nothing any more'),
          ...errorReplies('not_found', ...BODY_ERRORS),
        },
      },
    },
    async ({ params: { token_id }, user_id }) => {
      if (!(await revokeToken(pool, token_id, user_id)))
        throw new ApiError('not_found', `you have no token ${token_id}`);
      return { token_id };
    },
  );
};

const createRoute: FastifyPluginAsyncZod<{ pool: pg.Pool }> = async (app, { pool }) => {
  app.post(
    '/auth/tokens',
    {
      config: { scope: 'account' },
      schema: {
        operationId: 'createToken',
        summary: 'Create a token; it is shown this once',
        tags,
        body: TokenBody,
        response: {
          201: reply(NewTokenReply, 'the new token'),
          ...errorReplies('conflict', ...BODY_ERRORS),
        },
      },
    },
    async ({ body, user }, answer) => {
      const { name, scopes, expires_in_days: days } = readBody(TokenBody, body);
      if (user.by === undefined)
        throw new ApiError('conflict', 'this machine has no accounts, so nobody needs a token: user add makes one');
      const made = await createToken(pool, { user_id: user.user_id, name, scopes, days });
      if (made.outcome === 'quota_exceeded') {
        const message = `you have ${MOST_TOKENS} tokens, as many as are allowed: revoke one first`;
        throw new ApiError('quota_exceeded', message, { limit: MOST_TOKENS });
      }
      return answer.code(201).send({ token: made.token, ...shown(made.shown) });
    },
  );
};

/** Copies the list, which the type of the schema may change. */
function shown({ scopes, ...token }: ApiToken): z.infer<typeof TokenItem> {
  return { ...token, scopes: [...scopes] };
}
