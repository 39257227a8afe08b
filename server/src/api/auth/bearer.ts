// The token that comes with a request, and how fast an address may try others: those that fail slow down the next ones, as with
// sign-ins. One that was good lately waits for nobody, so a program with an old token holds up no other behind its address.

import type { FastifyRequest } from 'fastify';
import { hashSecret } from '../../accounts/secret.ts';
import type { Throttle } from '../../accounts/throttle.ts';
import { ApiError } from '../errors.ts';
import type { User } from '../user.ts';

const REMEMBERED = 10_000;

export interface BearerParts {
  /** Finds the user of a token; null: it is not good. */
  readonly find: (token: string) => Promise<User | null>;
  readonly throttle: Throttle;
}

/** Returns what finds the user of a request that has a header Authorization, and refuses a token that is not good. */
export function openBearer({ find, throttle }: BearerParts): (request: FastifyRequest) => Promise<User> {
  const good = new Set<string>();
  const remember = (key: string): void => {
    good.delete(key); // the last in the set are those that were used last
    good.add(key);
    for (const oldest of good) {
      if (good.size <= REMEMBERED) break;
      good.delete(oldest);
    }
  };
  return async ({ headers: { authorization = '' }, ip: address }) => {
    const [, token = ''] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (token === '') throw refused(); // nothing was tried
    const key = hashSecret(token).toString('base64');
    const attempt = { name: null, address };
    if (!good.has(key)) await throttle.wait(attempt);
    const user = await find(token);
    if (user !== null) {
      remember(key);
      return user;
    }
    good.delete(key);
    throttle.failed(attempt);
    throw refused();
  };
}

function refused(): ApiError {
  return new ApiError('unauthorized', 'the token is not known, has expired or was revoked');
}
