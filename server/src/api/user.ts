// The user of a request: the one seam through which a user gets into a query. Today it is always the local user; with
// accounts it will come from the session or the token, and no route changes.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from './errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Id of the user; every route behind `requireUser` has it. */
    user_id: string;
  }
}

interface User {
  readonly user_id: string;
  readonly name: string;
}

/** Source of the user of a request; null: nobody is signed in. */
export type CurrentUser = (request: FastifyRequest) => User | null | Promise<User | null>;

// Fixed, so that the jobs of a machine without accounts are still its user's after a restart.
const LOCAL_USER: User = { user_id: '00000000-0000-7000-8000-000000000001', name: 'local' };

/** Signs everybody in, which is right only where everybody is the owner of the machine: see refuseExposure. */
export const localUser: CurrentUser = () => LOCAL_USER;

/** Requires a user for all routes of a scope. */
export function requireUser(app: FastifyInstance, current: CurrentUser): void {
  app.decorateRequest('user_id', '');
  app.addHook('onRequest', async (request) => {
    const user = await current(request);
    if (!user) throw new ApiError('unauthorized', 'sign in first');
    request.user_id = user.user_id;
  });
}

/** Makes the error about a job, or another thing, that is not the user's. */
export function notMine(outcome: 'forbidden' | 'not_found', id: string, kind = 'job'): ApiError {
  return outcome === 'forbidden'
    ? new ApiError('forbidden', `${kind} ${id} belongs to another user`)
    : new ApiError('not_found', `there is no ${kind} ${id}`);
}
