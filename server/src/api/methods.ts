// Addresses that exist with other methods than the one asked with: 405 with Allow, as HTTP wants it, whatever comes with the
// request and whoever asks. It says no more than the OpenAPI document does.

import type { FastifyInstance } from 'fastify';
import { ApiError } from './errors.ts';

/** Refuses methods that an address has not; it must be registered before the routes. */
export function requireMethod(app: FastifyInstance): void {
  const routes = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = routes.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    routes.set(url, methods);
  });
  app.addHook('onRequest', async (request, answer) => {
    const [path = ''] = request.url.split('?', 1);
    // GET finds it under both spellings, while the hook above is told of one of them alone.
    if (!request.is404 && `${request.routeOptions.url}/` === path) return;
    const own = routes.get(path);
    // What is a name here is no id: GET /backtests/jobs/estimate must not look for the job estimate.
    if (own?.has(request.method) === true || (own === undefined && !request.is404)) return;
    const allowed = [...(own ?? fitting(routes, path))].sort();
    if (allowed.length === 0) return; // there is no such address at all
    void answer.header('allow', allowed.join(', '));
    throw new ApiError('method_not_allowed', `${path} takes ${allowed.join(', ')}, not ${request.method}`);
  });
}

/** Returns the methods of all routes that an address fits; one that ends in * fits none. */
function fitting(routes: ReadonlyMap<string, ReadonlySet<string>>, path: string): ReadonlySet<string> {
  const parts = path.split('/');
  const fits = (pattern: readonly string[]): boolean =>
    pattern.length === parts.length &&
    pattern.every((part, at) => (part.startsWith(':') ? parts[at] !== '' : part === parts[at]));
  const found = new Set<string>();
  for (const [url, methods] of routes) if (fits(url.split('/'))) for (const method of methods) found.add(method);
  return found;
}
