// The visitors of the server, as their browsers and proxies describe them. A web page of another site must not borrow what a
// browser is signed in as: not by posting across sites, not by a name of its own that resolves to our address (DNS
// rebinding), not by making us work for reads that it cannot see.

import type { FastifyRequest } from 'fastify';
import type { Config } from '../config/config.ts';
import { isLoopback } from '../config/loopback.ts';
import { ApiError } from './errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether a read takes so long that a page of another site must not cause it. */
    readonly costly?: true;
    /** Whether it is answered under any name: a probe asks by address, and learns nothing. */
    readonly anyHost?: true;
    /** Whether its body is large, and bounds its own time. */
    readonly upload?: true;
  }
}

/** Refuses to start where nobody could ask: beyond this machine the names of the server must be known. */
export function requireHosts(host: string, { backtest }: Config): void {
  if (isLoopback(host) || backtest.api.allowed_hosts.length > 0) return;
  const rule = 'set backtest.api.allowed_hosts to the names under which it is asked, or listen on 127.0.0.1';
  throw new Error(`host ${host}: beyond this machine the API answers to names that it knows only: ${rule}`);
}

/** Makes the check that throws `forbidden` for requests that a foreign web page may have caused. */
export function requireVisitor({ backtest }: Config): (request: FastifyRequest) => Promise<void> {
  const hosts = new Set(backtest.api.allowed_hosts);
  const origins = new Set(backtest.api.cors_origins);
  return async (request) => {
    const { config } = request.routeOptions;
    if (config?.anyHost === true) return;
    if (!isLoopback(request.hostname) && !hosts.has(request.hostname.toLowerCase())) {
      const way = 'backtest.api.allowed_hosts has the others';
      throw new ApiError('forbidden', `Host ${request.host}: only loopback names are answered, ${way}`);
    }
    const { origin } = request.headers;
    if (origin === undefined || !origins.has(origin)) refuseOtherSites(request);
  };
}

function refuseOtherSites(request: FastifyRequest): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  const own = `${request.protocol}://${request.host}`;
  if (SAFE_METHODS.has(request.method)) {
    const foreign = site !== undefined && site !== 'same-origin' && site !== 'none';
    if (foreign && request.routeOptions.config?.costly === true) {
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
