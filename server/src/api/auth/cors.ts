// Pages of other sites that may ask and read: those of the exact origins in backtest.api.cors_origins, with a token. A
// cookie counts for pages of our own only.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../config/config.ts';

const ALLOWED = {
  'access-control-allow-methods': 'GET, POST, DELETE',
  'access-control-allow-headers': 'authorization, content-type, idempotency-key, last-event-id',
  'access-control-max-age': '600',
} as const;

/** Makes the hook that answers such a page before it asks, and lets it read the reply. */
export function allowOrigins({ backtest }: Config) {
  const origins = new Set(backtest.api.cors_origins);
  return async (request: FastifyRequest, answer: FastifyReply): Promise<FastifyReply | undefined> => {
    if (origins.size === 0) return undefined;
    const { origin } = request.headers;
    void answer.header('vary', 'origin');
    if (origin === undefined || !origins.has(origin)) return undefined;
    void answer.header('access-control-allow-origin', origin);
    if (request.method !== 'OPTIONS') return undefined;
    return answer.code(204).headers(ALLOWED).send();
  };
}

/** Returns whether the request comes from a page of another origin. */
export function isForeign({ headers: { origin }, protocol, host }: FastifyRequest): boolean {
  return origin !== undefined && origin !== `${protocol}://${host}`;
}
