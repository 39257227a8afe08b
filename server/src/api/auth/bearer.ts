// The token that comes with a request, and how fast an address may try others: those that are not good are refused late, one after
// another, as with sign-ins. A good one waits for nobody, whatever others behind its address, or a proxy before us, send.

import type { FastifyRequest } from 'fastify';
import type { Throttle } from '../../accounts/throttle.ts';
import { ApiError } from '../errors.ts';
import type { User } from '../user.ts';

export interface BearerParts {
  /** Finds the user of a token; null: it is not good. */
  readonly find: (token: string) => Promise<User | null>;
  readonly throttle: Throttle;
}

/** Returns what finds the user of a request that has a header Authorization, and refuses a token that is not good. */
export function openBearer({ find, throttle }: BearerParts): (request: FastifyRequest) => Promise<User> {
  return async ({ headers: { authorization = '' }, ip: address, socket }) => {
    const [, token = ''] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (token === '') throw refused(); // nothing was tried
    const user = await find(token);
    if (user !== null) return user;
    const attempt = { name: null, address };
    throttle.failed(attempt);
    const left = new AbortController();
    const leave = (): void => left.abort();
    socket.once('close', leave);
    if (socket.destroyed) leave();
    await throttle.wait(attempt, left.signal).finally(() => socket.off('close', leave));
    throw refused();
  };
}

function refused(): ApiError {
  return new ApiError('unauthorized', 'the token is not known, has expired or was revoked');
}
