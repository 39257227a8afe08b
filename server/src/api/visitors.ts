// The visitors of a server without accounts. Being on this machine is all it takes to be signed in, so a web page open
// in the owner's browser must not be able to borrow that: not by posting across sites, not by a name of its own that
// resolves to 127.0.0.1 (DNS rebinding).

import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../config/loopback.ts';
import { ApiError } from './errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether a read takes so long that a page of another site must not cause it. */
    readonly costly?: true;
  }
}

/** Refuses to start in production or beyond this machine, until accounts exist. */
export function refuseExposure(environment: string, host: string): void {
  const because = 'the API has no accounts yet and signs every visitor in as its one local user';
  if (environment === 'prod') throw new Error(`ROEHUB_ENV=prod: ${because}, so it does not start in production`);
  if (!isLoopback(host)) {
    throw new Error(`host ${host}: ${because}, so it listens on a loopback address only (127.0.0.1, ::1, localhost)`);
  }
}

/** Throws `forbidden` for requests that a foreign web page may have caused. */
export async function requireLocalVisitor(request: FastifyRequest): Promise<void> {
  if (!isLoopback(request.hostname)) {
    throw new ApiError('forbidden', `Host ${request.host}: only loopback names are answered`);
  }
  const { origin, 'sec-fetch-site': site } = request.headers;
  const own = `${request.protocol}://${request.host}`;
  if (SAFE_METHODS.has(request.method)) {
    const foreign = site !== undefined && site !== 'same-origin' && site !== 'none';
    if (foreign && request.routeOptions.config.costly === true) {
      throw new ApiError('forbidden', `Sec-Fetch-Site ${site}: only pages of ${own} may ask for what takes long`);
    }
    return;
  }
  if (origin !== undefined && origin !== own) {
    throw new ApiError('forbidden', `Origin ${origin}: changes are accepted from ${own} only`);
  }
  if (site !== undefined && site !== 'same-origin') {
    throw new ApiError('forbidden', `Sec-Fetch-Site ${site}: changes are accepted from pages of ${own} only`);
  }
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
