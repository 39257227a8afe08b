// The user of a request: the one seam through which a user gets into a query. Who it is, auth/who.ts finds out; what a user,
// an administrator or a token may ask for, the scope of each route says.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LOCAL_USER_ID, type Role, type Scope } from '../accounts/account.ts';
import { ApiError, errorReplies } from './errors.ts';

/** What a route asks of its user: `account` and `admin` are for people, so no token gets there. */
export type RouteScope = Scope | 'account' | 'admin';

declare module 'fastify' {
  interface FastifyRequest {
    /** Id of the user; every route behind `requireUser` has it. */
    user_id: string;
    user: User;
    /** Whether the user may change what the work of others stands on; no token may. */
    is_admin: boolean;
  }
  interface FastifyContextConfig {
    /** Left out: `read` for a GET, else `account`. */
    readonly scope?: RouteScope;
  }
}

export interface User {
  readonly user_id: string;
  /** Null: of an external identity provider, which has names of its own. */
  readonly name: string | null;
  /** Left out: user. */
  readonly role?: Role;
  /** Left out: the user of a machine without accounts. */
  readonly by?: 'session' | 'token' | 'external';
  /** Session of this request. */
  readonly session_id?: string;
  /** Token of this request, if it is one of ours. */
  readonly token_id?: string;
  /** Epoch milliseconds at which a token of an external identity provider is over. */
  readonly until?: number;
  /** Scopes of the token; left out: all. */
  readonly scopes?: readonly Scope[];
}

/** Source of the user of a request; null: nobody is signed in. */
export type CurrentUser = (request: FastifyRequest) => User | null | Promise<User | null>;

/** The owner of a machine without accounts. */
export const LOCAL_USER: User = { user_id: LOCAL_USER_ID, name: 'local', role: 'admin' };

/** Requires a user for all routes of a scope, with the right that each route asks for. */
export function requireUser(app: FastifyInstance, current: CurrentUser): void {
  app.decorateRequest('user_id', '');
  app.decorateRequest('user');
  app.decorateRequest('is_admin', false);
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, scope: scopeOf(String(route.method), route.config) };
    const { response } = route.schema ?? {};
    const more = errorReplies('unauthorized', 'quota_exceeded');
    route.schema = { ...route.schema, response: { ...more, ...(typeof response === 'object' ? response : {}) } };
  });
  app.addHook('onRequest', async (request, answer) => {
    const user = await current(request);
    if (!user) throw new ApiError('unauthorized', 'sign in first');
    requireRight(user, request.routeOptions.config.scope ?? 'account');
    void answer.header('cache-control', 'no-store');
    request.user = user;
    request.user_id = user.user_id;
    request.is_admin = user.role === 'admin' && user.scopes === undefined;
  });
}

/** Returns what a route asks of its user. */
function scopeOf(method: string, config: { readonly scope?: RouteScope } = {}): RouteScope {
  return config.scope ?? (method === 'GET' || method === 'HEAD' ? 'read' : 'account');
}

function requireRight({ role, scopes }: User, wanted: RouteScope): void {
  if (scopes !== undefined && !granted(scopes).includes(wanted)) {
    const rule =
      wanted === 'account' || wanted === 'admin'
        ? 'no token manages accounts, sessions or tokens: sign in instead'
        : `this needs the scope ${wanted}, the token has ${scopes.join(', ')}`;
    throw new ApiError('forbidden', rule, { scope: wanted, scopes });
  }
  if (wanted === 'admin' && role !== 'admin') throw new ApiError('forbidden', 'this is for administrators');
}

/** Whoever may change jobs may read them too. */
function granted(scopes: readonly Scope[]): readonly RouteScope[] {
  return scopes.includes('jobs') ? [...scopes, 'read'] : scopes;
}

/** Requires the role that may do this; `what` begins the sentence. */
export function requireAdmin({ is_admin }: FastifyRequest, what: string): void {
  if (!is_admin) throw new ApiError('forbidden', `${what} needs the role admin, signed in: ask one who has it`);
}

/** Makes the error about a job, or another thing, that is not the user's. */
export function notMine(outcome: 'forbidden' | 'not_found', id: string, kind = 'job'): ApiError {
  return outcome === 'forbidden'
    ? new ApiError('forbidden', `${kind} ${id} belongs to another user`)
    : new ApiError('not_found', `there is no ${kind} ${id}`);
}
