// Who asks: the owner of the token or session that comes with a request, or, on a machine without accounts, its one user.
// A token that is not good is an error; a cookie that is not good is none, as browsers keep old ones.

import type { FastifyRequest } from 'fastify';
import type pg from 'pg';
import { externalAccount } from '../../accounts/external-account.ts';
import { TOKEN_MARK } from '../../accounts/secret.ts';
import { sessionOf } from '../../accounts/session-of.ts';
import type { Throttle } from '../../accounts/throttle.ts';
import { tokenOf } from '../../accounts/token-of.ts';
import { openVerifier, type VerifyExternal } from '../../accounts/verify-external.ts';
import type { Config } from '../../config/config.ts';
import { isLoopback } from '../../config/loopback.ts';
import { ApiError } from '../errors.ts';
import { LOCAL_USER, type CurrentUser, type User } from '../user.ts';
import { openBearer } from './bearer.ts';
import { isPrivate, readCookie, readSession, type CookieRules } from './cookies.ts';
import { isForeign } from './cors.ts';
import { openRate } from './rate.ts';

export interface Place {
  /** ROEHUB_ENV */
  readonly environment: string;
  /** Address that the API listens on. */
  readonly host: string;
}

export interface WhoParts {
  readonly pool: pg.Pool;
  readonly config: Config;
  readonly place: Place;
  /** Slows down tokens that are not good. */
  readonly throttle: Throttle;
}

/** Returns whether everybody has to sign in: in production, in view of others, and where the configuration says so. */
function needsAccounts({ environment, host }: Place, { backtest }: Config): boolean {
  return environment === 'prod' || !isLoopback(host) || !backtest.accounts.local_user;
}

export function cookieRules({ environment }: Place, { backtest }: Config): CookieRules {
  return { alwaysSecure: environment === 'prod', hours: backtest.accounts.session_hours };
}

export function openWho({ pool, config, place, throttle }: WhoParts): CurrentUser {
  const rules = cookieRules(place, config);
  const strict = needsAccounts(place, config);
  const { session_idle_hours } = config.backtest.accounts;
  const external = openExternal(pool, config);
  const rate = openRate(config.backtest.api.max_requests_per_minute_per_user);
  const bearer = openBearer({ throttle, find: (token) => ownerOf(pool, token, external) });
  const find = async (request: FastifyRequest): Promise<User | null> => {
    if (request.headers.authorization !== undefined) return bearer(request);
    const secret = readSession(request, rules);
    const session = secret === null ? null : await sessionOf(pool, secret, session_idle_hours);
    if (session !== null) return { ...session, by: 'session' };
    const foreign = external === null ? null : await external.ofCookie(request);
    if (foreign !== null) return foreign;
    return !strict && isHere(request) ? LOCAL_USER : null;
  };
  return async (request) => {
    const user = await find(request);
    if (user !== null) rate.take(user.user_id);
    return user;
  };
}

/** Returns the owner of a token, of ours or of the identity provider; null: it is not good. */
async function ownerOf(pool: pg.Pool, token: string, external: External | null): Promise<User | null> {
  if (!token.startsWith(TOKEN_MARK)) return external === null ? null : external.ofToken(token);
  const found = await tokenOf(pool, token);
  return found && { ...found, by: 'token' };
}

/** Whether the request comes from this machine, by name and connection, and neither from another origin nor by a proxy. */
function isHere(request: FastifyRequest): boolean {
  const { hostname, socket, headers } = request;
  if (isForeign(request) || headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined)
    return false;
  return isLoopback(hostname) && isLoopback((socket.remoteAddress ?? '').replace(/^::ffff:/i, ''));
}

interface External {
  /** The user of a token that comes as bearer; null: it is not good, or has no account that is active. */
  ofToken(token: string): Promise<User | null>;
  /** The user of the provider's cookie, if the request has one. */
  ofCookie(request: FastifyRequest): Promise<User | null>;
}

/** Opens the external identity provider; null: none is configured. */
function openExternal(pool: pg.Pool, { backtest }: Config): External | null {
  const { issuer, audience, jwks, algorithms, cookie, create_accounts } = backtest.accounts.external;
  if (issuer === null || audience === null || jwks === null) return null;
  const verify: VerifyExternal = openVerifier({ issuer, audience, jwks, algorithms });
  const ofToken = async (token: string): Promise<User | null> => {
    const identity = await verify(token);
    const account = identity && (await externalAccount(pool, identity, create_accounts));
    return identity && account && { ...account, by: 'external', until: identity.until };
  };
  return {
    ofToken,
    async ofCookie(request) {
      const token = cookie !== null && isPrivate(request) ? readCookie(request, cookie) : null;
      if (token === null) return null;
      requireOwnPage(request);
      return ofToken(token);
    },
  };
}

/** Throws unless a page of ours, or the user, caused the request: how such a cookie travels is not ours to decide. */
function requireOwnPage(request: FastifyRequest): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  const own = origin !== undefined && !isForeign(request);
  if (own || (origin === undefined && (site === 'same-origin' || site === 'none'))) return;
  const rule = 'with a cookie of the identity provider a request must say that it comes from a page of ours';
  throw new ApiError('forbidden', `${rule} (Origin or Sec-Fetch-Site); programs send the token as bearer`);
}
